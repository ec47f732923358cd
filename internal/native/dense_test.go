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
	for _, n := range []int{1, 2, 3, 4, 5, 23, 24, 25, 55, 56, 57, 84, 85, 130} {
		for _, m := range []int{1, 3, 84} {
			for vectors := 1; vectors <= 2; vectors++ {
				for _, back := range []bool{false, true} {
					checkDense(t, f, r, n, m, vectors, back)
				}
			}
		}
	}
}

func checkDense(t *testing.T, f *Form, r *rand.Rand, n, m, vectors int, back bool) {
	t.Helper()
	d, err := f.NewDense(n, m, vectors)
	if err != nil {
		t.Fatal(err)
	}
	normals := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return x
	}
	w := normals(n * m)
	x, y := [2][]float64{normals(m), normals(m)}, [2][]float64{normals(n + 1), normals(n + 1)}
	after := [2]float64{y[0][n], y[1][n]}
	if p := d.Product(w); vectors == 1 {
		p.Apply(back, y[0], x[0])
	} else {
		p.Apply2(back, y[0], x[0], y[1], x[1])
	}
	for k := range vectors {
		for i := range n {
			var acc float64
			for j := range m {
				acc = math.FMA(w[i*m+j], x[k][j], acc)
			}
			if acc != y[k][i] {
				t.Fatalf("%d×%d, vector %d of %d: y[%d] is %v, want %v", n, m, k, vectors, i, y[k][i], acc)
			}
		}
		if y[k][n] != after[k] {
			t.Error("what follows y was written")
		}
	}
}

func BenchmarkDense(b *testing.B) {
	f, err := Best()
	if err != nil {
		b.Skip(err)
	}
	d, err := f.NewDense(84, 84, 1)
	if err != nil {
		b.Fatal(err)
	}
	w, x, y := make([]float64, 84*84), make([]float64, 84), make([]float64, 84)
	p := d.Product(w)
	for back := false; b.Loop(); back = !back {
		p.Apply(back, y, x)
	}
}
