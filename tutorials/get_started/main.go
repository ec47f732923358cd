// Get_started is the first tutorial: build a brain network, simulate it, look at its parameters, explore
// two of them, define a loss, and fit the parameters to it, first one value for all regions, then one value per region.
//
//	go run ./tutorials/get_started
//
// It needs no data and takes about a minute. Its concepts are those of the whole library:
//
//   - a Network is declared as values: a model in each region of a graph, couplings, noise
//   - Prepare checks it and makes a Simulation, which never changes
//   - the parameter tree holds every value by its path: a number, or one per region; fixed, or free
//   - an observation turns the trajectory into numbers; one that gives a single number is a loss
//   - a Space says which values to try, and a sweep observes the simulation at every one of its points
//   - Fit follows exact gradients of the loss through the whole trajectory, and callbacks look on
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

func main() {
	out := flag.String("out", filepath.Join("neurograd-out", "get_started"), "folder for the pictures")
	flag.Parse()
	if err := tutorial(context.Background(), os.Stdout, *out, 10_000, 32, 50, 201); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// observation is the mean of the last 500 samples over time and regions.
var observation = observe.Last(500).Mean(observe.OverAll)

// target is the mean activity that each region should have.
const target = 0.5

// tutorial simulates up to end (ms), explores so many values of two parameters each, and fits with so many steps, at most.
func tutorial(ctx context.Context, w io.Writer, out string, end float64, values, stepsScalar, stepsRegional int) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}

	// ---- Create a brain network model ----
	//
	// A network is a connectome with a model in each region. The example connectome is synthetic, so that
	// this program needs no file; read a measured one with graph.Load("structural.npz"). Its weights are
	// divided by the largest, so that they lie in [0, 1].
	connectome := graph.Example().NormalizeMax()

	net := network.Network{
		// The local dynamics. w is the excitatory recurrence, I_o the external input current.
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		// Regions send S to each other. The coupling is named after the input of the model that it enters:
		// "delayed" uses the delays of the graph, "instant" would not.
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
		// No delays here; connectome.Speed(3) would make them from the tract lengths at 3 mm/ms.
		Graph: connectome,
		Noise: noise.Additive{Sigma: 0.002, States: []string{"S"}},
	}

	// Prepare checks the network and compiles it for a solver and a time grid (ms). Errors say what is
	// wrong and what to do; a misspelt parameter is one.
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: end, Step: 4}, network.Options{Seed: 9})
	if err != nil {
		return err
	}
	fmt.Fprint(w, connectome.Info())

	// ---- Parameters ----
	//
	// Every value of the simulation has a path. The tree is ours: a copy that we can change and hand to
	// the simulation, which itself never changes.
	p := sim.Params()
	fmt.Fprintf(w, "\nAll values of the simulation:\n%s", p)

	// ---- Simulate ----
	result, err := sim.Run(ctx, p)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nSimulated %d samples of %v in %d regions\n", len(result.Data), result.Variables, len(result.Regions))
	picture := plot.TimeSeries{Title: "Raw Neural Activity Across All Brain Regions", XLabel: "Time (ms)", YLabel: "Neural Activity",
		Time: result.Time, Series: result.Series("S")}
	if err := picture.Save(filepath.Join(out, "simulation.png")); err != nil {
		return err
	}

	// ---- Observe ----
	//
	// An observation is a chain of stages on the trajectory, such as the mean of the last 500 samples,
	// which leaves out the transient at the beginning.
	activity, err := sim.Value(ctx, p, observation)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Mean activity: %.4f\n", activity)

	// ---- Explore parameters ----
	//
	// How does the activity depend on the global coupling G and the recurrent excitation J_N? A space says which values
	// to try: here every combination of two grids.
	if err := explore(ctx, w, sim, p, values, filepath.Join(out, "exploration.png")); err != nil {
		return err
	}

	// ---- Define a loss and optimise ----
	//
	// Each region should have the target as its mean activity: the loss is the mean over regions of the squared
	// difference. An observation that gives one number can be fitted.
	loss := observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(target))
	value, err := sim.Value(ctx, p, loss)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Current loss: %.6f\n", value)

	// Mark the synaptic coupling J_N as free: one number for all regions so far.
	p.Free("dynamics.J_N")
	fmt.Fprintln(w, "\nFree parameters:")
	p.WriteTable(w, true)
	fmt.Fprintln(w)

	// Gradients are exact, through all steps of the simulation. With one free value they are computed
	// forward, by carrying a tangent along. Had the path above been misspelt, Fit would say so.
	fit, err := optim.Fit(ctx, sim, loss, p, optim.Adam{Rate: 0.005}, optim.Options{
		Steps:     stepsScalar,
		Callbacks: callbacks.Print{Every: 5, W: w},
	})
	if err != nil {
		return err // even then fit has the best parameters so far
	}
	p = fit.Params
	fmt.Fprintf(w, "J_N = %.4f nA in all regions\n", p.Values("dynamics.J_N")[0])

	// ---- Visualise the fitted model ----
	picture, err = show(ctx, w, sim, p, loss, "Optimized Neural Activity")
	if err != nil {
		return err
	}
	if err := picture.Save(filepath.Join(out, "scalar_fit.png")); err != nil {
		return err
	}

	// ---- Heterogeneous parameters ----
	//
	// The mean is close to the target now, but most regions are too high or too low. So we give each region
	// a value of its own, beginning with the common one. With this many free values the gradient is computed
	// backwards, by the adjoint, at a cost that does not depend on their number. The fit ends when the loss
	// is small enough.
	p.Regional("dynamics.J_N")
	fmt.Fprintln(w, "\nFree parameters:")
	p.WriteTable(w, true)
	fmt.Fprintln(w)
	fit, err = optim.Fit(ctx, sim, loss, p, optim.Adam{Rate: 0.005}, optim.Options{
		Steps:     stepsRegional,
		Callbacks: callbacks.Multi{callbacks.Print{Every: 10, W: w}, callbacks.StopLoss{Below: 0.005}},
	})
	if err != nil {
		return err
	}
	p = fit.Best // the parameters with the lowest loss, wherever the fit ended
	fmt.Fprintf(w, "Best step: %d\n", fit.BestStep)

	// Most regions are close to the target now, once the transient has passed; regions that receive much
	// need a lower J_N. The model has a low branch of activity and a high one, and each region tends to one
	// of them: holding all of them in between is known as feedback inhibition control.
	top, err := show(ctx, w, sim, p, loss, "Heterogeneous Optimization")
	if err != nil {
		return err
	}
	bottom := plot.Scatter{Title: "Fitted J_N Parameters", XLabel: "In-strength Σⱼ Wᵢⱼ", YLabel: "J_N [nA]",
		X: connectome.InStrength(), Y: p.Values("dynamics.J_N")}
	if err := plot.Stack(filepath.Join(out, "regional_fit.png"), top, bottom); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nPictures: %s\n", out)
	return nil
}

// explore observes the simulation on a grid of two parameters with so many values each; all others keep those of p.
func explore(ctx context.Context, w io.Writer, sim *network.Simulation, p *param.Tree, values int, picture string) error {
	points := space.Product(
		space.Axis("coupling.delayed.G", space.Grid(0, 1, values)),
		space.Axis("dynamics.J_N", space.Grid(0, 0.5, values)),
	)
	// Several runs go side by side on every processor; which ones changes no number. With a folder in Options.Store rows are kept as
	// they come, and the same call goes on after an interruption.
	table, err := sweep.Run(ctx, sim, p, points, []sweep.Observation{{Name: "activity", Of: observation}}, sweep.Options{})
	if err != nil {
		return err
	}
	rows, err := table.Largest(1, "activity")
	if err != nil {
		return err
	}
	highest, err := rows.Row(0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nExplored %d combinations of G and J_N: activity up to %.4f, at G = %.3f, J_N = %.3f nA\n",
		table.Len(), highest.Value("activity"), highest.Value("coupling.delayed.G"), highest.Value("dynamics.J_N"))

	grid, err := table.GridOver("activity", "dynamics.J_N", "coupling.delayed.G")
	if err != nil {
		return err
	}
	return plot.HeatMap{
		Title: "Mean Activity Across Parameter Space", XLabel: "Global Coupling (G)", YLabel: "Recurrent Excitation (J_N) [nA]", Label: "Mean Activity",
		X: grid.Xs, Y: grid.Ys, Z: grid.Values, Colors: plot.Cividis(), Width: 8.1, Height: 6.48,
	}.Save(picture)
}

// show simulates with fitted parameters, prints mean activity and loss, and draws the activity.
func show(ctx context.Context, w io.Writer, sim *network.Simulation, p *param.Tree, loss network.Objective, title string) (plot.TimeSeries, error) {
	result, err := sim.Run(ctx, p)
	if err != nil {
		return plot.TimeSeries{}, err
	}
	activity, err := sim.Value(ctx, p, observation)
	if err != nil {
		return plot.TimeSeries{}, err
	}
	value, err := sim.Value(ctx, p, loss)
	fmt.Fprintf(w, "Mean activity: %.4f, loss: %.6f\n", activity, value)
	return plot.TimeSeries{Title: title, XLabel: "Time (ms)", YLabel: "Neural Activity", Time: result.Time, Series: result.Series("S"),
		Lines: []plot.HLine{{Value: target, Label: "Target (0.5)"}, {Value: activity, Label: fmt.Sprintf("Mean (%.3f)", activity)}}}, err
}
