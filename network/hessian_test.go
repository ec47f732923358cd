package network_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/selfcheck"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

func (l weighted) PushPull(y network.Trajectory, tangent, cotangent, dcotangent []float64) (float64, error) {
	for k, d := range tangent {
		dcotangent[k] = 2 * l.v[k] * d
	}
	return l.Pull(y, cotangent)
}

func (w waves) PushPull(y network.Trajectory, tangent, cotangent, dcotangent []float64) (float64, error) {
	clear(dcotangent)
	return w.Pull(y, cotangent)
}

// TestHessianVector compares, for the models with every coupling and method, with and without delays, the
// product of the Hessian and a random direction over all leaves with extrapolated differences of the
// gradient, and with itself: u·(H·v) = v·(H·u). The value and the gradient are those of Gradient.
func TestHessianVector(t *testing.T) {
	var w worstHessian
	t.Run("all", func(t *testing.T) {
		everyCase(t, 2, func(t *testing.T, c *derivativeCase) { c.checkHessian(t, &w) })
	})
	t.Logf("differences within %.1e, symmetric within %.1e, gradients within %.1e", w.difference, w.symmetry, w.gradient)
}

// worstHessian are the largest errors found.
type worstHessian struct {
	sync.Mutex
	difference, symmetry, gradient float64
}

func (c *derivativeCase) checkHessian(t *testing.T, w *worstHessian) {
	ctx := context.Background()
	sim := prepare(t, c.net, c.method, c.grid, network.Options{Seed: 7, Record: c.record, Normals: c.normals, Sampling: c.sampling})
	p := sim.Params()
	if err := c.free(p); err != nil {
		t.Fatal(err)
	}
	base, err := sim.Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	from := c.IntN(5)
	loss := newWeighted(c.Rand, from, (sim.Samples()-from)*len(sim.Variables())*c.nodes).centred(base)
	u, v := c.direction(p), c.direction(p)
	value, gradient, hv := mustProduct(t, sim, p, loss, v)
	if value != 0 {
		t.Errorf("the loss is %v, not 0: the samples have not the bits of a run", value)
	}
	_, _, hu := mustProduct(t, sim, p, loss, u)
	symmetry := math.Abs(dot(u, hv)-dot(v, hu)) / (absDot(u, hv) + absDot(v, hu))
	if !(symmetry <= 1e-10) {
		t.Errorf("u·(H·v) = %v, v·(H·u) = %v", dot(u, hv), dot(v, hu))
	}
	byGradient := c.compare(t, p, gradient, mustGradient(t, sim, p, loss), 1e-3)
	for path, e := range byGradient {
		if !(e <= 1e-12) {
			t.Errorf("%s: gradients differ by %.1e", path, e)
		}
	}
	byDifference := c.gradientDifferences(t, sim, p, loss, v, hv)
	for path, e := range byDifference {
		if !(e <= 1e-7) {
			t.Errorf("%s: differences of the gradient are off by %.1e", path, e)
		}
	}
	w.Lock()
	defer w.Unlock()
	w.symmetry, w.gradient, w.difference = max(w.symmetry, symmetry), max(w.gradient, largest(byGradient)), max(w.difference, largest(byDifference))
}

// direction is a random one in which every free value changes as it can.
func (c *derivativeCase) direction(p *param.Tree) []float64 {
	d := p.Theta()
	for _, b := range blocks(p) {
		for k := b.from; k < b.to; k++ {
			d[k] = (2*c.Float64() - 1) * scaleOf(b.path, d[k])
		}
	}
	return d
}

// compare returns the errors of a vector like the gradient by leaf, relative to the leaf's largest value or,
// if that is more, a share of the largest of all.
func (c *derivativeCase) compare(t *testing.T, p *param.Tree, got, want []float64, share float64) map[string]float64 {
	t.Helper()
	theta := p.Theta()
	size, apart := map[string]float64{}, map[string]float64{}
	for _, b := range blocks(p) {
		for k := b.from; k < b.to; k++ {
			scale := scaleOf(b.path, theta[k])
			size[b.path] = max(size[b.path], math.Abs(got[k])*scale)
			apart[b.path] = max(apart[b.path], math.Abs(got[k]-want[k])*scale)
		}
	}
	global := largest(size)
	for path := range apart {
		apart[path] /= max(size[path], share*global)
	}
	return apart
}

// gradientDifferences compares a product H·v with extrapolated differences of the gradient along v, leaf by
// leaf with the step that agrees best, as small ones suffer from rounding and large ones from clips and delays
// that cross whole steps.
func (c *derivativeCase) gradientDifferences(t *testing.T, sim *network.Simulation, p *param.Tree, loss weighted, v, hv []float64) map[string]float64 {
	theta := p.Theta()
	at := func(h float64) []float64 {
		q, moved := p.Clone(), append([]float64(nil), theta...)
		for k := range moved {
			moved[k] += h * v[k]
		}
		if err := q.SetTheta(moved); err != nil {
			t.Fatal(err)
		}
		return mustGradient(t, sim, q, loss)
	}
	difference := func(h float64) []float64 {
		d, minus := at(h), at(-h)
		for k := range d {
			d[k] = (d[k] - minus[k]) / (2 * h)
		}
		return d
	}
	least := map[string]float64{}
	for h := 0.03; h > 1e-7; h /= 3 {
		want, half, quarter := difference(h), difference(h/2), difference(h/4)
		for k := range want {
			once, again := (4*half[k]-want[k])/3, (4*quarter[k]-half[k])/3
			want[k] = (16*again - once) / 15
		}
		for path, e := range c.compare(t, p, hv, want, 1e-4) {
			if old, ok := least[path]; !ok || e < old {
				least[path] = e
			}
		}
		if largest(least) < 5e-8 {
			break
		}
	}
	return least
}

func mustProduct(t testing.TB, s *network.Simulation, p *param.Tree, loss network.Objective, v []float64) (float64, []float64, []float64) {
	t.Helper()
	value, gradient, product, err := s.HessianVector(context.Background(), p, loss, v)
	if err != nil {
		t.Fatal(err)
	}
	return value, gradient, product
}

func dot(a, b []float64) (sum float64) {
	for k := range a {
		sum += a[k] * b[k]
	}
	return sum
}

func absDot(a, b []float64) (sum float64) {
	for k := range a {
		sum += math.Abs(a[k] * b[k])
	}
	return sum
}

func largest(m map[string]float64) (x float64) {
	for _, v := range m {
		x = max(x, v)
	}
	return x
}

// decay is dv/dt = −k·v + c on nodes that are coupled linearly: a linear model.
func decay(k float64) models.Model {
	m := own("dv/dt = -k*v + c\ndw/dt = 0")
	m.Params = []param.Spec{{Name: "k", Default: k}}
	return m
}

// TestHessianOfLinearModel compares with what is known in closed form. With Euler's method the states at the
// end are y = Mᵀ·x₀ with M = 1 + h·(W − k); for a mean squared error the Hessian with respect to x₀ is then
// 2·Pᵀ·P/n, P = M^T, wherever x₀ is; and of one node y = q^T·x₀ with q = 1 − h·k has the derivatives that a
// power has.
func TestHessianOfLinearModel(t *testing.T) {
	const h, steps, k = 0.5, 40, 0.1
	weights := [][]float64{{0, 0.02, 0}, {0.05, 0, 0.01}, {0.03, -0.04, 0}}
	power := [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for range steps {
		next := [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}
		for i := range 3 {
			for j := range 3 {
				next[i][j] = (1 - h*k) * power[i][j]
				for l := range 3 {
					next[i][j] += h * weights[i][l] * power[l][j]
				}
			}
		}
		power = next
	}
	sim := prepare(t, network.Network{Dynamics: decay(k), Graph: graph.FromDense(weights), Coupling: coupling.Set{"delayed": coupling.Linear("v").With(param.Set{"G": 1})}},
		solver.Euler{}, network.Grid{End: steps * h, Step: h}, network.Options{})
	loss := observe.Last(1).Variable(0).Then(observe.SquaredErrorTo([]float64{0.3, -0.1, 0.2}))
	_, _, hessian, err := sim.Hessian(t.Context(), sim.Params().Regional("initial_state.v").Free("initial_state.v"), loss)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			for l := range 3 {
				want += 2 * power[l][i] * power[l][j] / 3
			}
			if math.Abs(hessian[i][j]-want) > 1e-14 || hessian[i][j] != hessian[j][i] {
				t.Errorf("H[%d][%d] = %v and %v, want %v", i, j, hessian[i][j], hessian[j][i], want)
			}
		}
	}

	sim = prepare(t, network.Network{Dynamics: decay(k).Initial(param.Set{"v": 2}), Graph: graph.FromDense([][]float64{{0}})},
		solver.Euler{}, network.Grid{End: steps * h, Step: h}, network.Options{})
	loss = observe.Last(1).Variable(0).Then(observe.SquaredError(0.5))
	value, gradient, hessian, err := sim.Hessian(t.Context(), sim.Params().Free("dynamics.k", "initial_state.v"), loss)
	if err != nil {
		t.Fatal(err)
	}
	const q, x = 1 - h*k, 2.0
	y, miss := x*math.Pow(q, steps), x*math.Pow(q, steps)-0.5
	dk, dx := -x*steps*h*math.Pow(q, steps-1), math.Pow(q, steps)
	dkk, dkx := x*steps*(steps-1)*h*h*math.Pow(q, steps-2), -steps*h*math.Pow(q, steps-1)
	want := []float64{miss * miss, 2 * miss * dk, 2 * miss * dx, 2 * (dk*dk + miss*dkk), 2 * (dk*dx + miss*dkx), 2 * dx * dx}
	for i, got := range []float64{value, gradient[0], gradient[1], hessian[0][0], hessian[0][1], hessian[1][1]} {
		if math.Abs(got-want[i]) > 1e-13*(1+math.Abs(want[i])) {
			t.Errorf("number %d: %v, want %v; y = %v", i, got, want[i], y)
		}
	}
}

// TestHessianIsZero holds that the product is exactly 0 where the loss is linear in what is free.
func TestHessianIsZero(t *testing.T) {
	for _, c := range []coupling.Coupling{coupling.Linear("v"), coupling.Linear("v").LinearReads(), onEdges(coupling.Linear("v"))} {
		sim := prepare(t, network.Network{Dynamics: decay(0.1), Graph: ring(6, true), Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 0.1})}, Noise: noise.Additive{Sigma: 0.1}},
			solver.RK4{}, network.Grid{End: 30, Step: 0.5}, network.Options{})
		p := sim.Params().Regional("initial_state.v").Free("initial_state.v", "noise.sigma")
		direction := p.Theta()
		for k := range direction {
			direction[k] = float64(k + 1)
		}
		_, gradient, product := mustProduct(t, sim, p, waves{}, direction)
		for k, x := range product {
			if x != 0 || gradient[k] == 0 {
				t.Errorf("%s: product %v, gradient %v", p.ThetaNames()[k], x, gradient[k])
			}
		}
	}
}

// TestHessianBits holds that a product has the same bits in little memory, alone and beside others at once,
// after other derivatives or before, and on every platform.
func TestHessianBits(t *testing.T) {
	committed := map[string]uint64{
		"ReducedWongWang Heun, delays": 0x23dedd99bc9ced49,
		"JansenRit RK4, delays":        0x576ca395ec5f981c,
	}
	compute := func(s *network.Simulation, paths ...string) []float64 {
		loss := lossOf(s)
		for k := range loss.w {
			loss.w[k], loss.v[k] = float64(k%7-3), float64(k%5-2)/4
		}
		p := s.Params().Free(paths...)
		direction := p.Theta()
		for k := range direction {
			direction[k] *= float64(k%9-4) / 4
		}
		_, gradient, product, err := s.HessianVector(context.Background(), p, loss, direction)
		if err != nil {
			t.Error(err)
		}
		return append(product, gradient...)
	}
	frees := [][]string{{"dynamics.*", "coupling.*", "initial_state.*", "noise.sigma"}, {"graph.weights", "coupling.*"}}
	alone, together := examples(40), examples(40)
	for name, want := range committed {
		var list [4][]float64
		var group sync.WaitGroup
		for k := range list {
			group.Go(func() {
				if k == 0 {
					mustGradient(t, together[name], released(together[name]), lossOf(together[name]))
				}
				list[k] = compute(together[name], frees[k%2]...)
			})
		}
		group.Wait()
		for k, paths := range frees {
			first := compute(alone[name], paths...)
			for _, other := range [][]float64{list[k], list[k+2]} {
				if d := firstDifference(first, other); d != "" {
					t.Errorf("%s, %v free, several at once: %s", name, paths, d)
				}
			}
			if got := selfcheck.Hash(first); k == 0 && got != want {
				t.Errorf("%s: the product hashes to %#x, committed is %#x", name, got, want)
			}
		}
	}
}

// TestHessianMemory holds that products have the same bits however little may be kept, down to a refusal.
func TestHessianMemory(t *testing.T) {
	net := network.Network{Dynamics: models.ReducedWongWang(), Graph: ring(6, true), Noise: noise.Additive{Sigma: 0.01},
		Coupling: coupling.Set{"delayed": coupling.SigmoidalJansenRit("S", "S").With(param.Set{"G": 0.1}).LinearReads(), "instant": coupling.Linear("S").LinearReads()}}
	var want []float64
	kept, refused := 0, 0
	for memory := int64(4 << 20); memory > 4<<10; memory = memory / 3 {
		s := prepare(t, net, solver.Heun{}, network.Grid{End: 150, Step: 0.5}, network.Options{Seed: 5, Memory: memory})
		p := s.Params().Free("*")
		loss := newWeighted(rand.New(rand.NewPCG(1, 2)), s.Steps()-20, 20*6)
		direction, r := p.Theta(), rand.New(rand.NewPCG(2, 9))
		for k := range direction {
			direction[k] *= r.NormFloat64()
		}
		_, gradient, product, err := s.HessianVector(t.Context(), p, loss, direction)
		if err != nil {
			checkMessage(t, err, "Options.Memory")
			refused++
			continue
		}
		got := append(product, gradient...)
		if want == nil {
			want = got
		}
		kept++
		if d := firstDifference(got, want); d != "" || refused > 0 {
			t.Errorf("%d bytes, after %d refusals: %s", memory, refused, d)
		}
	}
	if kept < 4 || refused == 0 {
		t.Errorf("%d memories were enough, %d were not", kept, refused)
	}
}

// TestHessianOfMessagesWithoutWeight holds that a message whose derivatives are not finite between a node and
// itself does no harm where there is no such connection.
func TestHessianOfMessagesWithoutWeight(t *testing.T) {
	root := differenceOnEdges()
	root.Message = "m = sqrt(abs(x - x_i))"
	net := network.Network{
		Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.1, 0.3, 0.6}}),
		Coupling: coupling.Set{"delayed": root.With(param.Set{"G": 0.001})},
		Graph:    graph.FromDense([][]float64{{0, 1, 2}, {1, 0, 1}, {2, 1, 0}}),
	}
	sim := prepare(t, net, solver.Heun{}, network.Grid{End: 10, Step: 1}, network.Options{})
	loss := observe.Last(5).Mean(observe.OverTime).Then(observe.SquaredError(0.4))
	there := param.Masked{Free: []bool{false, true, true, true, false, true, true, true, false}}
	p := sim.Params().Regional("initial_state.S").Transform("graph.weights", there).Free("initial_state.S", "coupling.delayed.G", "graph.weights")
	_, _, hessian, err := sim.Hessian(t.Context(), p, loss)
	if err != nil {
		t.Fatal(err)
	}
	theta := p.Theta()
	for k, name := range p.ThetaNames() {
		const h = 1e-4
		moved := func(by float64) []float64 {
			q, x := p.Clone(), append([]float64(nil), theta...)
			x[k] += by
			if err := q.SetTheta(x); err != nil {
				t.Fatal(err)
			}
			return mustGradient(t, sim, q, loss)
		}
		plus, minus, plus2, minus2 := moved(h), moved(-h), moved(2*h), moved(-2*h)
		for j, got := range hessian[k] {
			want := (8*(plus[j]-minus[j]) - (plus2[j] - minus2[j])) / (12 * h)
			if !(math.Abs(got-want) <= 1e-9) || got == 0 {
				t.Errorf("%s, %s: %v, differences %v", name, p.ThetaNames()[j], got, want)
			}
		}
	}
}

// TestHessianAtWholeSteps holds that linear reads of delays that are whole steps ask for no more history than
// a run does, and that the curvature with respect to what is not delayed is the one of nearest reads.
func TestHessianAtWholeSteps(t *testing.T) {
	history := [][][]float64{{{0.2, 0.3}}, {{0.25, 0.2}}, {{0.3, 0.4}}}
	products := func(c coupling.Coupling) map[string]float64 {
		net := network.Network{Dynamics: models.ReducedWongWang(), History: history, Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 0.3})},
			Graph: graph.FromDense(pair).WithDelays([][]float64{{0, 2}, {1, 0}})}
		sim := prepare(t, net, solver.Euler{}, network.Grid{End: 20, Step: 1}, network.Options{})
		p := sim.Params().Free("dynamics.w", "coupling.delayed.G", "history")
		if c.ReadsLinearly() {
			p.Free("graph.delays")
		}
		direction := p.Theta()
		for k, name := range p.ThetaNames() {
			if strings.HasPrefix(name, "graph.delays") {
				direction[k] = 0
			}
		}
		_, gradient, hv := mustProduct(t, sim, p, waves{}, direction)
		plain, named := mustGradient(t, sim, p, waves{}), map[string]float64{}
		for k, name := range p.ThetaNames() {
			if math.Abs(gradient[k]-plain[k]) > 1e-12*(1+math.Abs(plain[k])) {
				t.Errorf("%s: gradient %v, want %v", name, gradient[k], plain[k])
			}
			named[name] = hv[k]
		}
		return named
	}
	linear := products(coupling.Linear("S").LinearReads())
	for name, want := range products(coupling.Linear("S")) {
		if got := linear[name]; math.Abs(got-want) > 1e-12*(1+math.Abs(want)) || want == 0 && name != "history[0][0][0]" {
			t.Errorf("%s: %v by linear reads, %v by nearest reads", name, got, want)
		}
	}
}
