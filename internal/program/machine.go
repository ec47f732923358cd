package program

import "math"

// Machine is the set of exact primitives: each method is one IEEE-754 operation in round-to-nearest-even
// or one operation on bits, so that every backend gives the same bits. V is what a machine computes
// with: float64 for [Scalar], a value number for [Builder]. The elementary functions are written once
// against this interface.
//
// Truth values are the numbers 1 and 0.
type Machine[V any] interface {
	Const(c float64) V
	Add(a, b V) V
	Sub(a, b V) V
	Mul(a, b V) V
	Div(a, b V) V
	Sqrt(a V) V
	// FMA is a·b+c with one rounding.
	FMA(a, b, c V) V
	Neg(a V) V
	Abs(a V) V
	// CopySign is the magnitude of a with the sign bit of b, which must not be NaN: processors differ in
	// the sign of a NaN they make.
	CopySign(a, b V) V
	// Min is a where a < b, else b: the second operand on a tie or NaN.
	Min(a, b V) V
	// Max is a where a > b, else b: the second operand on a tie or NaN.
	Max(a, b V) V
	// Round is the nearest integer, ties to even; ±0, ±Inf, NaN are returned as they are.
	Round(a V) V
	// Less is 1 where a < b, else 0; 0 on NaN.
	Less(a, b V) V
	// LessEq is 1 where a ≤ b, else 0; 0 on NaN.
	LessEq(a, b V) V
	// Equal is 1 where a = b, else 0; 0 on NaN.
	Equal(a, b V) V
	// Select is a where cond ≠ 0 (NaN counts as ≠ 0), else b.
	Select(cond, a, b V) V
	// Exponent is floor(log2|a|) as a number, exact for subnormals; −Inf at 0, +Inf at ±Inf, NaN at NaN.
	Exponent(a V) V
	// Mantissa is |a|·2^−Exponent(a) in [1, 2), exact for subnormals; 0 at 0, +Inf at ±Inf, NaN at NaN.
	Mantissa(a V) V
	// Scale is a·2^n with one rounding, for integer n with |n| ≤ 1200 and a = 0 or ½ ≤ |a| < 4.
	// Elsewhere the result is defined, equal on all backends, but of no use: a·2^⌊n/2⌋·2^(n−⌊n/2⌋) with
	// the two powers built from clamped exponents.
	Scale(a, n V) V
}

// Scalar computes with one float64 at a time.
type Scalar struct{}

func (Scalar) Const(c float64) float64  { return c }
func (Scalar) Add(a, b float64) float64 { return a + b }
func (Scalar) Sub(a, b float64) float64 { return a - b }

// Mul converts its product so that no compiler fuses it with a later sum.
func (Scalar) Mul(a, b float64) float64      { return float64(a * b) }
func (Scalar) Div(a, b float64) float64      { return a / b }
func (Scalar) Sqrt(a float64) float64        { return math.Sqrt(a) }
func (Scalar) FMA(a, b, c float64) float64   { return math.FMA(a, b, c) }
func (Scalar) Neg(a float64) float64         { return -a }
func (Scalar) Abs(a float64) float64         { return math.Abs(a) }
func (Scalar) CopySign(a, b float64) float64 { return math.Copysign(a, b) }

func (Scalar) Min(a, b float64) float64 {
	if a < b {
		return a
	}
	return b
}

func (Scalar) Max(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}

func (Scalar) Round(a float64) float64 { return math.RoundToEven(a) }

func (Scalar) Less(a, b float64) float64   { return truth(a < b) }
func (Scalar) LessEq(a, b float64) float64 { return truth(a <= b) }
func (Scalar) Equal(a, b float64) float64  { return truth(a == b) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (Scalar) Select(cond, a, b float64) float64 {
	if cond != 0 {
		return a
	}
	return b
}

func (Scalar) Exponent(a float64) float64 { return exponent(a) }
func (Scalar) Mantissa(a float64) float64 { return mantissa(a) }
func (Scalar) Scale(a, n float64) float64 { return scale(a, n) }

const (
	mantissaBits = 1<<52 - 1
	oneBits      = 1023 << 52
	two54        = 1 << 54
	minNormal    = 0x1p-1022
)

func exponent(a float64) float64 {
	a = math.Abs(a)
	switch {
	case a == 0:
		return math.Inf(-1)
	case !(a <= math.MaxFloat64): // ±Inf or NaN
		return a
	case a < minNormal:
		return float64(int64(math.Float64bits(a*two54)>>52) - 1023 - 54)
	}
	return float64(int64(math.Float64bits(a)>>52) - 1023)
}

func mantissa(a float64) float64 {
	a = math.Abs(a)
	switch {
	case a == 0, !(a <= math.MaxFloat64):
		return a
	case a < minNormal:
		a *= two54
	}
	return math.Float64frombits(math.Float64bits(a)&mantissaBits | oneBits)
}

// scale splits 2^n in two factors that are normal numbers for every |n| ≤ 1200 (n is clamped to ±2044,
// NaN counts as 0): the first product is exact in the stated domain, so only the second one rounds.
func scale(a, n float64) float64 {
	if !(n > -2044) {
		if n != n {
			n = 0
		} else {
			n = -2044
		}
	}
	if n > 2044 {
		n = 2044
	}
	h := math.Floor(n * 0.5)
	return float64(float64(a*pow2(h)) * pow2(n-h))
}

// pow2 is 2^n for integer n in [−1022, 1023].
func pow2(n float64) float64 {
	return math.Float64frombits(uint64(int64(n)+1023) << 52)
}
