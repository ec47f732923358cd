package elem

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/internal/program"
)

// function is one row of the accuracy table.
type function struct {
	name   string
	domain string
	value  func(x, y float64) float64
	ref    func(x, y float64) wide
	sample func(r *rand.Rand) (x, y float64)
	hard   []float64 // arguments tried with their neighbours; not for two arguments
	bound  float64   // asserted, in ulp
}

func unary(f func(m program.Machine[float64], x float64) float64) func(x, y float64) float64 {
	return func(x, _ float64) float64 { return f(program.Scalar{}, x) }
}

func unaryRef(f func(x float64) wide) func(x, y float64) wide {
	return func(x, _ float64) wide { return f(x) }
}

// binades draws from lo ≤ x ≤ hi: first a sign, then a binade, then a mantissa. Binades below the
// exponent `active` get a fifth of the points together; small is the smallest exponent.
func binades(lo, hi float64, small, active int) func(r *rand.Rand) (x, y float64) {
	top := math.Ilogb(math.Max(math.Abs(lo), math.Abs(hi)))
	return func(r *rand.Rand) (float64, float64) {
		for {
			from, to := active, top
			if small < active && r.IntN(5) == 0 {
				from, to = small, active-1
			}
			x := math.Ldexp(1+r.Float64(), from+r.IntN(to-from+1))
			if lo < 0 && (hi <= 0 || r.IntN(2) == 0) {
				x = -x
			}
			if lo <= x && x <= hi {
				return x, 0
			}
		}
	}
}

// windows draws every tenth point evenly from one of these intervals, the others from base.
func windows(base func(r *rand.Rand) (x, y float64), intervals ...[2]float64) func(r *rand.Rand) (x, y float64) {
	return func(r *rand.Rand) (float64, float64) {
		if r.IntN(10) != 0 {
			return base(r)
		}
		w := intervals[r.IntN(len(intervals))]
		return w[0] + (w[1]-w[0])*r.Float64(), 0
	}
}

// found is the largest error seen.
type found struct {
	points int
	err    float64
	x, y   float64
}

func (f *found) try(fn *function, x, y float64) {
	f.points++
	if e := ulps(fn.value(x, y), fn.ref(x, y)); e > f.err {
		f.err, f.x, f.y = e, x, y
	}
}

func (f *found) merge(g found) {
	f.points += g.points
	if g.err > f.err {
		f.err, f.x, f.y = g.err, g.x, g.y
	}
}

func measure(fn *function, points int) found {
	const workers = 2
	var all [workers]found
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 20))
			for range points / workers {
				x, y := fn.sample(r)
				all[w].try(fn, x, y)
			}
		})
	}
	wait.Wait()
	neighbours := 100
	if len(fn.hard) > neighbours {
		neighbours = 3
	}
	for _, x := range fn.hard {
		up, down := x, x
		for range neighbours {
			all[0].try(fn, up, 0)
			all[0].try(fn, down, 0)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, math.Inf(-1))
		}
	}
	all[0].merge(all[1])
	return all[0]
}

func TestAccuracy(t *testing.T) {
	points := 200_000
	if golden.Long() {
		points = 10_000_000
	}
	for _, fn := range functions() {
		f := measure(&fn, points)
		where := fmt.Sprintf("%.17g", f.x)
		if fn.hard == nil {
			where += fmt.Sprintf(", %.17g", f.y)
		}
		t.Logf("| %s | %s | %.2f | %d | %s |", fn.name, fn.domain, f.err, f.points, where)
		if !(f.err <= fn.bound) {
			t.Errorf("%s: error %.3f ulp at %s, promised %g", fn.name, f.err, where, fn.bound)
		}
	}
}
