package network

import (
	"fmt"
	"slices"
	"sort"
	"strconv"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/stimulus"
)

// sampled is a stimulus with samples in its place: what its equations read is fed from a leaf, by a wire per
// channel and time within the step.
type sampled struct {
	samples stimulus.Samples
	times   []float64
	leaf    int
	width   int // numbers per channel: 1, or one per region
	stages  []ad.Expr
}

// addSamples checks the samples of the stimulus of an input and adds their leaf.
func (a *assembly) addSamples(g *group, input string, s stimulus.Samples) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("network: stimulus %q: "+format, append([]any{input}, args...)...)
	}
	data, shape, err := flatSamples(s.Data)
	if err != nil {
		return fail("%w", err)
	}
	channels, width := 1, 1
	if len(shape) == 3 {
		channels = shape[1]
	}
	if len(shape) > 1 {
		width = shape[len(shape)-1]
	}
	if width != 1 && width != len(g.nodes) {
		return fail("data has shape %v; its last extent is the number of regions, %d, or 1", shape, len(g.nodes))
	}
	if channels != len(s.Symbols) {
		return fail("data has %d channels, Samples.Symbols names %d; name one for each", channels, len(s.Symbols))
	}
	times, err := sampleTimes(s, shape[0])
	if err != nil {
		return fail("%w", err)
	}
	leaf := a.addLeaf(param.Leaf{Path: g.external(input) + "data", Shape: shape, Value: data, Meaning: "samples in time"}, leafCheck{rows: 1, exact: true})
	g.sampled[input] = &sampled{samples: s, times: times, leaf: leaf, width: width}
	return nil
}

// flatSamples are the numbers of a stimulus's data with their shape.
func flatSamples(data any) (values []float64, shape []int, err error) {
	rows, ok := data.([][][]float64)
	if !ok {
		switch data.(type) {
		case []float64, [][]float64:
			return param.Set{"data": data}.Value("data")
		}
		return nil, nil, fmt.Errorf("data is a %T; give []float64 [time], [][]float64 [time][region] or [][][]float64 [time][channel][region]", data)
	}
	if len(rows) == 0 || len(rows[0]) == 0 || len(rows[0][0]) == 0 {
		return nil, nil, fmt.Errorf("data holds no numbers; give at least one sample")
	}
	shape = []int{len(rows), len(rows[0]), len(rows[0][0])}
	for k, row := range rows {
		for c, regions := range row {
			if len(row) != shape[1] || len(regions) != shape[2] {
				return nil, nil, fmt.Errorf("sample %d has %d channels and, in channel %d, %d regions; sample 0 has %d channels of %d: give all alike", k, len(row), c, len(regions), shape[1], shape[2])
			}
			values = append(values, regions...)
		}
		if len(row) == 0 {
			return nil, nil, fmt.Errorf("sample %d has no channels, sample 0 has %d: give all alike", k, shape[1])
		}
	}
	return values, shape, nil
}

// sampleTimes are the times of so many samples.
func sampleTimes(s stimulus.Samples, count int) ([]float64, error) {
	if s.Between < stimulus.Linear || s.Between > stimulus.Cubic || s.Outside < stimulus.Hold || s.Outside > stimulus.Continue {
		return nil, fmt.Errorf("Samples.Between is %d, Outside %d; choose from stimulus.Linear, Previous, Nearest, Cubic, and from stimulus.Hold, Continue", s.Between, s.Outside)
	}
	times := slices.Clone(s.Times)
	if times == nil {
		if !finite(s.Start) || count > 1 && (!(s.Interval > 0) || !finite(s.Interval)) {
			return nil, fmt.Errorf("samples start at %v ms and are %v ms apart; give a finite start and a positive interval, or Times", s.Start, s.Interval)
		}
		for k := range count {
			times = append(times, s.Start+float64(float64(k)*s.Interval))
		}
	} else if s.Start != 0 || s.Interval != 0 {
		return nil, fmt.Errorf("both Times and Start or Interval are given; leave one out")
	}
	if len(times) != count {
		return nil, fmt.Errorf("%d times for %d samples; give one per sample", len(times), count)
	}
	for k, t := range times {
		if !finite(t) || k > 0 && !(t > times[k-1]) {
			return nil, fmt.Errorf("sample %d is at %v ms, the one before at %v ms; times must be finite and increase", k, t, times[max(k-1, 0)])
		}
	}
	return times, nil
}

// feedSamples adds to what the equations of a stimulus know the symbols of its samples at a stage's time:
// external.u.s@j is symbol s of input u at the j-th time within a step.
func (a *assembly) feedSamples(g *group, known map[string]ad.Expr, input string, t ad.Expr) error {
	s := g.sampled[input]
	if s == nil {
		return nil
	}
	offset, err := a.offset(t)
	if err != nil {
		return fmt.Errorf("network: stimulus %q: %w", input, err)
	}
	stage := slices.Index(s.stages, t)
	added := stage < 0
	if added {
		stage = len(s.stages)
		s.stages = append(s.stages, t)
	}
	for c, symbol := range s.samples.Symbols {
		name := g.external(input) + symbol + "@" + strconv.Itoa(stage)
		known[symbol] = a.arena.Symbol(name)
		if added {
			a.spec.Feeds = append(a.spec.Feeds, engine.Feed{Wire: a.addWire(name, g.number), Leaf: s.leaf, At: c * s.width, Stride: len(s.samples.Symbols) * s.width,
				Uniform: s.width == 1, Taps: s.tapsAt(a.grid, a.spec.First, offset)})
		}
	}
	return nil
}

// offset is how long after the start of the step a stage's time is: t is that symbol plus a constant.
func (a *assembly) offset(t ad.Expr) (float64, error) {
	start := a.arena.Symbol(engine.TimeSymbol)
	ms, err := ad.Eval(t, map[string]float64{engine.TimeSymbol: 0}) // exact: the sum of 0 and the constant
	if err != nil || start.Add(a.arena.Const(ms)) != t {
		return 0, fmt.Errorf("solver %s has a stage at the time %v, which is not the step's start plus a constant; samples cannot be read there", a.solver.Name(), t)
	}
	return ms, nil
}

// tapsAt are the rows read at a time within each step.
func (s *sampled) tapsAt(grid Grid, first int, offset float64) func(step int) [3]engine.Tap {
	return func(step int) [3]engine.Tap {
		return s.taps(grid.Start + float64(float64(first+step)*grid.Step) + offset)
	}
}

// almost is the part of an interval by which a time may miss a jump and still count as having reached it.
const almost = 1e-9

// taps are the rows that make up the value at a time, with their shares.
func (s *sampled) taps(t float64) [3]engine.Tap {
	last := len(s.times) - 1
	if last == 0 {
		return [3]engine.Tap{{Share: 1}}
	}
	if s.samples.Outside == stimulus.Hold {
		t = min(max(t, s.times[0]), s.times[last])
	}
	k := sort.Search(len(s.times), func(k int) bool { return s.times[k] > t }) - 1
	k = min(max(k, 0), last-1)
	length := s.times[k+1] - s.times[k]
	u := (t - s.times[k]) / length // 0 at sample k, 1 at the next
	switch s.samples.Between {
	case stimulus.Previous:
		if u < 1-almost {
			return [3]engine.Tap{{Row: k, Share: 1}}
		}
		return [3]engine.Tap{{Row: k + 1, Share: 1}}
	case stimulus.Nearest:
		if u < 0.5-almost {
			return [3]engine.Tap{{Row: k, Share: 1}}
		}
		return [3]engine.Tap{{Row: k + 1, Share: 1}}
	case stimulus.Cubic:
		if k > 0 {
			return hermite(k, u, length/(s.times[k]-s.times[k-1]))
		}
	}
	return [3]engine.Tap{{Row: k, Share: 1 - u}, {Row: k + 1, Share: u}}
}

// hermite are the taps of the cubic piece from sample k to the next, at a part u of it; ratio is its length
// over that of the piece before. With the slopes m of the piece before and s of this one, times its length,
// it is y_k + (u − 2u² + u³)·m + (2u² − u³)·s.
func hermite(k int, u, ratio float64) [3]engine.Tap {
	before := float64(u * (1 - u) * (1 - u) * ratio)
	this := float64(u * u * (2 - u))
	return [3]engine.Tap{{Row: k - 1, Share: -before}, {Row: k, Share: 1 + before - this}, {Row: k + 1, Share: this}}
}
