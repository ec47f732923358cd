package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// tick is a mark on an axis; a minor one has no label and no grid line.
type tick struct {
	at    float64 // position, 0 … 1
	label string
}

// length is how far the mark reaches outside.
func (t tick) length() float64 {
	if t.label == "" {
		return 0.6 * tickLength
	}
	return tickLength
}

// fits decides whether labelled ticks have room; apart is the smallest distance between two, as a part of the axis.
type fits func(labels []string, apart float64) bool

// ticks are the finest ticks with room: multiples of 1, 2, 2.5 or 5 times a power of ten, decades on a
// logarithmic axis.
func (a *axis) ticks(room fits) []tick {
	var list []tick
	if a.log {
		list = a.decades(room)
	}
	if list == nil {
		list = a.rounds(room)
	}
	for i := range list {
		if a.down {
			list[i].at = 1 - list[i].at
		}
	}
	return list
}

// rounds are ticks at multiples of a round step. A step is m·10^e with integers m and e, and so is each tick:
// parsing that decimal gives the number nearest to it, without the errors of repeated addition.
func (a *axis) rounds(room fits) []tick {
	first := exponent(a.hi/2-a.lo/2) - 2
	var crowded []tick // the coarsest without room for all their labels
	for e := first; e < first+6; e++ {
		for _, m := range []int64{10, 20, 25, 50} {
			t, ok := a.multiples(m, e-1, room)
			switch {
			case ok && len(t) >= 2:
				return t
			case ok:
				if ends := onlyEnds(crowded, room); ends != nil {
					return ends
				}
				return t
			case len(t) >= 2:
				crowded = t
			}
		}
	}
	return nil
}

// onlyEnds keeps the first and the last label, as one number alone gives no scale; nil if not even two have room.
func onlyEnds(ticks []tick, room fits) []tick {
	last := len(ticks) - 1
	if last < 1 || !room([]string{ticks[0].label, ticks[last].label}, ticks[last].at-ticks[0].at) {
		return nil
	}
	for i := 1; i < last; i++ {
		ticks[i].label = ""
	}
	return ticks
}

// multiples are the ticks at k·m·10^e, and whether their labels have room.
func (a *axis) multiples(m int64, e int, room fits) ([]tick, bool) {
	for m%10 == 0 {
		m, e = m/10, e+1
	}
	step := decimal(m, e)
	// Beyond 10¹⁵ steps from 0, neighbouring multiples are no longer different numbers.
	if a.whole && step != math.Trunc(step) || step == 0 || (a.hi/2-a.lo/2)/step > 10 || max(math.Abs(a.lo), math.Abs(a.hi))/step > 1e15 {
		return nil, false
	}
	var ticks []tick
	var labels []string
	apart, last := math.Inf(1), math.Inf(-1)
	top := exponent(max(math.Abs(a.lo), math.Abs(a.hi)))
	const slack = 1e-9 // a tick at the very end of the axis counts in spite of rounding
	from, to := int64(math.Ceil(a.lo/step-slack)), int64(math.Floor(a.hi/step+slack))
	for k := from; k <= to; k++ {
		v := decimal(k*m, e)
		if !a.shows(v) {
			continue
		}
		at := min(max(a.position(v), 0), 1)
		apart, last = min(apart, at-last), at
		label := roundLabel(k*m, e, top)
		ticks, labels = append(ticks, tick{at, label}), append(labels, label)
	}
	return ticks, len(ticks) > 0 && room(labels, apart)
}

// decades are ticks at powers of ten, at every second, third … if that many labels have no room, with minor ticks
// between; nil if the axis holds fewer than two powers.
func (a *axis) decades(room fits) []tick {
	lo, hi := math.Log10(a.lo), math.Log10(a.hi)
	first, last := int(math.Ceil(lo-1e-9)), int(math.Floor(hi+1e-9))
	if last <= first {
		return nil
	}
	for every := max(1, (last-first)/20); ; every++ { // no axis has room for more labels
		var ticks []tick
		var labels []string
		for k := first - 1; k <= last; k++ {
			if at := (float64(k) - lo) / (hi - lo); k%every == 0 && k >= first {
				label := "10" + superscript(k)
				ticks, labels = append(ticks, tick{at, label}), append(labels, label)
			} else if every > 1 && k >= first {
				ticks = append(ticks, tick{at: at})
			}
			for i := 2; i < 10 && every == 1 && last-first < 9; i++ {
				if at := (float64(k) + math.Log10(float64(i)) - lo) / (hi - lo); at > 0 && at < 1 {
					ticks = append(ticks, tick{at: at})
				}
			}
		}
		if every > last-first || room(labels, float64(every)/(hi-lo)) {
			return ticks
		}
	}
}

// roundLabel writes n·10^e: plainly where that is short, else as 2.5×10⁻⁷, with the power `top` of the largest
// number on the axis so that labels can be compared at a glance.
func roundLabel(n int64, e, top int) string {
	var s string
	switch {
	case n == 0:
		return "0"
	case top >= -4 && top < 6:
		s = strconv.FormatFloat(decimal(n, e), 'f', max(0, -e), 64)
	default:
		s = strconv.FormatFloat(decimal(n, e-top), 'f', max(0, top-e), 64) + "×10" + superscript(top)
	}
	return strings.Replace(s, "-", "−", 1)
}

// decimal is the float64 nearest to n·10^e.
func decimal(n int64, e int) float64 {
	v, _ := strconv.ParseFloat(fmt.Sprintf("%de%d", n, e), 64) // out of range gives ±Inf, which no axis shows
	return v
}

// exponent is k where 10^k ≤ v < 10^(k+1), for v > 0.
func exponent(v float64) int {
	s := strconv.FormatFloat(v, 'e', -1, 64)
	k, _ := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	return k
}

// superscript writes k in raised digits.
func superscript(k int) string { return superscripts.Replace(strconv.Itoa(k)) }

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
