package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDense compares the product with a plain loop in the same order.
func TestDense(t *testing.T) { eachForm(t, testDense) }

func testDense(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 4, 5, 55, 56, 57, 84, 85, 130} {
		for _, m := range []int{1, 3, 84} {
			d, err := f.NewDense(n, m)
			if err != nil {
				t.Fatal(err)
			}
			w, x, y := make([]float64, n*m), make([]float64, m), make([]float64, n+1)
			for i := range w {
				w[i] = r.NormFloat64()
			}
			for i := range x {
				x[i] = r.NormFloat64()
			}
			y[n] = 7
			d.Product(w).Apply(y, x)
			for i := range n {
				var acc float64
				for j := range m {
					acc = math.FMA(w[i*m+j], x[j], acc)
				}
				if acc != y[i] {
					t.Fatalf("%d×%d: y[%d] is %v, want %v", n, m, i, y[i], acc)
				}
			}
			if y[n] != 7 {
				t.Error("what follows y was written")
			}
		}
	}
}

func BenchmarkDense(b *testing.B) {
	f, err := Best()
	if err != nil {
		b.Skip(err)
	}
	d, err := f.NewDense(84, 84)
	if err != nil {
		b.Fatal(err)
	}
	w, x, y := make([]float64, 84*84), make([]float64, 84), make([]float64, 84)
	p := d.Product(w)
	for b.Loop() {
		p.Apply(y, x)
	}
}
