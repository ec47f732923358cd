package network

import (
	"fmt"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/solver"
)

// writeStep writes the schedule of one step. With a coupling frozen over the step it is: signals, sums,
// and one elementwise operation per group that is the whole step. Where instantaneous couplings are
// recomputed per stage, the step is cut after every stage: slopes, signals of the next stage, sums, and so on.
func (a *assembly) writeStep() error {
	x := make([]ad.Expr, len(a.spec.State))
	for i, w := range a.spec.State {
		x[i] = a.arena.Symbol(a.spec.Wires[w].Name)
	}
	cut := false
	for _, c := range a.couplings {
		cut = cut || a.solver.PerStage() && c.followsStages()
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
	for _, g := range a.groups {
		op := engine.Op{Group: g.number}
		for i, e := range of(g, next) {
			op.Assign = append(op.Assign, engine.Assign{Wire: of(g, a.spec.Next)[i], Expr: e})
		}
		if !cut {
			g.firstStage = len(a.spec.Ops)
		}
		a.spec.Ops = append(a.spec.Ops, op)
	}
	return nil
}

// stage writes what a stage needs before it, and returns its slopes: as expressions, or, if the step is
// cut, as wires that an operation of its own computes.
func (a *assembly) stage(number int, cut bool, t ad.Expr, startX, stageX []ad.Expr) ([]ad.Expr, error) {
	local := startX
	if a.solver.PerStage() {
		local = stageX
	}
	inputs := make([]map[string][]ad.Expr, len(a.groups))
	for i := range inputs {
		inputs[i] = map[string][]ad.Expr{}
	}
	for _, c := range a.couplings {
		sums := c.sums
		if number == 0 || cut && c.followsStages() {
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
		channels, err := a.post(c, sums, of(c.to, local))
		if err != nil {
			return nil, err
		}
		input := inputs[c.to.number]
		for k, e := range channels {
			if len(input[c.input.Name]) <= k {
				input[c.input.Name] = append(input[c.input.Name], ad.Expr{})
			}
			input[c.input.Name][k] = input[c.input.Name][k].Add(e)
		}
	}
	var slopes []ad.Expr
	for _, g := range a.groups {
		k, err := a.slopes(g, number, cut, t, of(g, stageX), inputs[g.number])
		if err != nil {
			return nil, err
		}
		slopes = append(slopes, k...)
	}
	return slopes, nil
}

// slopes are a group's slopes at a stage.
func (a *assembly) slopes(g *group, number int, cut bool, t ad.Expr, x []ad.Expr, inputs map[string][]ad.Expr) ([]ad.Expr, error) {
	resolved, err := a.resolveModel(g, t, x, inputs)
	if err != nil {
		return nil, err
	}
	if number == 0 {
		g.auxiliaries = resolved.Values
	}
	slopes := make([]ad.Expr, len(x))
	op := engine.Op{Group: g.number}
	for i, s := range g.states() {
		slopes[i] = resolved.Derivatives[s]
		if cut {
			name := "k." + g.mark + s + at(number)
			op.Assign = append(op.Assign, engine.Assign{Wire: a.addWire(name, g.number), Expr: slopes[i]})
			slopes[i] = a.arena.Symbol(name)
		}
	}
	if cut {
		if number == 0 {
			g.firstStage = len(a.spec.Ops)
		}
		a.spec.Ops = append(a.spec.Ops, op)
	}
	return slopes, nil
}

// receive writes the signals and sums of a coupling at a stage and returns the sums, by channel.
func (a *assembly) receive(c *coupled, stage int, x []ad.Expr) ([]ad.Expr, error) {
	known := map[string]ad.Expr{}
	c.from.bind(known, c.SourceSymbols, c.Source(), of(c.from, x))
	a.paramSymbols(known, c.signal, c.from, c.prefix(), c.Params)
	resolved, err := c.signal.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	sum := &engine.Sum{Route: c.route}
	op := engine.Op{Group: c.from.number}
	var received []ad.Expr
	for _, channel := range c.signals() {
		e := resolved.Values[channel]
		from := a.stateWire(e)
		suffix := c.name + "." + channel + at(stage)
		if from < 0 {
			from = a.addWire("s."+suffix, c.from.number)
			op.Assign = append(op.Assign, engine.Assign{Wire: from, Expr: e})
		}
		sum.From = append(sum.From, from)
		sum.To = append(sum.To, a.addWire("sum."+suffix, c.to.number))
		received = append(received, a.arena.Symbol("sum."+suffix))
	}
	if op.Assign != nil {
		a.spec.Ops = append(a.spec.Ops, op)
	}
	a.spec.Ops = append(a.spec.Ops, engine.Op{Sum: sum})
	return received, nil
}

// bind makes symbols known as the group's states of these names, given all of them.
func (g *group) bind(known map[string]ad.Expr, symbols, names []string, x []ad.Expr) {
	for k, symbol := range symbols {
		for i, s := range g.states() {
			if s == names[k] {
				known[symbol] = x[i]
			}
		}
	}
}

// stateWire is the wire of a signal that is just a state at the start of the step, else −1.
func (a *assembly) stateWire(e ad.Expr) int {
	for _, w := range a.spec.State {
		if e == a.arena.Symbol(a.spec.Wires[w].Name) {
			return w
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
	if len(c.LocalSymbols) > 0 {
		c.to.bind(known, c.LocalSymbols, c.LocalStates(), local)
	}
	a.paramSymbols(known, c.post, c.to, c.prefix(), c.Params)
	strength := fmt.Sprintf("strength#%d", c.route)
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
