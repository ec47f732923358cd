package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
)

// record selects what is recorded: states first, then auxiliaries. Groups that have a variable of the same
// name share its place.
func (a *assembly) record(names []string) error {
	states, auxiliaries := a.recordable()
	all := slices.Concat(states, auxiliaries)
	if len(names) == 0 {
		names = states
	}
	for i, name := range names {
		if !slices.Contains(all, name) {
			return fmt.Errorf("network: cannot record %q: %s such state or auxiliary%s", name, a.without(), suggest.Hint(name, all))
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("network: %q is to be recorded twice; name it once", name)
		}
	}
	for _, list := range [][]string{states, auxiliaries} {
		for _, name := range names {
			if slices.Contains(list, name) && !slices.Contains(a.variables, name) {
				a.variables = append(a.variables, name)
			}
		}
	}
	a.spec.RowSize = len(a.variables) * a.nodes
	for v, name := range a.variables {
		for _, g := range a.groups {
			a.recordOf(g, v, name)
		}
	}
	return nil
}

// recordable are the names of all states and of all auxiliaries, in the order of groups and models.
func (a *assembly) recordable() (states, auxiliaries []string) {
	add := func(to, names []string) []string {
		for _, name := range names {
			if !slices.Contains(to, name) {
				to = append(to, name)
			}
		}
		return to
	}
	for _, g := range a.groups {
		states = add(states, g.states())
		auxiliaries = add(auxiliaries, g.Dynamics.Auxiliaries)
	}
	return states, auxiliaries
}

// without begins the saying that no model has something.
func (a *assembly) without() string {
	if len(a.groups) == 1 {
		return "model " + a.groups[0].Dynamics.Name + " has no"
	}
	return "no group's model has"
}

// has reports whether a group can record a variable.
func (g *group) has(name string) bool {
	return slices.Contains(g.states(), name) || slices.Contains(g.Dynamics.Auxiliaries, name)
}

// recordOf records a group's variable as number v, if the group has it.
func (a *assembly) recordOf(g *group, v int, name string) {
	var wire int
	if i := slices.Index(g.states(), name); i >= 0 {
		wires := a.spec.Next
		if a.grid.Record == BeforeStep {
			wires = a.spec.State
		}
		wire = of(g, wires)[i]
	} else if slices.Contains(g.Dynamics.Auxiliaries, name) {
		wire = a.addWire("aux."+g.mark+name, g.number)
		first := &a.spec.Ops[g.firstStage]
		first.Assign = append(first.Assign, engine.Assign{Wire: wire, Expr: g.auxiliaries[name]})
	} else {
		a.absent = true
		return
	}
	places := make([]int32, len(g.nodes))
	for i, node := range g.nodes {
		places[i] = int32(v*a.nodes) + node
	}
	a.spec.Record, a.spec.Places = append(a.spec.Record, wire), append(a.spec.Places, places)
}
