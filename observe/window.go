package observe

import "fmt"

// window says which samples are observed; the zero value is all of them.
type window struct {
	kind     windowKind
	count    int // lastSamples
	from, to int // fromTo
}

type windowKind uint8

const (
	allSamples windowKind = iota
	lastSamples
	fromTo
)

func (w window) String() string {
	switch w.kind {
	case lastSamples:
		if w.count == 1 {
			return "last sample"
		}
		return fmt.Sprintf("last %d samples", w.count)
	case fromTo:
		return fmt.Sprintf("samples from %d up to %d", w.from, w.to)
	default:
		return "all samples"
	}
}

// resolve is the window [from, to) in a run of so many samples.
func (w window) resolve(samples int) (from, to int, err error) {
	if samples < 1 {
		return 0, 0, fmt.Errorf("observe: a run of %d samples; wanted at least one: let it end later", samples)
	}
	switch w.kind {
	case lastSamples:
		if w.count < 1 {
			return 0, 0, fmt.Errorf("observe: Last(%d); wanted at least one sample: use observe.All() for all of them", w.count)
		}
		if w.count > samples {
			return 0, 0, fmt.Errorf("observe: Last(%d) on a run of %d samples; wanted a window no longer than the run: let the run end later or take fewer samples", w.count, samples)
		}
		return samples - w.count, samples, nil
	case fromTo:
		if w.from < 0 || w.from >= w.to {
			return 0, 0, fmt.Errorf("observe: Window(%d, %d); wanted 0 ≤ from < to: sample numbers start at 0 and \"to\" is not included", w.from, w.to)
		}
		if w.to > samples {
			return 0, 0, fmt.Errorf("observe: Window(%d, %d) on a run of %d samples; wanted \"to\" at most %d: let the run end later or the window earlier", w.from, w.to, samples, samples)
		}
		return w.from, w.to, nil
	default:
		return 0, samples, nil
	}
}
