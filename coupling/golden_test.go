package coupling_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// goldenVJP is the reference's products; history is [row][p, q][node], source one row of it.
type goldenVJP struct {
	History golden.Array            `json:"history"`
	Source  golden.Array            `json:"source"`
	Local   *golden.Array           `json:"local"`
	Weights golden.Array            `json:"weights"`
	Delays  golden.Array            `json:"delays"`
	Params  map[string]golden.Array `json:"params"`
}

type goldenCase struct {
	ID        int                     `json:"id"`
	Weights   [][]float64             `json:"weights"`
	Source    [][]float64             `json:"source"`
	Local     [][]float64             `json:"local"`
	Params    map[string]golden.Array `json:"params"`
	Output    golden.Array            `json:"output"`
	Cotangent golden.Array            `json:"cotangent"`
	VJP       goldenVJP               `json:"vjp"`
	// of delayed couplings
	Step    float64       `json:"dt"`
	Delays  [][]float64   `json:"delays"`
	History [][][]float64 `json:"history"`
	Reads   []struct {
		Read     string       `json:"read"`
		Centroid float64      `json:"solver_centroid"`
		PerStage bool         `json:"recompute_coupling_per_stage"`
		Output   golden.Array `json:"output"`
		VJP      goldenVJP    `json:"vjp"`
		Kink     [][]bool     `json:"delay_kink"`
	} `json:"reads"`
}

type goldenClass struct {
	Class string `json:"class"`
	Specs []struct {
		Name    string  `json:"name"`
		Default float64 `json:"default"`
	} `json:"params"`
	Cases []goldenCase `json:"cases"`
}

// settings are a case's parameters as users write them.
func settings(params map[string]golden.Array) param.Set {
	set := param.Set{}
	for name, a := range params {
		set[name] = a.Data[0]
		if a.Shape != nil {
			set[name] = a.Data
		}
	}
	return set
}

// rows completes what is sent to rows of p, q, l: what is not given is 0.
func rows(sent [][][]float64, local [][]float64) [][][]float64 {
	all := make([][][]float64, len(sent))
	for k, states := range sent {
		n := len(states[0])
		all[k] = append(slices.Clone(states), make([][]float64, 3-len(states))...)
		for s, x := range all[k] {
			if x == nil {
				all[k][s] = make([]float64, n)
			}
		}
		if k == len(sent)-1 && len(local) > 0 {
			all[k][2] = local[0]
		}
	}
	return all
}

// compare compares output and products of a case; it returns the worst error of each.
func (a arrangement) compare(t *testing.T, c goldenCase, output golden.Array, vjp goldenVJP, kink [][]bool) (value, product float64) {
	t.Helper()
	sim := a.prepare(t)
	value = golden.MaxError(a.output(t, sim), output.Data)
	p := sim.Params().Free("coupling.*", "graph.weights", "history")
	if kink != nil {
		p.Free("graph.delays")
	}
	for _, got := range gradients(t, sim, p, received{c.Cotangent.Data, a.step}) {
		errors := []float64{golden.MaxError(got["graph.weights"], vjp.Weights.Data)}
		for name, want := range vjp.Params {
			errors = append(errors, golden.MaxError(got["coupling.in."+name], want.Data))
		}
		n, sent := len(a.weights), len(a.coupling.Source())
		var source, local []float64
		for history := got["history"]; len(history) > 0; history = history[(3+a.channels)*n:] {
			source = append(source, history[:sent*n]...)
			local = history[2*n : 3*n]
		}
		errors = append(errors, golden.MaxError(source, slices.Concat(vjp.Source.Data, vjp.History.Data)))
		if vjp.Local != nil {
			errors = append(errors, golden.MaxError(local, vjp.Local.Data))
		}
		if kink != nil {
			for e, flagged := range slices.Concat(kink...) {
				if flagged {
					got["graph.delays"][e] = vjp.Delays.Data[e]
				}
			}
			errors = append(errors, golden.MaxError(got["graph.delays"], vjp.Delays.Data))
		}
		product = max(product, slices.Max(errors))
	}
	return value, product
}

// TestGolden compares outputs and vector-Jacobian products with the reference: at least 40 cases without
// and 100 reads with delays.
func TestGolden(t *testing.T) {
	const tolerance, productTolerance = 4e-15, 3e-13 // suggested: 1e-12, 1e-11
	var file struct {
		Instantaneous []goldenClass `json:"instantaneous"`
		Delayed       []goldenClass `json:"delayed"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "couplings.json")
	instantaneous, delayed, worst, worstProduct := 0, 0, 0.0, 0.0
	judge := func(name string, value, product float64) {
		worst, worstProduct = max(worst, value), max(worstProduct, product)
		if !(value <= tolerance) || !(product <= productTolerance) {
			t.Errorf("%s: output is off by %.1e, products by %.1e", name, value, product)
		}
	}
	for _, g := range append(file.Instantaneous, file.Delayed...) {
		made, ok := byClass[g.Class]
		if !ok {
			made = byClass[strings.TrimPrefix(g.Class, "Delayed")]
		}
		if len(made) == 0 {
			t.Logf("skipped: %d cases of %s, which is not a coupling here", len(g.Cases), g.Class)
			continue
		}
		for _, c := range made {
			sameDefaults(t, c, g)
			for _, k := range g.Cases {
				if k.Reads == nil {
					instantaneous++
					a := arrangement{coupling: c.With(settings(k.Params)).Instant(), channels: 1, weights: k.Weights, step: 1, method: solver.Euler{},
						states: rows([][][]float64{k.Source}, k.Local)}
					value, product := a.compare(t, k, k.Output, k.VJP, nil)
					judge(fmt.Sprintf("%s case %d by %s", g.Class, k.ID, c.Name), value, product)
				}
				for _, r := range k.Reads {
					name := fmt.Sprintf("%s case %d by %s, %s, centroid %v, per stage %v", g.Class, k.ID, c.Name, r.Read, r.Centroid, r.PerStage)
					delayed++
					a := arrangement{coupling: c.With(settings(k.Params)).WithDelays(coupling.Delayed), channels: 1, weights: k.Weights, delays: k.Delays, step: k.Step,
						method: solver.Euler{CouplingPerStage: r.PerStage}, states: rows(k.History, k.Local)}
					if r.Centroid == 0.5 {
						a.method = solver.Heun{CouplingPerStage: r.PerStage}
					}
					if r.Read == "linear" {
						a.coupling = a.coupling.LinearReads()
					} else {
						r.Kink = nil
					}
					value, product := a.compare(t, k, r.Output, r.VJP, r.Kink)
					judge(name, value, product)
				}
			}
		}
	}
	t.Log("skipped: the reference's subspace couplings, which do not exist here")
	t.Logf("%d cases without, %d reads with delays; worst error of outputs %.1e, of products %.1e", instantaneous, delayed, worst, worstProduct)
	if instantaneous < 40 || delayed < 100 {
		t.Errorf("%d cases without and %d with delays ran, want at least 40 and 100", instantaneous, delayed)
	}
}

// sameDefaults compares parameters and their defaults with the reference.
func sameDefaults(t *testing.T, c coupling.Coupling, g goldenClass) {
	t.Helper()
	same := slices.EqualFunc(c.Params, g.Specs, func(a param.Spec, b struct {
		Name    string  `json:"name"`
		Default float64 `json:"default"`
	}) bool {
		return a.Name == b.Name && a.Default == b.Default
	})
	if !same {
		t.Errorf("%s has parameters %v, want %v", g.Class, c.Params, g.Specs)
	}
}
