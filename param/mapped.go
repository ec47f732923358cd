package param

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Mapped draws the values from the coefficients of given maps: value = inner(Bias + Φ·θ). Typical use:
// brain maps (receptor densities, a gradient, a constant) over the regions, so that a regional value
// costs as many free numbers as there are maps. Values that no coefficients give are refused:
// [Tree.TransformAt] sets the transform together with coefficients.
type Mapped struct {
	// Phi is [value][coefficient], one map per column; the columns are linearly independent. A column of
	// ones is a common level. Under an inner transform with other than one number per value it has one
	// row per such number.
	Phi [][]float64
	// Bias is added to Φ·θ: one number per row of Phi, nil for none.
	Bias []float64
	// Inner maps Bias + Φ·θ to the values; nil is the identity.
	Inner Transform
}

// spanTolerance is how far values may lie from the best fit of the maps, relative to the largest of
// them: well above rounding, well below what anybody measures.
const spanTolerance = 1e-9

// String is "mapped(rows×maps)", with the inner transform if there is one: "mapped(84×3, log)".
func (m Mapped) String() string {
	return withInner("mapped", fmt.Sprintf("%d×%d", len(m.Phi), m.maps()), m.Inner)
}

// Size is one free number per map, given finite linearly independent maps of as many rows as there are
// values.
func (m Mapped) Size(values int) (int, error) {
	rows, err := orIdentity(m.Inner).Size(values)
	switch {
	case err != nil:
		return 0, err
	case len(m.Phi) != rows:
		return 0, fmt.Errorf("Phi has %s for %s, wanted one row per value", countOf(len(m.Phi), "row"), counted(rows))
	case m.maps() == 0:
		return 0, errors.New("Phi has no columns, wanted at least one map")
	case m.Bias != nil && len(m.Bias) != rows:
		return 0, fmt.Errorf("Bias of length %d for the %s of Phi, wanted one number per row, or none", len(m.Bias), countOf(rows, "row"))
	}
	for i, row := range m.Phi {
		if len(row) != m.maps() {
			return 0, fmt.Errorf("row %d of Phi has length %d, row 0 has %d, wanted rows of equal length", i, len(row), m.maps())
		}
		for j, x := range row {
			if !isFinite(x) {
				return 0, fmt.Errorf("Phi[%d][%d] is %v, wanted finite numbers", i, j, x)
			}
		}
	}
	for i, x := range m.Bias {
		if !isFinite(x) {
			return 0, fmt.Errorf("Bias[%d] is %v, wanted finite numbers", i, x)
		}
	}
	if _, err := factor(m.Phi); err != nil {
		return 0, err
	}
	return m.maps(), nil
}

// Forward is inner(Bias + Φ·θ).
func (m Mapped) Forward(value, theta []float64) error {
	return orIdentity(m.Inner).Forward(value, m.level(theta))
}

// Inverse are the coefficients of least squares before the inner transform; the error says by how much
// they miss the values.
func (m Mapped) Inverse(theta, value []float64) error {
	inner := orIdentity(m.Inner)
	target := make([]float64, len(m.Phi))
	if err := inner.Inverse(target, value); err != nil {
		return err
	}
	for i, b := range m.Bias {
		target[i] -= b
	}
	q, err := factor(m.Phi)
	if err != nil {
		return err
	}
	q.solve(theta, target)
	for j, x := range theta {
		if !isFinite(x) {
			return fmt.Errorf("coefficient %d is out of the range of float64, wanted maps of ordinary magnitude: scale Phi", j)
		}
	}
	best := slices.Clone(value)
	if err := inner.Forward(best, m.level(theta)); err != nil {
		return err
	}
	k, miss := farthest(best, value)
	if miss <= spanTolerance*m.size(value) {
		return nil
	}
	r := refusal{at: []int{k}, value: value[k : k+1 : k+1], count: len(value),
		remedy: "set them from coefficients: TransformAt sets the transform with them, SetCoefficients changes them"}
	r.reason = fmt.Sprintf(" is missed by %.4g by the best fit of %s, wanted values that Phi·coefficients gives", miss, countOf(len(theta), "map"))
	return &r
}

// farthest is where two vectors differ most and by how much; a difference that is no number counts most.
func farthest(a, b []float64) (at int, by float64) {
	for k := range a {
		if d := math.Abs(a[k] - b[k]); d > by || math.IsNaN(d) {
			at, by = k, d
		}
	}
	return at, by
}

// size is the magnitude against which a miss is small: the largest of the values and of what the bias
// alone gives, so that values near 0 that are differences of large numbers are not refused.
func (m Mapped) size(value []float64) float64 {
	alone := slices.Clone(value)
	if orIdentity(m.Inner).Forward(alone, m.level(make([]float64, m.maps()))) != nil {
		alone = nil
	}
	largest := 0.0
	for _, v := range slices.Concat(value, alone) {
		if isFinite(v) {
			largest = max(largest, math.Abs(v))
		}
	}
	return largest
}

// Pullback is Φᵀ times the gradient before the inner transform.
func (m Mapped) Pullback(gradTheta, theta, gradValue []float64) {
	grad := make([]float64, len(m.Phi))
	orIdentity(m.Inner).Pullback(grad, m.level(theta), gradValue)
	m.pull(gradTheta, grad)
}

// pull writes Φᵀ·grad, summed in the order of the rows.
func (m Mapped) pull(gradTheta, grad []float64) {
	clear(gradTheta)
	for i, row := range m.Phi {
		for j, x := range row {
			gradTheta[j] = math.FMA(x, grad[i], gradTheta[j])
		}
	}
}

// Pushforward is the inner transform's for the direction Φ·tanTheta.
func (m Mapped) Pushforward(tanValue, theta, tanTheta []float64) {
	tangent := make([]float64, len(m.Phi))
	m.addTo(tangent, tanTheta)
	orIdentity(m.Inner).Pushforward(tanValue, m.level(theta), tangent)
}

// PullbackTangent is Φᵀ times that of the inner transform at Bias + Φ·θ, along Φ·tanTheta.
func (m Mapped) PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error {
	grad, tangent := make([]float64, len(m.Phi)), make([]float64, len(m.Phi))
	m.addTo(tangent, tanTheta)
	if err := pullbackTangent(m.Inner, grad, m.level(theta), tangent, gradValue); err != nil {
		return err
	}
	m.pull(gradTheta, grad)
	return nil
}

// ThetaNames are the numbers of the maps: "dynamics.J_N.phi[2]".
func (m Mapped) ThetaNames([]string) []string { return numbered(".phi", m.maps()) }

func (m Mapped) own() Transform {
	phi := make([][]float64, len(m.Phi))
	for i, row := range m.Phi {
		phi[i] = slices.Clone(row)
	}
	return Mapped{Phi: phi, Bias: slices.Clone(m.Bias), Inner: owned(m.Inner)}
}

// level is Bias + Φ·θ, one number per row.
func (m Mapped) level(theta []float64) []float64 {
	level := make([]float64, len(m.Phi))
	copy(level, m.Bias)
	m.addTo(level, theta)
	return level
}

func (m Mapped) addTo(sum, theta []float64) {
	for i, row := range m.Phi {
		for j, x := range row {
			sum[i] = math.FMA(x, theta[j], sum[i])
		}
	}
}

// maps is the number of columns.
func (m Mapped) maps() int {
	if len(m.Phi) == 0 {
		return 0
	}
	return len(m.Phi[0])
}
