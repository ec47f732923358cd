package network

import (
	"fmt"
	"strconv"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/solver"
)

// writeStep writes the schedule of one step. With a coupling frozen over the step it is: signals, sums,
// and one elementwise operation that is the whole step. Where instantaneous couplings are recomputed per
// stage, the step is cut after every stage: slopes, signals of the next stage, sums, and so on.
func (a *assembly) writeStep() error {
	states := stateNames(a.net.Dynamics)
	x := make([]ad.Expr, len(states))
	for i, s := range states {
		x[i] = a.arena.Symbol("x." + s)
	}
	cut := false
	for _, c := range a.couplings {
		cut = cut || a.solver.PerStage() && !c.delayed
	}
	stage := 0
	var failed error
	derivative := func(t ad.Expr, stageX []ad.Expr) []ad.Expr {
		var k []ad.Expr
		if failed == nil {
			k, failed = a.stage(stage, cut, t, x, stageX)
		}
		if failed != nil {
			return x // any expressions: the step is given up
		}
		stage++
		return k
	}
	next := a.solver.Step(solver.Step{Arena: a.arena, H: a.grid.Step, T: a.arena.Symbol(engine.TimeSymbol), X: x, Noise: a.increments(), Derivative: derivative})
	if failed != nil {
		return failed
	}
	op := engine.Op{}
	for i, e := range next {
		op.Assign = append(op.Assign, engine.Assign{Wire: a.spec.Next[i], Expr: e})
	}
	if !cut {
		a.firstStage = len(a.spec.Ops)
	}
	a.spec.Ops = append(a.spec.Ops, op)
	return nil
}

// stage writes what a stage needs before it, and returns its slopes: as expressions, or, if the step is
// cut, as wires that an operation of its own computes.
func (a *assembly) stage(number int, cut bool, t ad.Expr, startX, stageX []ad.Expr) ([]ad.Expr, error) {
	local := startX
	if a.solver.PerStage() {
		local = stageX
	}
	inputs := map[string][]ad.Expr{}
	for _, c := range a.couplings {
		sums := c.sums
		if number == 0 || cut && !c.delayed {
			var err error
			receive := a.receive
			if c.onEdges {
				receive = a.receiveOnEdges
			}
			if sums, err = receive(c, number, stageX); err != nil {
				return nil, err
			}
		}
		if number == 0 {
			c.sums = sums
		}
		channels, err := a.post(c, sums, local)
		if err != nil {
			return nil, err
		}
		for k, e := range channels {
			if len(inputs[c.input.Name]) <= k {
				inputs[c.input.Name] = append(inputs[c.input.Name], ad.Expr{})
			}
			inputs[c.input.Name][k] = inputs[c.input.Name][k].Add(e)
		}
	}
	resolved, err := a.resolveModel(t, stageX, inputs)
	if err != nil {
		return nil, err
	}
	if number == 0 {
		a.auxiliaries = resolved.Values
	}
	slopes := make([]ad.Expr, len(stageX))
	op := engine.Op{}
	for i, s := range stateNames(a.net.Dynamics) {
		slopes[i] = resolved.Derivatives[s]
		if cut {
			name := "k." + s + "@" + strconv.Itoa(number)
			op.Assign = append(op.Assign, engine.Assign{Wire: a.addWire(name), Expr: slopes[i]})
			slopes[i] = a.arena.Symbol(name)
		}
	}
	if cut {
		if number == 0 {
			a.firstStage = len(a.spec.Ops)
		}
		a.spec.Ops = append(a.spec.Ops, op)
	}
	return slopes, nil
}

// receive writes the signals and sums of a coupling at a stage and returns the sums, by channel.
func (a *assembly) receive(c *coupled, stage int, x []ad.Expr) ([]ad.Expr, error) {
	states := stateNames(a.net.Dynamics)
	known := map[string]ad.Expr{}
	for k, symbol := range c.SourceSymbols {
		for i, s := range states {
			if s == c.Source()[k] {
				known[symbol] = x[i]
			}
		}
	}
	a.paramSymbols(known, c.prefix(), c.Params)
	resolved, err := c.signal.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	sum := &engine.Sum{Route: c.route}
	var op engine.Op
	var received []ad.Expr
	for _, channel := range c.signals() {
		e := resolved.Values[channel]
		from := a.stateWire(e)
		suffix := c.name + "." + channel + "@" + strconv.Itoa(stage)
		if from < 0 {
			from = a.addWire("s." + suffix)
			op.Assign = append(op.Assign, engine.Assign{Wire: from, Expr: e})
		}
		sum.From = append(sum.From, from)
		sum.To = append(sum.To, a.addWire("sum."+suffix))
		received = append(received, a.arena.Symbol("sum."+suffix))
	}
	if op.Assign != nil {
		a.spec.Ops = append(a.spec.Ops, op)
	}
	a.spec.Ops = append(a.spec.Ops, engine.Op{Sum: sum})
	return received, nil
}

// stateWire is the wire of a signal that is just a state at the start of the step, else −1.
func (a *assembly) stateWire(e ad.Expr) int {
	for i, s := range stateNames(a.net.Dynamics) {
		if e == a.arena.Symbol("x."+s) {
			return a.spec.State[i]
		}
	}
	return -1
}

// post is what a coupling makes of its sums, by channel of the input.
func (a *assembly) post(c *coupled, sums, local []ad.Expr) ([]ad.Expr, error) {
	known := map[string]ad.Expr{}
	for k, channel := range c.signals() {
		known[channel] = sums[k]
	}
	for k, symbol := range c.LocalSymbols {
		for i, s := range stateNames(a.net.Dynamics) {
			if s == c.LocalStates()[k] {
				known[symbol] = local[i]
			}
		}
	}
	a.paramSymbols(known, c.prefix(), c.Params)
	strength := "strength#" + strconv.Itoa(c.route)
	known["strength"] = a.arena.Symbol(strength)
	resolved, err := c.post.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	channels := make([]ad.Expr, len(c.Channels))
	for k, name := range c.Channels {
		e, ok := resolved.Values[name]
		if !ok {
			return nil, fmt.Errorf("network: coupling %q does not assign its channel %q; add it to Post", c.name, name)
		}
		channels[k] = e
		for _, symbol := range ad.Symbols(e) {
			if symbol == strength {
				a.spec.Routes[c.route].Strength = strength
			}
		}
	}
	return channels, nil
}

// resolveModel is the right-hand side at a stage.
func (a *assembly) resolveModel(t ad.Expr, x []ad.Expr, inputs map[string][]ad.Expr) (*ad.Resolved, error) {
	m := a.net.Dynamics
	known := map[string]ad.Expr{engine.TimeSymbol: t}
	for i, s := range stateNames(m) {
		known[s] = x[i]
	}
	a.paramSymbols(known, "dynamics.", m.Params)
	for _, in := range m.Inputs {
		for k, symbol := range in.Symbols {
			known[symbol] = a.arena.Const(0)
			if channels := inputs[in.Name]; channels != nil {
				known[symbol] = channels[k]
			}
		}
	}
	for _, in := range m.External {
		values, err := a.stimulus(in.Name, t)
		if err != nil {
			return nil, err
		}
		for k, symbol := range in.Symbols {
			known[symbol] = a.arena.Const(0)
			if values != nil {
				known[symbol] = values[k]
			}
		}
	}
	resolved, err := a.equations.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: model %s: %w", m.Name, err)
	}
	return resolved, nil
}

// stimulus is the value of an external input at a time, by channel; nil if it is not connected.
func (a *assembly) stimulus(name string, t ad.Expr) ([]ad.Expr, error) {
	equations, ok := a.stimuli[name]
	if !ok {
		return nil, nil
	}
	s := a.net.Stimulus[name]
	known := map[string]ad.Expr{engine.TimeSymbol: t}
	a.paramSymbols(known, "external."+name+".", s.Params)
	if err := a.feedSamples(known, name, t); err != nil {
		return nil, err
	}
	resolved, err := equations.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: stimulus %q: %w", name, err)
	}
	channels := make([]ad.Expr, len(s.Channels))
	for k, c := range s.Channels {
		e, ok := resolved.Values[c]
		if !ok {
			return nil, fmt.Errorf("network: stimulus %q does not assign its channel %q", name, c)
		}
		channels[k] = e
	}
	return channels, nil
}
