package main

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// example is the example connectome with delays.
func example() *graph.Graph { return graph.Example().NormalizeMax().Speed(3) }

// withLength prints times by the number of steps.
func withLength(reps int) error {
	fmt.Println("The example network of 84 regions with delays by the number of steps, whole runs:")
	fmt.Println("\n| steps | run | per step | gradient | per step |\n|---|---|---|---|---|")
	for _, steps := range []int{1_000, 10_000, 100_000} {
		sim, err := phase.GetStarted(example(), 1, steps)
		if err != nil {
			return err
		}
		fmt.Printf("| %d |", steps)
		for _, w := range []work{run, adjoint} {
			times, err := (phase.Phase{Name: "run", Units: 1, Work: whole(func() error { return w(context.Background(), sim) })}).Times(reps)
			if err != nil {
				return err
			}
			fmt.Printf(" %.4g ms | %s |", times[0]/1e6, write(times[0]/float64(steps)))
		}
		fmt.Println()
	}
	return nil
}

// withFree prints times by the number of free values.
func withFree(reps int) error {
	fmt.Println("Time of a step of the gradient by the number of free values, the example network with delays:")
	fmt.Println("\n| free | values | adjoint | tangents |\n|---|---|---|---|")
	model := []string{"dynamics.J_N", "dynamics.w", "dynamics.I_o", "dynamics.a", "dynamics.b", "dynamics.d", "dynamics.gamma", "dynamics.tau_s"}
	for _, f := range []struct {
		what string
		free func(p *param.Tree) *param.Tree
	}{
		{"J_N", func(p *param.Tree) *param.Tree { return p.Free(model[:1]...) }},
		{"two parameters of the model", func(p *param.Tree) *param.Tree { return p.Free(model[:2]...) }},
		{"four", func(p *param.Tree) *param.Tree { return p.Free(model[:4]...) }},
		{"eight", func(p *param.Tree) *param.Tree { return p.Free(model...) }},
		{"regional J_N", func(p *param.Tree) *param.Tree { return p.Regional("dynamics.J_N").Free("dynamics.J_N") }},
		{"eight regional parameters", func(p *param.Tree) *param.Tree {
			for _, path := range model {
				p.Regional(path)
			}
			return p.Free(model...)
		}},
		{"weights", func(p *param.Tree) *param.Tree { return p.Free("graph.weights") }},
	} {
		values := 0
		by := func(gradient func(ctx context.Context, s *network.Simulation, p *param.Tree) error) (float64, error) {
			return perStep(example(), 2500, reps, func(ctx context.Context, s *network.Simulation) error {
				p := f.free(s.Params())
				values = p.NumFree()
				return gradient(ctx, s, p)
			})
		}
		back, err := by(func(ctx context.Context, s *network.Simulation, p *param.Tree) error {
			_, _, err := s.Gradient(ctx, p, loss)
			return err
		})
		if err != nil {
			return err
		}
		tangents := "—"
		if values <= 16 {
			t, err := by(func(ctx context.Context, s *network.Simulation, p *param.Tree) error {
				_, _, err := s.TangentGradient(ctx, p, loss)
				return err
			})
			if err != nil {
				return err
			}
			tangents = write(t)
		}
		fmt.Printf("| %s | %d | %s | %s |\n", f.what, values, write(back), tangents)
	}
	return nil
}
