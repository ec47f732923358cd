package stimulus

import (
	"strconv"
	"strings"
)

// Samples are the values of a stimulus at certain times, for example a recorded signal or a protocol.
type Samples struct {
	// Data are the samples in time: []float64 [K], [][]float64 [K][N], or [][][]float64 [K][channels][N],
	// where N is the number of regions, or 1 if all get the same. They become the leaf
	// external.<input>.data, which can be freed.
	Data any
	// Times are the K times of the samples in ms, in increasing order; nil means that sample k is at
	// Start + k·Interval.
	Times           []float64
	Start, Interval float64 // ms
	Between         Interpolation
	Outside         Extension
	// Symbols are the names by which the equations read the channels of the data; [Sampled] sets them.
	Symbols []string
}

// Interpolation says what a stimulus is between its samples y_k at times t_k.
type Interpolation int

// The interpolations. A time within 10⁻⁹ of an interval before a sample counts as the sample's, where the
// value would jump.
const (
	Linear   Interpolation = iota // straight lines
	Previous                      // the last sample that was not later
	Nearest                       // the nearest sample, the later one half-way
	// Cubic is a cubic Hermite piece per interval, with the slope (y_k − y_{k−1})/(t_k − t_{k−1}) at t_k;
	// the first piece is a straight line. A value depends on no sample later than the next.
	Cubic
)

// Extension says what a stimulus is before its first and after its last sample.
type Extension int

// The extensions.
const (
	Hold     Extension = iota // the first and the last sample
	Continue                  // what the first and the last piece give when continued
)

// Sampled is what was sampled in time, interpolated and evaluated at the time of every stage.
func Sampled(s Samples) Stimulus {
	channels := 1
	if data, ok := s.Data.([][][]float64); ok && len(data) > 0 {
		channels = len(data[0])
	}
	var equations, names []string
	s.Symbols = nil
	for k := range channels {
		suffix := ""
		if channels > 1 {
			suffix = strconv.Itoa(k)
		}
		names = append(names, "u"+suffix)
		s.Symbols = append(s.Symbols, "data"+suffix)
		equations = append(equations, "u"+suffix+" = data"+suffix)
	}
	return Stimulus{Name: "Sampled", Equations: strings.Join(equations, "\n"), Channels: names, Samples: &s}
}
