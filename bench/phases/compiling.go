package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/solver"
)

// compiling prints how long it takes until a network can run and has its first gradient, with how much machine code, and
// how both grow with a program.
func compiling(reps int) error {
	fmt.Println("| 84 regions, Heun, noise, delays | Prepare, ms | code, bytes | first gradient of two steps, ms | its code, bytes |\n|---|---|---|---|---|")
	for _, c := range []struct {
		model    models.Model
		coupling coupling.Set
		free     string
	}{
		{models.Generic2dOscillator(), coupling.Set{"instant": coupling.Linear("V")}, "dynamics.a"},
		{models.ReducedWongWang(), coupling.Set{"delayed": coupling.Linear("S")}, "dynamics.J_N"},
		{models.JansenRit(), coupling.Set{"instant": coupling.SigmoidalJansenRit("y1", "y2")}, "dynamics.A"},
	} {
		net := network.Network{Dynamics: c.model, Coupling: c.coupling, Graph: graph.Example().NormalizeMax().Speed(3), Noise: noise.Additive{Sigma: 0.002}}
		if err := compileNetwork(net, c.free, reps); err != nil {
			return err
		}
	}
	fmt.Println("\n| program | primitives | µs | ns per primitive | code, bytes per primitive |\n|---|---|---|---|---|")
	for _, links := range []int{4, 16, 64, 256} {
		if err := compileChain(links, reps); err != nil {
			return err
		}
	}
	return nil
}

// compileNetwork prints the line of a network; times are the smallest.
func compileNetwork(net network.Network, free string, reps int) error {
	loss := observe.Last(1).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	prepare, gradient := math.Inf(1), math.Inf(1)
	var code, more int64
	for range reps {
		runtime.GC() // what is freed while the code is counted makes it too little
		before, began := native.CodeInUse(), time.Now()
		sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 2, Step: 1}, network.Options{})
		if err != nil {
			return err
		}
		prepare = min(prepare, time.Since(began).Seconds()*1e3)
		prepared := native.CodeInUse()
		p := sim.Params().Regional(free).Free(free)
		began = time.Now()
		if _, _, err := sim.Gradient(context.Background(), p, loss); err != nil {
			return err
		}
		gradient = min(gradient, time.Since(began).Seconds()*1e3)
		code, more = max(code, prepared-before), max(more, native.CodeInUse()-prepared)
	}
	fmt.Printf("| %s | %.2f | %d | %.2f | %d |\n", net.Dynamics.Name, prepare, code, gradient, more)
	return nil
}

// compileChain prints the line of a chain of exponentials of one another, from expressions to machine code.
func compileChain(links, reps int) error {
	took := math.Inf(1)
	var code int64
	var size int
	for range reps {
		runtime.GC()
		before, began := native.CodeInUse(), time.Now()
		arena := ad.NewArena()
		x := arena.Symbol("x")
		for range links {
			x = arena.Call("exp", arena.Const(0.5).Sub(x))
		}
		p, err := ad.Compile([]ad.Output{{Expr: x, Kind: program.Node}}, []program.Input{{Name: "x", Kind: program.Node, Rate: program.Step}})
		if form := native.Chosen(); err == nil && form != nil {
			err = p.Accelerate(form.Compile)
			p.Instance(84, 1) // which is when code is made
		}
		if err != nil {
			return err
		}
		took = min(took, time.Since(began).Seconds()*1e6)
		code = max(code, native.CodeInUse()-before)
		_, size = p.Size()
		runtime.KeepAlive(p)
	}
	fmt.Printf("| %d exponentials | %d | %.0f | %.0f | %.1f |\n", links, size, took, 1e3*took/float64(size), float64(code)/float64(size))
	return nil
}
