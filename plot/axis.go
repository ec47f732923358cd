package plot

import "math"

// axis maps the numbers lo … hi to 0 … 1, linearly or by logarithm. The zero value is linear and has seen no number.
type axis struct {
	lo, hi float64
	log    bool
	seen   bool
	whole  bool // it counts: only whole numbers get ticks
	down   bool // it begins at the top
}

// shows says whether v has a place on the axis.
func (a *axis) shows(v float64) bool { return finite(v) && (!a.log || v > 0) }

// include stretches the axis to hold v.
func (a *axis) include(v float64) {
	if !a.seen {
		a.lo, a.hi, a.seen = v, v, true
		return
	}
	a.lo, a.hi = min(a.lo, v), max(a.hi, v)
}

// widen adds margin, a part of the range, at both ends, after giving a range to numbers that are (nearly) all the
// same: to tell them apart would need more digits than a label should have.
func (a *axis) widen(margin float64) {
	lo, hi := a.lo, a.hi
	if a.log {
		lo, hi = math.Log10(lo), math.Log10(hi)
	}
	size := max(math.Abs(lo), math.Abs(hi))
	if a.log {
		size = max(size, 1) // a logarithm near 0 is no small number
	}
	if half := hi/2 - lo/2; half <= 1e-9*size || size == 0 || half < 1e-300 {
		pad := 0.1 * size
		if a.log || size < 1e-300 {
			pad = 1
		}
		lo, hi = lo-pad, hi+pad
	}
	pad := 2 * margin * (hi/2 - lo/2)
	lo, hi = max(lo-pad, -math.MaxFloat64), min(hi+pad, math.MaxFloat64)
	if a.log {
		// The ends of the float64 range: 10^308.25 and 10^−323.3.
		lo, hi = math.Pow(10, max(lo, -323)), math.Pow(10, min(hi, 308.2))
		lo, hi = min(lo, a.lo), max(hi, a.hi)
	}
	a.lo, a.hi = lo, hi
}

// roundEnds moves an end of a linear axis outwards to a round number that is all but reached, so that a run of 2500
// samples, 0 … 2499, shows its tick at 2500.
func (a *axis) roundEnds() {
	size := a.hi/2 - a.lo/2
	if a.log || !finite(2*size) {
		return
	}
	e := exponent(2*size) - 2
	unit := decimal(5, e) // between 1/200 and 1/20 of the range
	if unit == 0 || max(math.Abs(a.lo), math.Abs(a.hi))/unit > 1e15 {
		return
	}
	near := 0.012 * size
	if v := decimal(5*int64(math.Ceil(a.hi/unit)), e); v > a.hi && v-a.hi <= near {
		a.hi = v
	}
	if v := decimal(5*int64(math.Floor(a.lo/unit)), e); v < a.lo && a.lo-v <= near {
		a.lo = v
	}
}

// place is the position of v on the sheet, between 0 and 1.
func (a *axis) place(v float64) float64 {
	if a.down {
		return 1 - a.position(v)
	}
	return a.position(v)
}

// position is that of v between 0 (lo) and 1 (hi). Halves keep the widest ranges from overflowing.
func (a *axis) position(v float64) float64 {
	if a.log {
		lo := math.Log10(a.lo)
		return (math.Log10(v) - lo) / (math.Log10(a.hi) - lo)
	}
	return (v/2 - a.lo/2) / (a.hi/2 - a.lo/2)
}
