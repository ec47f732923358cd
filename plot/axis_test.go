package plot

import (
	"math"
	"math/rand"
	"strings"
	"testing"
)

func labelsOf(ticks []tick) string {
	var s []string
	for _, t := range ticks {
		if t.label != "" {
			s = append(s, t.label)
		}
	}
	return strings.Join(s, " ")
}

func atMost(n int) fits { return func(labels []string, _ float64) bool { return len(labels) <= n } }

func TestTickLabels(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		log    bool
		most   int
		want   string
	}{
		{0, 1, false, 11, "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0"},
		{0, 1, false, 6, "0 0.2 0.4 0.6 0.8 1.0"},
		{0, 1, false, 5, "0 0.25 0.50 0.75 1.00"},
		{-0.04, 1.04, false, 3, "0 0.5 1.0"},
		{0, 2500, false, 6, "0 500 1000 1500 2000 2500"},
		{-1, 1, false, 5, "−1.0 −0.5 0 0.5 1.0"},
		{9.7, 10.3, false, 4, "9.8 10.0 10.2"},
		{0, 3e-7, false, 4, "0 1×10⁻⁷ 2×10⁻⁷ 3×10⁻⁷"},
		{0.9e9, 1.1e9, false, 5, "0.90×10⁹ 0.95×10⁹ 1.00×10⁹ 1.05×10⁹ 1.10×10⁹"},
		{-2e300, 2e300, false, 5, "−2×10³⁰⁰ −1×10³⁰⁰ 0 1×10³⁰⁰ 2×10³⁰⁰"},
		{1e-4, 10, true, 9, "10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰ 10¹"},
		{1e-4, 10, true, 3, "10⁻⁴ 10⁻² 10⁰"},
		{2, 5, true, 4, "2 3 4 5"}, // less than a decade
	} {
		a := axis{lo: c.lo, hi: c.hi, log: c.log}
		if got := labelsOf(a.ticks(atMost(c.most))); got != c.want {
			t.Errorf("%g … %g, log %v, at most %d: %s, want %s", c.lo, c.hi, c.log, c.most, got, c.want)
		}
	}
}

// Whatever the data: the axis holds them within 0 … 1, and there are a few different labels in ascending order.
func TestAxisOfAnyRange(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	ranges := [][2]float64{
		{0, 0}, {1, 1}, {-7, -7}, {1, math.Nextafter(1, 2)}, {5e-324, 5e-324}, {0, 5e-324}, {5e-324, 1e-300}, {1e-308, 1e308},
		{-math.MaxFloat64, math.MaxFloat64}, {math.MaxFloat64, math.MaxFloat64}, {5e-324, math.MaxFloat64}, {1e15, 1e15 + 1}, {0, math.MaxFloat64},
	}
	for range 1000 {
		v := (r.Float64() - 0.5) * math.Pow(10, float64(r.Intn(600)-300))
		w := v + (r.Float64()-0.5)*math.Pow(10, float64(r.Intn(600)-300))
		ranges = append(ranges, [2]float64{v, w})
	}
	for _, v := range ranges {
		for _, log := range []bool{false, true} {
			a := axis{log: log}
			if !a.shows(v[0]) || !a.shows(v[1]) {
				continue
			}
			a.include(v[0])
			a.include(v[1])
			a.widen(0.04)
			a.roundEnds()
			for _, p := range v {
				if at := a.place(p); !(at >= -1e-9 && at <= 1+1e-9) {
					t.Fatalf("%g … %g, log %v: %g is placed at %g on the axis %g … %g", v[0], v[1], log, p, at, a.lo, a.hi)
				}
			}
			ticks := a.ticks(atMost(10))
			if n := len(strings.Fields(labelsOf(ticks))); n < 1 || n > 10 {
				t.Fatalf("%g … %g, log %v: %d labels %s on the axis %g … %g", v[0], v[1], log, n, labelsOf(ticks), a.lo, a.hi)
			}
			last, seen := -1.0, map[string]bool{}
			for _, k := range ticks {
				if k.label == "" {
					continue
				}
				if !(k.at > last && k.at <= 1+1e-9) || seen[k.label] {
					t.Fatalf("%g … %g, log %v: label %q at %g after %g in %s", v[0], v[1], log, k.label, k.at, last, labelsOf(ticks))
				}
				last, seen[k.label] = k.at, true
			}
		}
	}
}

func TestRoundEnds(t *testing.T) {
	for _, c := range [][4]float64{
		{0, 2499, 0, 2500}, {0, 199, 0, 200}, {1, 2500, 0, 2500}, {0, 2400, 0, 2400}, {0, 2431, 0, 2431}, {-0.999, 1, -1, 1},
	} {
		a := axis{lo: c[0], hi: c[1]}
		if a.roundEnds(); a.lo != c[2] || a.hi != c[3] {
			t.Errorf("%g … %g became %g … %g, want %g … %g", c[0], c[1], a.lo, a.hi, c[2], c[3])
		}
	}
}
