package network

import (
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/internal/engine"
)

// DivergenceError reports a run whose state stopped being finite.
type DivergenceError struct {
	Time       float64 // ms, of the step that failed
	State      string
	Node       int
	Region     string
	Expression string // the first subexpression that was not finite, "" if that could not be told
	Value      float64
}

// Error names time, state, region and subexpression.
func (e *DivergenceError) Error() string {
	msg := fmt.Sprintf("network: the run diverged: %s of %s is not finite at %.6g ms", e.State, e.Region, e.Time)
	if e.Expression != "" {
		msg += fmt.Sprintf("\nfirst not finite: %s = %v", e.Expression, e.Value)
	}
	return msg + "\ntry a smaller step, or parameters nearer to their ranges"
}

// explain turns the engine's report into one in the network's terms.
func (s *Simulation) explain(err error) error {
	var bad *engine.NonFiniteError
	if !errors.As(err, &bad) {
		return err
	}
	a := s.assembly
	g := a.groups[a.spec.Wires[a.spec.Next[bad.State]].Group]
	node := int(g.nodes[bad.Node])
	d := &DivergenceError{Time: a.grid.Start + float64(float64(a.spec.First+bad.Step+1)*a.grid.Step), Node: node, Region: s.Regions()[node], State: g.states()[bad.State-g.firstX]}
	if culprit, value := s.engine.Culprit(bad); !culprit.IsZero() {
		d.Expression, d.Value = culprit.String(), value
	}
	return d
}
