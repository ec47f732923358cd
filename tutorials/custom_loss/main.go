// Custom_loss is the tutorial on losses of one's own, written as graphs of gorgonia: first a loss at the
// end of an observation, then a graph that begins before the simulation, with parameters of one's own.
//
//	go run ./tutorials/custom_loss
//
// It needs no data and takes some seconds. Its concepts:
//
//   - lossgraph.Loss makes a stage of a function that builds a graph; Fit takes it like any other loss
//   - lossgraph.Trajectory is a simulation as an operation of gorgonia, from its leaves to its samples
//   - lossgraph.Function is a graph from parameters of one's own to a loss; optim.Minimize fits them
//   - lossgraph.Data brings arrays into a graph: data to fit, maps of the brain
//
// A program that has no such losses should not import package lossgraph, because it brings in gorgonia.
// Where package observe has the loss, that is faster.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/observe/lossgraph"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
)

func main() {
	out := flag.String("out", filepath.Join("neurograd-out", "custom_loss"), "folder for the picture")
	flag.Parse()
	if err := tutorial(context.Background(), os.Stdout, *out, 1_000, 81, 81); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// tutorial simulates up to end (ms) and fits with so many steps.
func tutorial(ctx context.Context, w io.Writer, out string, end float64, stepsLoss, stepsParameters int) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}

	// The network of the first tutorial, with delays.
	connectome := graph.Example().NormalizeMax().Speed(3)
	sim, err := network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
		Graph:    connectome,
		Noise:    noise.Additive{Sigma: 0.002, States: []string{"S"}},
	}, solver.Heun{}, network.Grid{End: end, Step: 4}, network.Options{Seed: 9})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d regions, %d samples\n", connectome.N(), sim.Steps())

	above, err := ownLoss(ctx, w, sim, stepsLoss)
	if err != nil {
		return err
	}
	below, err := ownParameters(ctx, w, sim, backToFront(connectome), stepsParameters)
	if err != nil {
		return err
	}
	file := filepath.Join(out, "custom_loss.png")
	if err := plot.Stack(file, above, below); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nPicture: %s\n", file)
	return nil
}

// activity is the mean activity of each region over the last 100 samples, [1][1][N].
var activity = observe.Last(100).Mean(observe.OverTime)

// The functions below write gorgonia.Must around operations: where one does not suit its operands, that
// panics, and package lossgraph makes the panic an error of the fit.
var must = gorgonia.Must

// spread is the loss (mean − ½)² + (deviation − 0.1)², with mean and standard deviation over all regions.
func spread(y *gorgonia.Node) (*gorgonia.Node, error) {
	mean := must(gorgonia.Mean(y))
	variance := must(gorgonia.Mean(must(gorgonia.Square(must(gorgonia.Sub(y, mean))))))
	deviation := must(gorgonia.Sqrt(variance))
	return gorgonia.Add(
		must(gorgonia.Square(must(gorgonia.Sub(mean, gorgonia.NewConstant(0.5))))),
		must(gorgonia.Square(must(gorgonia.Sub(deviation, gorgonia.NewConstant(0.1))))))
}

// ownLoss fits the J_N of every region so that the activity has a given mean and spread over regions.
func ownLoss(ctx context.Context, w io.Writer, sim *network.Simulation, steps int) (plot.Panel, error) {
	// ---- A loss of one's own ----
	//
	// Package observe has no loss that looks at the spread over regions, so we write it as a graph. It
	// takes what the observation has made so far, here the mean activity of every region, and gives one
	// number. gorgonia finds its gradient, and the fit carries that on through the simulation. Had the
	// graph an operation whose derivative is wrong in gorgonia, the fit would say so before its first
	// step.
	loss := activity.Then(lossgraph.Loss(spread))
	p := sim.Params().Regional("dynamics.J_N").Free("dynamics.J_N")
	fmt.Fprintf(w, "\nA loss of one's own: activity of mean 0.5 and standard deviation 0.1 over regions\n")
	fit, err := optim.Fit(ctx, sim, loss, p, optim.Adam{Rate: 0.005}, optim.Options{Steps: steps, Callbacks: callbacks.Print{Every: 20, W: w}})
	if err != nil {
		return nil, err
	}
	picture := plot.Lines{Title: "A Loss of One's Own: Mean 0.5 and Standard Deviation 0.1 over Regions", XLabel: "Regions in the order of their activity", YLabel: "Mean activity",
		Lines: []plot.HLine{{Value: 0.5, Label: "0.5"}}}
	for _, at := range []struct {
		name string
		p    *param.Tree
	}{{"at the start", p}, {"fitted", fit.Best}} {
		a, err := activities(ctx, sim, at.p)
		if err != nil {
			return nil, err
		}
		mean, deviation := moments(a)
		fmt.Fprintf(w, "%-12s  mean %.4f, standard deviation %.4f\n", at.name, mean, deviation)
		slices.Sort(a)
		picture.Curves = append(picture.Curves, plot.Curve{Name: at.name, Y: a})
	}
	return picture, nil
}

// ownParameters makes activity with a J_N that follows a map of the brain, and finds the map's part again.
func ownParameters(ctx context.Context, w io.Writer, sim *network.Simulation, brainMap []float64, steps int) (plot.Panel, error) {
	// The data: the activity of a network whose J_N changes from back to front.
	made := []float64{math.Log(0.22), 0.1} // level and slope
	data, err := activities(ctx, sim, sim.Params().Regional("dynamics.J_N").Set("dynamics.J_N", along(brainMap, made)...))
	if err != nil {
		return nil, err
	}

	// ---- Parameters of one's own ----
	//
	// Instead of 84 values of J_N we fit two: J_N = exp(level + slope · map), which is positive for all
	// of them. The graph leads from these to the leaves of the simulation, through its trajectory, and on
	// to the loss. The leaves that it does not give have their values in p.
	p := sim.Params()
	n := len(brainMap)
	f := lossgraph.NewFunction(func(in lossgraph.Inputs) (*gorgonia.Node, error) {
		place := must(lossgraph.Data(in.Graph(), brainMap, n))
		line := must(gorgonia.Add(must(in.Node("level")), must(gorgonia.HadamardProd(must(in.Node("slope")), place))))
		y, err := lossgraph.Trajectory(sim, p, sim.Steps()-100, lossgraph.Leaves{"dynamics.J_N": must(gorgonia.Exp(line))})
		if err != nil {
			return nil, err
		}
		difference := must(gorgonia.Sub(must(gorgonia.Mean(y, 0)), must(lossgraph.Data(in.Graph(), data, 1, n))))
		return gorgonia.Mean(must(gorgonia.Square(difference)))
	})

	// They form a tree like the parameters of a simulation, with all that belongs to it: free and fixed
	// values, transforms, files.
	own, err := param.New(
		param.Leaf{Path: "level", Value: []float64{math.Log(0.2609)}, Meaning: "log J_N in the middle", Free: true},
		param.Leaf{Path: "slope", Value: []float64{0}, Meaning: "change of log J_N along the map", Free: true},
	)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "\nParameters of one's own: J_N = exp(level + slope · map)\n")
	fit, err := optim.Minimize(ctx, f, own, optim.Adam{Rate: 0.01}, optim.Options{Steps: steps, Callbacks: callbacks.Print{Every: 20, W: w}})
	if err != nil {
		return nil, err
	}
	picture := plot.Lines{Title: "Parameters of One's Own: J_N along a Map", XLabel: "Position from back to front (standard deviations)", YLabel: "J_N [nA]"}
	order := slices.Sorted(slices.Values(brainMap))
	for _, at := range []struct {
		name  string
		theta []float64
	}{{"at the start", own.Theta()}, {"found", fit.Best.Theta()}, {"made with", made}} {
		fmt.Fprintf(w, "%-12s  level %.4f, slope %.4f\n", at.name, at.theta[0], at.theta[1])
		picture.Curves = append(picture.Curves, plot.Curve{Name: at.name, X: order, Y: along(order, at.theta)})
	}
	return picture, nil
}

// activities are the mean activities of all regions.
func activities(ctx context.Context, sim *network.Simulation, p *param.Tree) ([]float64, error) {
	result, err := sim.Run(ctx, p)
	if err != nil {
		return nil, err
	}
	mean := make([]float64, len(result.Regions))
	last := result.Data[len(result.Data)-100:]
	for _, sample := range last {
		for i, s := range sample[0] {
			mean[i] += s / float64(len(last))
		}
	}
	return mean, nil
}

// backToFront is a map of the brain: each region's position, with mean 0 and standard deviation 1.
func backToFront(connectome *graph.Graph) []float64 {
	var y []float64
	for _, centre := range connectome.Centres() {
		y = append(y, centre[1])
	}
	mean, deviation := moments(y)
	for i := range y {
		y[i] = (y[i] - mean) / deviation
	}
	return y
}

// along is exp(level + slope · map).
func along(brainMap, theta []float64) []float64 {
	jn := make([]float64, len(brainMap))
	for i, m := range brainMap {
		jn[i] = math.Exp(theta[0] + theta[1]*m)
	}
	return jn
}

func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}
