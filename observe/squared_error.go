package observe

import (
	"fmt"
	"math"
	"slices"
)

// SquaredError is the stage that gives the mean over all elements of (y − target)², one number, in
// squared units of y. A target that is not a finite number is an error when the observation meets a run.
func SquaredError(target float64) Stage {
	return squaredError{targets: []float64{target}, common: true}
}

// SquaredErrorTo is [SquaredError] with one target per element, in row-major order: after
// Mean(OverTime) of one variable, one per node. The targets are copied. A count that does not suit is an
// error when the observation meets a run.
func SquaredErrorTo(targets []float64) Stage { return squaredError{targets: slices.Clone(targets)} }

// squaredError is L = Σ_e d_e² / n with d_e = y_e − target_e; ∂L/∂y_e = 2 d_e / n. The sums are chains of
// fused multiply-adds in row-major order, divided at the end.
type squaredError struct {
	targets []float64
	common  bool // one target for all elements
}

func (s squaredError) String() string {
	if s.common {
		return fmt.Sprintf("squared error to %v", s.targets[0])
	}
	if len(s.targets) == 1 {
		return "squared error to 1 target"
	}
	return fmt.Sprintf("squared error to %d targets", len(s.targets))
}

func (s squaredError) Shape(in []int) ([]int, error) {
	if n := elements(in); !s.common && n != len(s.targets) {
		return nil, fmt.Errorf("got %d elements, shape %s; wanted one target per element: give %d targets, or take a mean before", n, shapeText(in), n)
	}
	for i, v := range s.targets {
		if !(math.Abs(v) <= math.MaxFloat64) {
			return nil, fmt.Errorf("target %d is %v; wanted finite numbers", i, v)
		}
	}
	return nil, nil
}

// deviation is y_e − target_e.
func (s squaredError) deviation(y []float64, e int) float64 {
	if s.common {
		return y[e] - s.targets[0]
	}
	return y[e] - s.targets[e]
}

func (s squaredError) Forward(in, out Array) error {
	sum := 0.0
	for e := range in.Data {
		d := s.deviation(in.Data, e)
		sum = math.FMA(d, d, sum)
	}
	out.Data[0] = sum / float64(len(in.Data))
	return nil
}

func (s squaredError) VJP(in, out Array, cot, cotIn []float64) error {
	n := float64(len(in.Data))
	for e := range in.Data {
		cotIn[e] = 2 * s.deviation(in.Data, e) / n * cot[0]
	}
	return nil
}

func (s squaredError) JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error {
	clear(tanOut)
	for e := range in.Data {
		slope := 2 * s.deviation(in.Data, e)
		for l, v := range tan[e*lanes:][:lanes] {
			tanOut[l] = math.FMA(slope, v, tanOut[l])
		}
	}
	for l := range tanOut {
		tanOut[l] /= float64(len(in.Data))
	}
	return nil
}

// PushVJP is 2 (d_e·dcot + tan_e·cot) / n.
func (s squaredError) PushVJP(in, out Array, tan, cot, dcot, dcotIn []float64) error {
	n := float64(len(in.Data))
	for e := range in.Data {
		dcotIn[e] = 2 * math.FMA(tan[e], cot[0], float64(s.deviation(in.Data, e)*dcot[0])) / n
	}
	return nil
}
