package native

import (
	"testing"

	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// bodies are those of the levels of random programs.
func bodies(t *testing.T, check func(b *body)) {
	t.Helper()
	for seed := range uint64(300) {
		p := programtest.Generate(programtest.Seeded(seed)).Program
		for i := range p.Levels {
			check(AVX2.lower(&p.Levels[i], func(program.Load) bool { return false }))
		}
	}
}

// An order has what the stores need once, sources before what reads them.
func TestOrder(t *testing.T) {
	bodies(t, func(b *body) {
		of := b.ordered()
		needed := 0
		for _, live := range b.live() {
			if live {
				needed++
			}
		}
		seen := map[node]bool{}
		for v, n := range of.nodes {
			if seen[n] {
				t.Fatalf("value %d is made twice", v)
			}
			seen[n] = true
			for _, s := range n.src {
				if s >= value(v) {
					t.Fatalf("value %d of %d comes after value %d, which reads it", s, len(of.nodes), v)
				}
			}
		}
		if len(of.nodes) != needed {
			t.Fatalf("%d values are ordered, %d are needed", len(of.nodes), needed)
		}
	})
}

// A chain is made with the chains of other vectors, what has chains enough of its own is not.
func TestTurns(t *testing.T) {
	for _, c := range []struct {
		name          string
		chains, links int
		want          int
	}{{"one chain", 1, 20, 4}, {"three", 3, 20, 3}, {"four", 4, 20, 2}, {"eight", 8, 20, 1}, {"a long one", 1, 900, 1}} {
		b := &body{}
		for k := range c.chains {
			v := b.load(k)
			for range c.links {
				v = b.apply(&fma, 0, v, v, v)
			}
			b.stores = append(b.stores, store{value: v, array: 9})
		}
		if got := b.turns(); got != c.want {
			t.Errorf("%s: %d vectors side by side, want %d", c.name, got, c.want)
		}
	}
}

// Chains that do not wait for each other alternate, and a value is made shortly before it is read.
func TestOrderAlternates(t *testing.T) {
	b := &body{}
	x := b.load(0)
	late := b.apply(&add, 0, x, x) // read by the last operation only
	chains := [2]value{b.apply(&mul, 0, x, x), b.apply(&sub, 0, x, b.number(1))}
	for k := range chains {
		for range 30 {
			chains[k] = b.apply(&fma, 0, chains[k], x, chains[k])
		}
	}
	both := b.apply(&add, 0, chains[0], chains[1])
	b.stores = []store{{value: b.apply(&mul, 0, both, late), array: 1}}
	of := b.ordered()
	which := make([]int, len(of.nodes)) // chain of a value
	after, switches := 0, 0
	for v, n := range of.nodes {
		switch {
		case n.row == &mul && n.src[0] == n.src[1]:
			which[v] = 1
		case n.row == &sub:
			which[v] = 2
		case n.row == &fma:
			which[v] = which[n.src[0]]
			if before := &of.nodes[v-1]; before.row == &fma && which[v-1] != which[v] {
				switches++
			}
		case n.row == &add && n.src[0] == n.src[1]:
			after = len(of.nodes) - v
		}
	}
	if switches < 50 {
		t.Errorf("of 60 operations of two chains, %d come after one of the other chain; want 50 at least", switches)
	}
	if after > 10 {
		t.Errorf("a value that the last operation reads is made %d operations before it, want 10 at most", after)
	}
}
