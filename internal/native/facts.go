package native

import (
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

// fact is what is known of a value, whatever the level's inputs are. It saves operations of Scale, whose definition
// provides for powers that are out of range, NaN or no integers.
type fact struct {
	low, high float64 // its range, unless it is NaN
	integer   bool    // it is an integer, infinite or NaN
	number    bool    // it is not NaN
}

var nothing = fact{low: math.Inf(-1), high: math.Inf(1)}

func exactly(c float64) fact {
	if c != c {
		return nothing
	}
	return fact{c, c, c == math.Trunc(c), true}
}

// finite reports whether the range is.
func (f fact) finite() bool { return f.low >= -math.MaxFloat64 && f.high <= math.MaxFloat64 }

// learn is what is known of the result of a primitive. Bounds of sums and products are those of the operands under the
// same rounding, which never goes down where its argument goes up.
func (x *lowering) learn(in program.Instr) fact {
	a, b, c := x.facts[in.A], x.facts[in.B], x.facts[in.C]
	switch in.Op {
	case program.Less, program.LessEq, program.Equal:
		return fact{0, 1, true, true}
	case program.Neg:
		return fact{-a.high, -a.low, a.integer, a.number}
	case program.Abs:
		return fact{0, max(-a.low, a.high), a.integer, a.number}
	case program.Round:
		return fact{math.RoundToEven(a.low), math.RoundToEven(a.high), true, a.number}
	case program.Exponent:
		return fact{nothing.low, nothing.high, true, a.number}
	case program.Min: // b where a is NaN
		if !a.number {
			a.high = math.Inf(1)
		}
		return fact{min(a.low, b.low), min(a.high, b.high), a.integer && b.integer, b.number}
	case program.Max:
		if !a.number {
			a.low = math.Inf(-1)
		}
		return fact{max(a.low, b.low), max(a.high, b.high), a.integer && b.integer, b.number}
	case program.Select:
		return fact{min(b.low, c.low), max(b.high, c.high), b.integer && c.integer, b.number && c.number}
	case program.Add:
		return sumOf(a, b)
	case program.Sub:
		return sumOf(a, fact{-b.high, -b.low, b.integer, b.number})
	case program.Mul:
		return fmaOf(a, b, exactly(0))
	case program.FMA:
		return fmaOf(a, b, c)
	}
	return nothing
}

func sumOf(a, b fact) fact {
	if !a.finite() || !b.finite() {
		return nothing
	}
	return fact{a.low + b.low, a.high + b.high, a.integer && b.integer, a.number && b.number}
}

func fmaOf(a, b, c fact) fact {
	if !a.finite() || !b.finite() || !c.finite() {
		return nothing
	}
	f := fact{math.Inf(1), math.Inf(-1), a.integer && b.integer && c.integer, a.number && b.number && c.number}
	for _, x := range [2]float64{a.low, a.high} {
		for _, y := range [2]float64{b.low, b.high} {
			f.low, f.high = min(f.low, math.FMA(x, y, c.low)), max(f.high, math.FMA(x, y, c.high))
		}
	}
	return f
}

// nanWith reports whether v is known to be NaN wherever n is.
func (x *lowering) nanWith(v, n program.Ref) bool {
	for {
		switch in := x.code[n]; {
		case in == nil:
		case in.Op == program.Neg, in.Op == program.Round, in.Op == program.Abs, in.Op == program.Mul && x.factor(in.B):
			n = in.A // which is NaN where this is
			continue
		}
		if v < n {
			return false
		}
		if x.seen == nil {
			x.seen = make([]bool, len(x.code))
		}
		clear(x.seen[n : v+1])
		return x.carriesNaN(v, n)
	}
}

// carriesNaN reports whether n goes into v by operations that make NaN of NaN. What goes into a value has a smaller number.
func (x *lowering) carriesNaN(v, n program.Ref) bool {
	if v == n {
		return true
	}
	if v < n || x.code[v] == nil || x.seen[v] {
		return false
	}
	x.seen[v] = true
	in := x.code[v]
	switch in.Op {
	case program.Sqrt, program.Neg, program.Abs, program.Round, program.Exponent, program.Mantissa:
		return x.carriesNaN(in.A, n)
	case program.Add, program.Sub, program.Mul, program.Div:
		return x.carriesNaN(in.A, n) || x.carriesNaN(in.B, n)
	case program.FMA:
		return x.carriesNaN(in.A, n) || x.carriesNaN(in.B, n) || x.carriesNaN(in.C, n)
	case program.Min, program.Max:
		return x.carriesNaN(in.B, n)
	}
	return false
}

// factor reports whether a value is a constant whose products are NaN only where the other factor is.
func (x *lowering) factor(v program.Ref) bool {
	f := x.facts[v]
	return f.low == f.high && f.low != 0 && f.finite() && f.number
}

// drowned reports whether v does not matter where n is NaN: all that is made of it is NaN there, whatever v is. seen are values
// of which that has been asked; so many are looked at at most.
func (x *lowering) drowned(v, n program.Ref, seen map[program.Ref]bool) bool {
	const most = 16
	if x.stored[v] || len(seen) == most {
		return false
	}
	seen[v] = true
	for _, r := range x.readers[v] {
		if !seen[r] && !x.nanWith(r, n) && !x.drowned(r, n, seen) {
			return false
		}
	}
	return true
}
