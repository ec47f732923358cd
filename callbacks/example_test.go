package callbacks_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/optim"
)

// Progress every ten steps, and an end once the loss is low enough.
func Example() {
	var progress strings.Builder
	options := optim.Options{Steps: 201, Callbacks: callbacks.Multi{
		callbacks.Print{Every: 10, W: &progress}, // without W: to standard error
		callbacks.StopLoss{Below: 0.005},
	}}
	result, err := fit(options.Steps, options.Callbacks)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Why)
	// Output: stopped at step 4 of 201: loss 0.00390625 is below 0.005
}

func ExampleSaveBest() {
	dir, err := os.MkdirTemp("", "fit")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if _, err := fit(3, callbacks.SaveBest{Path: dir + "/best.json"}); err != nil {
		fmt.Println(err)
		return
	}
	saved, err := os.ReadFile(dir + "/best.json")
	fmt.Printf("%s%v\n", saved, err)
	// Output:
	// {
	// "dynamics.J_N": {"value":0.75,"unit":"nA","free":true},
	// "dynamics.w": {"value":0.5,"free":false}
	// }
	// <nil>
}
