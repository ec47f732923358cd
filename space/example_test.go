package space_test

import (
	"fmt"
	"os"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/space"
)

// Every combination of a grid and of draws, the last axis fastest.
func Example() {
	s := space.Product(
		space.Axis("coupling.delayed.G", space.Grid(0, 2, 4)),
		space.Axis("noise.sigma", space.Uniform(0.01, 0.1, 3)),
	).Seed(123)
	fmt.Printf("%d combinations\n", s.Len())
	for p, err := range s.Slice(0, 5).All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d: G = %.2f, sigma = %.4f\n", p.Index, p.Value("coupling.delayed.G"), p.Value("noise.sigma"))
	}
	// Output:
	// 12 combinations
	// 0: G = 0.00, sigma = 0.0174
	// 1: G = 0.00, sigma = 0.0289
	// 2: G = 0.00, sigma = 0.0789
	// 3: G = 0.67, sigma = 0.0174
	// 4: G = 0.67, sigma = 0.0289
}

func show(s *space.Space) {
	for p, err := range s.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p)
	}
}

func ExampleGrid() {
	show(space.Axis("x", space.Grid(0, 1, 5)))
	// Output:
	// x=0
	// x=0.25
	// x=0.5
	// x=0.75
	// x=1
}

// One number for all regions.
func ExampleValues_Broadcast() {
	show(space.Axis("dynamics.J_N", space.Grid(0, 1, 5).Broadcast(68)))
	// Output:
	// dynamics.J_N=[0 0 0 0 …]
	// dynamics.J_N=[0.25 0.25 0.25 0.25 …]
	// dynamics.J_N=[0.5 0.5 0.5 0.5 …]
	// dynamics.J_N=[0.75 0.75 0.75 0.75 …]
	// dynamics.J_N=[1 1 1 1 …]
}

// A draw for every region.
func ExampleValues_Each() {
	show(space.Axis("dynamics.J_N", space.Normal(0, 1, 3).Each(4)))
	// Output:
	// dynamics.J_N=[0.12790742935490582 -0.6192803824874574 -1.0589701419174056 -1.1557899467798256]
	// dynamics.J_N=[1.4745231176732623 -0.11410773338295549 -0.18922136712316423 -1.2166472307913487]
	// dynamics.J_N=[1.3453015611244146 0.6075820527723684 -0.7024619943222361 0.5945767829682829]
}

// The same seed gives the same draws.
func ExampleUniform() {
	x := space.Axis("x", space.Uniform(0, 1, 3))
	show(x.Seed(42))
	show(x.Seed(42).Slice(1, 2))
	show(x.Seed(43))
	// Output:
	// x=0.008483885053152007
	// x=0.0854237784370594
	// x=0.4105495356924699
	// x=0.0854237784370594
	// x=0.7848920238559495
	// x=0.4939709817886261
	// x=0.8504309889984182
}

func ExampleData() {
	show(space.Axis("coupling.delayed.G", space.Data(0.142, 0.284, 0.426, 0.568, 0.710)))
	weak, strong := [][]float64{{1, 0.5}, {0.5, 1}}, [][]float64{{1, 1.2}, {1.2, 1}}
	show(space.Axis("graph.weights", space.Data(weak, strong)))
	// Output:
	// coupling.delayed.G=0.142
	// coupling.delayed.G=0.284
	// coupling.delayed.G=0.426
	// coupling.delayed.G=0.568
	// coupling.delayed.G=0.71
	// graph.weights=[1 0.5 0.5 1]
	// graph.weights=[1 1.2 1.2 1]
}

// Any distribution with a method Quantile, here those of gonum.
func ExampleDraw() {
	s := space.Axis("dynamics.w", space.Draw(distuv.Beta{Alpha: 2, Beta: 5}, 1000))
	sum := 0.0
	for p, err := range s.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		sum += p.Value("dynamics.w") / 1000
	}
	fmt.Printf("mean %.2f, expected %.2f\n", sum, distuv.Beta{Alpha: 2, Beta: 5}.Mean())
	// Output:
	// mean 0.28, expected 0.29
}

func ExampleProduct() {
	show(space.Product(space.Axis("a", space.Grid(0, 1, 3)), space.Axis("b", space.Grid(0, 1, 2))))
	// Output:
	// a=0 b=0
	// a=0 b=1
	// a=0.5 b=0
	// a=0.5 b=1
	// a=1 b=0
	// a=1 b=1
}

func ExampleZipShortest() {
	a, b := space.Axis("a", space.Grid(0, 1, 3)), space.Axis("b", space.Grid(0, 1, 2))
	fmt.Println(space.Zip(a, b).Err())
	show(space.ZipShortest(a, b))
	// Output:
	// space: zip of unequal lengths: "a" 3, "b" 2; wanted equal ones: ZipShortest cuts to the shortest
	// a=0 b=0
	// a=0.5 b=1
}

// Settings that belong together, and a grid: a group is a zip inside a product.
func ExampleZip() {
	settings := space.Zip(space.Axis("setting_a", space.Data(1, 2, 3)), space.Axis("setting_b", space.Data(10, 20, 30)))
	show(space.Product(settings, space.Axis("param_x", space.Grid(0, 1, 2))))
	// Output:
	// setting_a=1 setting_b=10 param_x=0
	// setting_a=1 setting_b=10 param_x=1
	// setting_a=2 setting_b=20 param_x=0
	// setting_a=2 setting_b=20 param_x=1
	// setting_a=3 setting_b=30 param_x=0
	// setting_a=3 setting_b=30 param_x=1
}

// Axes by path, in the order of their paths; axes with the same label are zipped.
func ExampleAxes() {
	show(space.Axes{
		"setting_a": space.Data(1, 2, 3).Group("settings"),
		"setting_b": space.Data(10, 20, 30).Group("settings"),
		"param_x":   space.Grid(0, 1, 2),
	}.Product())
	// Output:
	// setting_a=1 setting_b=10 param_x=0
	// setting_a=1 setting_b=10 param_x=1
	// setting_a=2 setting_b=20 param_x=0
	// setting_a=2 setting_b=20 param_x=1
	// setting_a=3 setting_b=30 param_x=0
	// setting_a=3 setting_b=30 param_x=1
}

func ExampleSpace_Slice() {
	s := space.Axis("coupling.delayed.G", space.Grid(0, 1, 6))
	last, err := s.Point(-1)
	fmt.Println(last, err)
	show(s.Slice(1, 4))
	show(s.Every(2))
	// Output:
	// coupling.delayed.G=1 <nil>
	// coupling.delayed.G=0.2
	// coupling.delayed.G=0.4
	// coupling.delayed.G=0.6
	// coupling.delayed.G=0
	// coupling.delayed.G=0.4
	// coupling.delayed.G=0.8
}

func ExampleSpace_WriteCSV() {
	s := space.Product(space.Axis("coupling.delayed.G", space.Grid(0, 1, 2)), space.Axis("noise.sigma", space.LogGrid(0.001, 0.1, 3)))
	if err := s.WriteCSV(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// coupling.delayed.G,noise.sigma
	// 0,0.001
	// 0,0.01
	// 0,0.1
	// 1,0.001
	// 1,0.01
	// 1,0.1
}

// Eight points that fill a square: one in each eighth of either axis.
func ExampleSobol() {
	s := space.Sobol(space.Axis("coupling.delayed.G", space.Uniform(0, 8, 8)), space.Axis("dynamics.J_N", space.Uniform(0, 8, 8)))
	for p := range s.All() {
		fmt.Println(int(p.Value("coupling.delayed.G")), int(p.Value("dynamics.J_N")))
	}
	// Output:
	// 7 5
	// 1 3
	// 3 6
	// 4 1
	// 5 7
	// 2 0
	// 0 4
	// 6 2
}

// Starts of a fit: every point frees the leaf, between bounds.
func ExampleValues_Free() {
	base, err := param.New(param.Leaf{Path: "coupling.delayed.G", Value: []float64{0.75}}, param.Leaf{Path: "dynamics.w", Value: []float64{0.5}})
	if err != nil {
		fmt.Println(err)
		return
	}
	starts := space.Axis("coupling.delayed.G", space.Uniform(0, 1, 3).Free(param.Bounded{Lo: 0, Hi: 2}))
	for tree, err := range starts.Trees(base) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s = %.3f, free\n", tree.ThetaNames()[0], tree.Values("coupling.delayed.G")[0])
	}
	_, err = space.Axis("coupling.delay.G", space.Grid(0, 1, 3)).Tree(base, 0)
	fmt.Println(err)
	// Output:
	// coupling.delayed.G = 0.085, free
	// coupling.delayed.G = 0.189, free
	// coupling.delayed.G = 0.440, free
	// space: point 0: param: no leaf "coupling.delay.G", did you mean "coupling.delayed.G"? Tree.Paths lists all
}

// What a command line says.
func ExampleParse() {
	s, err := space.Parse("coupling.delayed.G=0:1:32", "dynamics.J_N=uniform:0:0.5:16")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Len(), s)
	_, err = space.Parse("coupling.delayed.G=0:1:32 dynamics.J_N=unifrom:0:0.5:16")
	fmt.Println(err)
	// Output:
	// 512 product(coupling.delayed.G=0:1:32 dynamics.J_N=uniform:0:0.5:16)
	// space: unknown kind "unifrom", did you mean "uniform"?
	//   coupling.delayed.G=0:1:32 dynamics.J_N=unifrom:0:0.5:16
	//                                          ^^^^^^^^^^^^^^^^
	//   wanted lo:hi:n, log:lo:hi:n, uniform:lo:hi:n, normal:mean:sd:n … or a list 0.1,0.2
}

// What the manifest of a sweep holds.
func ExampleSpace_MarshalJSON() {
	s := space.Product(space.Axis("coupling.delayed.G", space.Grid(0, 1, 32)), space.Axis("dynamics.J_N", space.Uniform(0, 0.5, 32))).Seed(42)
	data, err := s.MarshalJSON()
	fmt.Println(string(data), err)
	again, err := space.Decode(data)
	fmt.Println(again, err)
	// Output:
	// {"version":1,"seed":42,"kind":"product","of":[{"kind":"grid","path":"coupling.delayed.G","numbers":[0,1],"n":32},{"kind":"uniform","path":"dynamics.J_N","numbers":[0,0.5],"n":32}]} <nil>
	// seed:42(product(coupling.delayed.G=0:1:32 dynamics.J_N=uniform:0:0.5:32)) <nil>
}
