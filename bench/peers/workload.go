package main

import (
	"fmt"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
)

// workload is what both sides are given, as JSON; peer.py reads it by the names below.
type workload struct {
	Name    string      `json:"name"`
	Kind    string      `json:"kind"` // forward, gradient, or a fit of 50 steps of Adam in forward or reverse mode
	Weights [][]float64 `json:"weights"`
	Lengths [][]float64 `json:"lengths"` // mm
	Speed   float64     `json:"speed"`   // mm/ms; 0 for no delays
	Buffer  string      `json:"buffer"`  // the peer's way to keep the past, "" for its default, roll
	W       float64     `json:"w"`       // parameters of the reduced Wong-Wang model
	IO      float64     `json:"i_o"`
	Start   float64     `json:"start"` // initial S
	G       float64     `json:"g"`     // of the linear coupling
	Sigma   float64     `json:"sigma"`
	Step    float64     `json:"step"` // ms
	End     float64     `json:"end"`  // ms
	Bounded bool        `json:"bounded"`
	FreeG   bool        `json:"free_g"` // the gradient is with respect to G, too, beside the regional J_N
	Draw    bool        `json:"draw"`   // ours draws its noise in every run, the peer before
	Grid    [2]int      `json:"grid"`   // of a sweep: values of G from 0 to 1, and of J_N from 0 to 0.5
	Batch   int         `json:"batch"`  // runs that the peer vectorises over
}

const (
	forward    = "forward"
	gradient   = "gradient"
	fitForward = "fit, forward mode"
	fitReverse = "fit, reverse mode"
	explore    = "sweep"
)

// workloads are the peer's own examples and networks of 100 and 400 regions, on a connectome.
func workloads(conn *graph.Graph) []workload {
	getStarted := on(conn.NormalizeMax(), workload{Name: "getstarted, noise drawn before", Kind: forward, W: 0.5, IO: 0.32, Start: 0.3, G: 0.75, Sigma: 0.002, Step: 4, End: 10_000})
	drawn := getStarted
	drawn.Name, drawn.Draw = "getstarted, ours draws in the run", true
	delayed := getStarted
	delayed.Name, delayed.Speed = "getstarted with delays, 4 ms", 3
	readme := on(conn.NormalizeMax(), workload{Name: "readme, 60,000 steps", Kind: forward, Speed: 3, W: 0.6, IO: 0.33, Start: 0.1, G: 0.5, Sigma: 0.01, Step: 1, End: 60_000, Bounded: true})
	all := []workload{getStarted, drawn, delayed, delayed.with("preallocated"), readme, readme.with("preallocated"), readme.gradient("readme-grad")}
	all[len(all)-1].FreeG = true
	for _, n := range []int{100, 400} {
		large := on(halfOfTheEdges(n), workload{Name: map[int]string{100: "n100", 400: "n400"}[n], Kind: forward, Speed: 3, W: 0.6, IO: 0.33, Start: 0.1, G: 0.5, Sigma: 0.01, Step: 1, End: 10_000})
		all = append(all, large, large.gradient(large.Name+"-grad"))
	}
	for _, batch := range []int{8, 32, 128} {
		sweep := getStarted
		sweep.Name, sweep.Kind, sweep.Grid, sweep.Batch = fmt.Sprintf("getstarted-explore, 32 × 32 runs, peer: batches of %d", batch), explore, [2]int{32, 32}, batch
		all = append(all, sweep)
	}
	for _, batch := range []int{8, 64} {
		sweep := delayed
		sweep.Name, sweep.Kind, sweep.Grid, sweep.Batch, sweep.Step, sweep.End = fmt.Sprintf("64 runs with delays, 1 ms, peer: batches of %d", batch), explore, [2]int{8, 8}, batch, 1, 2500
		all = append(all, sweep)
	}
	fit := getStarted
	fit.Name, fit.Kind = "getstarted-fit, one J_N, forward mode", fitForward
	all = append(all, fit)
	fit.Name, fit.Kind = "getstarted-fit, regional J_N, reverse mode", fitReverse
	return append(all, fit)
}

// with is the workload with another buffer of the peer.
func (w workload) with(buffer string) workload {
	w.Name, w.Buffer = w.Name+", peer: "+buffer, buffer
	return w
}

func (w workload) gradient(name string) workload {
	w.Name, w.Kind = name, gradient
	return w
}

// on is the workload on a dense graph.
func on(g *graph.Graph, w workload) workload {
	n := g.N()
	square := func(values []float64) [][]float64 {
		rows := make([][]float64, n)
		for i := range rows {
			rows[i] = values[i*n : (i+1)*n]
		}
		return rows
	}
	w.Weights, w.Lengths = square(g.Weights()), square(g.Lengths())
	return w
}

// halfOfTheEdges is a network of which every other edge, in no regular order, has weight 0, and whose largest sum of
// a region's weights is 1.
func halfOfTheEdges(n int) *graph.Graph {
	g := phase.Scattered(n)
	weights, lengths := make([][]float64, n), make([][]float64, n)
	most := 0.0
	for i := range n {
		weights[i], lengths[i] = g.Weights()[i*n:(i+1)*n:(i+1)*n], g.Lengths()[i*n:(i+1)*n]
		sum := 0.0
		for j, w := range weights[i] {
			if k := uint64(i*n + j + 1); i == j || k*0xA24BAED4963EE407>>63 == 0 {
				weights[i][j] = 0
			} else {
				sum += w
			}
		}
		most = max(most, sum)
	}
	for i := range n {
		for j := range n {
			weights[i][j] /= most
		}
	}
	return graph.FromDense(weights).WithLengths(lengths)
}
