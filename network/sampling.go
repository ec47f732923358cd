package network

import "fmt"

// Sampling says which samples of a run are recorded; the zero value is every sample. What is not recorded
// takes no memory, however long the run. A loss sees what is recorded: its samples are the recorded ones.
type Sampling struct {
	kind samplingKind
	of   int // samples
}

type samplingKind int

const (
	allSamples samplingKind = iota
	eachOf
	averageOf
)

// Every records one of every k samples: numbers k−1, 2k−1, …, at their times, as The Virtual Brain's
// SubSample does.
func Every(k int) Sampling { return Sampling{eachOf, k} }

// Average records the mean over every k samples: 0…k−1, k…2k−1, …, at the middle of their k steps, as The
// Virtual Brain's TemporalAverage does. Samples after the last whole k are left out.
func Average(k int) Sampling { return Sampling{averageOf, k} }

// String is the call that made it: "Every(10)"; "every sample" for the zero value.
func (s Sampling) String() string {
	switch s.kind {
	case eachOf:
		return fmt.Sprintf("Every(%d)", s.of)
	case averageOf:
		return fmt.Sprintf("Average(%d)", s.of)
	}
	return "every sample"
}

// sample sets how often the schedule records.
func (a *assembly) sample(s Sampling) error {
	if s.kind == allSamples {
		return nil
	}
	if s.of < 1 || s.of > a.spec.Steps {
		return fmt.Errorf("network: Options.Sampling is %v in a run of %d samples; choose a number from 1 to %d", s, a.spec.Steps, a.spec.Steps)
	}
	a.spec.Every, a.spec.Average = s.of, s.kind == averageOf
	return nil
}

// time is when a recorded row is, in ms.
func (a *assembly) time(row int) float64 {
	every := max(a.spec.Every, 1)
	steps := float64(a.spec.First + row*every) // from the start to the first sample's step
	switch {
	case a.spec.Average:
		steps += float64(float64(every) / 2)
	case a.grid.Record == AfterStep:
		steps += float64(every)
	default:
		steps += float64(every - 1)
	}
	return a.grid.Start + float64(steps*a.grid.Step)
}
