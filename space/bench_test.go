package space

import "testing"

func BenchmarkPoint(b *testing.B) {
	const n = 1 << 20
	x, y := Axis("x", Uniform(0, 1, n)), Axis("y", Normal(0, 1, n))
	for _, c := range []struct {
		name string
		s    *Space
	}{
		{"product", Product(Axis("a", Grid(0, 1, 1000)), Axis("b", Grid(0, 1, 1000)))},
		{"draws", Zip(x, y)}, {"latin", LatinHypercube(x, y)}, {"sobol", Sobol(x, y)}, {"halton", Halton(x, y)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				if _, err := c.s.Point(i % n % c.s.Len()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
