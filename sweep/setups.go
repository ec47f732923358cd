package sweep

import (
	"errors"
	"fmt"
	"sync"

	"github.com/neurograd/neurograd/internal/describe"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/space"
)

// setup is a simulation with what its points begin with.
type setup struct {
	sim  *network.Simulation
	base *param.Tree
	from int // first sample that is observed
}

// setups makes simulations when they are needed and keeps the last ones.
type setups struct {
	Setups
	observations []Observation
	mu           sync.Mutex
	kept         map[int]*setup
	order        []int // of kept, the oldest first
}

// keptSetups is how many simulations are kept at a time.
const keptSetups = 16

func (s *setups) len() int {
	if s.Over == nil {
		return 1
	}
	return s.Over.Len()
}

// point is the n-th setup's point.
func (s *setups) point(n int) (space.Point, error) {
	if s.Over == nil {
		return space.Point{}, nil
	}
	return s.Over.Point(n)
}

func (s *setups) get(n int) (*setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, ok := s.kept[n]; ok {
		return kept, nil
	}
	p, err := s.point(n)
	if err != nil {
		return nil, err
	}
	sim, base, err := s.Of(p)
	if err == nil && (sim == nil || base == nil) {
		err = errors.New("no simulation or no parameters")
	}
	if err != nil {
		if s.Over != nil {
			err = fmt.Errorf("sweep: setup %d, %s: %w", n, p, err)
		}
		return nil, err
	}
	made := &setup{sim: sim, base: base.Clone(), from: sim.Samples()}
	for _, o := range s.observations {
		from, _, err := o.Of.Shape(sim.Samples(), len(sim.Variables()), len(sim.Regions()))
		if err != nil {
			return nil, fmt.Errorf("sweep: %s: %w", o.Name, err)
		}
		made.from = min(made.from, from)
	}
	if len(s.order) == keptSetups {
		delete(s.kept, s.order[0])
		s.order = s.order[1:]
	}
	s.kept[n], s.order = made, append(s.order, n)
	return made, nil
}

func describeSetup(s *setup) (describe.Facts, error) {
	described, err := s.sim.Describe()
	if err != nil {
		return nil, err
	}
	facts := describe.Facts(described)
	for i := range s.base.Len() {
		leaf := s.base.At(i)
		if err := facts.Add("parameters."+leaf.Path, leaf.Value); err != nil {
			return nil, err
		}
		if err := facts.Add("parameters."+leaf.Path+" shape", leaf.Shape); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
