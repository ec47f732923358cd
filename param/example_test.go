package param_test

import (
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/neurograd/neurograd/param"
)

func small() *param.Tree {
	tree, err := param.New(
		param.Leaf{Path: "dynamics.J_N", Value: []float64{0.25}, Unit: "nA", Hi: 1, Regions: 3},
		param.Leaf{Path: "dynamics.I_o", Value: []float64{0.32}, Unit: "nA", Regions: 3},
		param.Leaf{Path: "noise.sigma", Value: []float64{0.002}, Hi: math.Inf(1)},
	)
	if err != nil {
		panic(err)
	}
	return tree
}

func ExampleTree() {
	p := small()
	p.Free("dynamics.J_N").Transform("dynamics.J_N", param.Bounded{Lo: 0, Hi: 1})
	p.Regional("dynamics.J_N").Set("dynamics.J_N", 0.25, 0.5, 0.75)
	fmt.Println(p.ThetaNames())
	fmt.Print(p)
	// Output:
	// [dynamics.J_N[0] dynamics.J_N[1] dynamics.J_N[2]]
	// path          value            unit  range   fit
	// dynamics.J_N  [3] 0.25 … 0.75  nA    [0, 1]  free, bounded(0, 1)
	// dynamics.I_o  0.32             nA
	// noise.sigma   0.002                  [0, ∞)
}

// A misspelt path stays in the tree as an error until somebody asks.
func ExampleTree_Err() {
	p := small().Set("dynamics.J_n", 0.3).Free("noise.*")
	fmt.Println(p.Err())
	// Output:
	// param: no leaf "dynamics.J_n", did you mean "dynamics.J_N"? Tree.Paths lists all
}

// The chain rule between the values of a leaf and the free vector.
func ExampleTree_Pullback() {
	p := small().Transform("noise.sigma", param.Log{}).Free("noise.sigma")
	gradient := p.Pullback(func(int) []float64 { return []float64{10} }) // of a loss, with respect to sigma
	fmt.Printf("%.3f\n", gradient)
	// Output:
	// [0.020]
}

func ExampleTree_WriteJSON() {
	p := small().Free("dynamics.J_N")
	if err := p.WriteJSON(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	// "dynamics.J_N": {"value":0.25,"unit":"nA","free":true},
	// "dynamics.I_o": {"value":0.32,"unit":"nA","free":false},
	// "noise.sigma": {"value":0.002,"free":false}
	// }
}

func ExampleTree_Apply() {
	p := small()
	if err := p.Apply(strings.NewReader(`{"dynamics.J_N": {"value": [0.1, 0.2, 0.3]}}`)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(p.Values("dynamics.J_N"))
	// Output:
	// [0.1 0.2 0.3]
}

func ExampleSet() {
	s := param.Set{"w": 0.5, "I_o": []float64{0.32, 0.33}}
	for _, name := range s.Keys() {
		values, shape, err := s.Value(name)
		fmt.Println(name, values, shape, err)
	}
	// Output:
	// I_o [0.32 0.33] [2] <nil>
	// w [0.5] [] <nil>
}

// Only the edges that exist are fitted; the zeros stay zeros, and the transform inside never sees them.
func ExampleMasked() {
	weights := []float64{0, 1.5, 0.5, 0}
	p, err := param.New(param.Leaf{Path: "graph.weights", Shape: []int{2, 2}, Value: weights})
	if err != nil {
		fmt.Println(err)
		return
	}
	exists := make([]bool, len(weights))
	for k, w := range weights {
		exists[k] = w > 0
	}
	p.Transform("graph.weights", param.Masked{Free: exists, Inner: param.Log{}}).Free("graph.weights")
	fmt.Println(p.ThetaNames())
	fmt.Print(p)
	// Output:
	// [graph.weights[0][1] graph.weights[1][0]]
	// path           value           unit  range  fit
	// graph.weights  [2][2] 0 … 1.5               2 free, masked(2 of 4, log)
}

// Three regions, of which the first and the last share one value.
func ExampleTied() {
	p := small().Regional("dynamics.J_N").Free("dynamics.J_N")
	p.Transform("dynamics.J_N", param.Tied{Groups: []int{0, 1, 0}})
	if err := p.SetTheta([]float64{0.5, 0.25}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(p.ThetaNames(), p.Values("dynamics.J_N"))
	// Output:
	// [dynamics.J_N.group[0] dynamics.J_N.group[1]] [0.5 0.25 0.5]
}

// A regional value from a level and a gradient over the regions, kept between 0 and 1: two free numbers
// whatever the number of regions.
func ExampleMapped() {
	p := small().Regional("dynamics.J_N").Free("dynamics.J_N")
	p.TransformAt("dynamics.J_N", param.Mapped{
		Phi:   [][]float64{{1, -1}, {1, 0}, {1, 1}}, // [region][coefficient]
		Inner: param.Bounded{Lo: 0, Hi: 1},
	}, 0, 0.5)
	fmt.Println(p.ThetaNames(), p.Theta())
	fmt.Printf("%.3f\n", p.Values("dynamics.J_N"))
	// Output:
	// [dynamics.J_N.phi[0] dynamics.J_N.phi[1]] [0 0.5]
	// [0.378 0.500 0.622]
}
