package native

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/neurograd/neurograd/internal/program/programtest"
)

// TestLaneDense compares the product with a plain loop in the same order.
func TestLaneDense(t *testing.T) { eachForm(t, testLaneDense) }

func testLaneDense(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(1, 2))
	for lanes := f.width; lanes <= 32; lanes += f.width {
		for _, size := range [][2]int{{1, 1}, {2, 7}, {5, 100}, {6, 6}, {11, 3}, {12, 84}, {13, 1}, {84, 84}, {100, 2}} {
			rows, cols := size[0], size[1]
			d, err := f.NewLaneDense(rows, cols, lanes)
			if err != nil {
				t.Fatal(err)
			}
			w, x, y := numbers(r, rows*cols), numbers(r, cols*lanes), make([]float64, rows*lanes+1)
			y[rows*lanes] = 7
			d.Product(w).Apply(y, x)
			for i := range rows {
				for l := range lanes {
					var acc float64
					for j := range cols {
						acc = math.FMA(w[i*cols+j], x[j*lanes+l], acc)
					}
					if !programtest.SameBits(acc, y[i*lanes+l]) {
						t.Fatalf("%d×%d, %d lanes: y[%d][%d] is %v, want %v", rows, cols, lanes, i, l, y[i*lanes+l], acc)
					}
				}
			}
			if y[rows*lanes] != 7 {
				t.Error("what follows y was written")
			}
		}
	}
}

func BenchmarkLaneDense(b *testing.B) {
	f, err := Best()
	if err != nil {
		b.Skip(err)
	}
	for _, lanes := range []int{8, 16, 32} {
		b.Run(strconv.Itoa(lanes), func(b *testing.B) {
			d, err := f.NewLaneDense(84, 84, lanes)
			if err != nil {
				b.Fatal(err)
			}
			w, x, y := make([]float64, 84*84), make([]float64, 84*lanes), make([]float64, 84*lanes)
			p := d.Product(w)
			for b.Loop() {
				p.Apply(y, x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lanes), "ns/lane")
		})
	}
}
