package observe_test

import (
	"fmt"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
)

// A run of four samples of one variable on two nodes.
var run = network.Trajectory{Rows: 4, Variables: 1, Nodes: 2, Data: []float64{
	0.9, 0.9,
	0.7, 0.3,
	0.5, 0.2,
	0.6, 0.1,
}}

func Example() {
	activity := observe.Last(3).Mean(observe.OverTime)
	perNode, err := activity.Evaluate(run)
	fmt.Printf("%.3f %v\n", perNode.Data, err)

	loss := activity.Then(observe.SquaredError(0.5))
	value, err := loss.Value(run)
	fmt.Printf("%s: %.3f %v\n", loss, value, err)
	// Output:
	// [0.600 0.200] <nil>
	// last 3 samples, mean over time, squared error to 0.5: 0.050 <nil>
}

func ExampleObservation_Mean() {
	overall, err := observe.All().Mean(observe.OverAll).Evaluate(run)
	fmt.Printf("%.3f %v\n", overall.Data[0], err)
	// Output: 0.525 <nil>
}

func ExampleSquaredErrorTo() {
	loss := observe.Last(3).Mean(observe.OverTime).Then(observe.SquaredErrorTo([]float64{0.6, 0.3}))
	value, err := loss.Value(run)
	fmt.Printf("%.3f %v\n", value, err)
	// Output: 0.005 <nil>
}

func ExampleObservation_Window() {
	loss := observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	from, err := loss.Window(2500, 1, 84)
	fmt.Println(from, err)
	_, err = loss.Window(100, 1, 84)
	fmt.Println(err)
	// Output:
	// 2000 <nil>
	// observe: Last(500) on a run of 100 samples; wanted a window no longer than the run: let the run end later or take fewer samples
}
