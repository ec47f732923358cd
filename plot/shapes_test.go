package plot

import (
	"math"
	"math/rand"
	"slices"
	"testing"
)

// Per column, the thinned curve keeps what shows: the first and last point, the lowest and highest; in order.
func TestThinKeepsWhatShows(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for trial := range 200 {
		n := 1 + r.Intn(400)
		pts := make([]xy, n)
		for i := range pts {
			pts[i] = xy{float64(i) * r.Float64() * 3 * column / float64(1+trial%20), r.NormFloat64()}
		}
		slices.SortFunc(pts, func(a, b xy) int { return int(math.Copysign(1, a.x-b.x)) })
		got := thin(slices.Clone(pts))
		columns := func(pts []xy) map[int][]xy {
			m := map[int][]xy{}
			for _, p := range pts {
				m[int(p.x/column)] = append(m[int(p.x/column)], p)
			}
			return m
		}
		want, have := columns(pts), columns(got)
		if len(want) != len(have) {
			t.Fatalf("trial %d: %d columns, want %d", trial, len(have), len(want))
		}
		byY := func(a, b xy) int { return int(math.Copysign(1, a.y-b.y)) }
		for c, w := range want {
			h := have[c]
			if len(h) > 4 || h[0] != w[0] || h[len(h)-1] != w[len(w)-1] ||
				slices.MinFunc(h, byY).y != slices.MinFunc(w, byY).y || slices.MaxFunc(h, byY).y != slices.MaxFunc(w, byY).y {
				t.Fatalf("trial %d, column %d: kept %v of %v", trial, c, h, w)
			}
		}
		if at := 0; !slices.ContainsFunc(got, func(p xy) bool { // each kept point is found after the one before
			i := slices.Index(pts[at:], p)
			at += i
			return i < 0
		}) == false {
			t.Fatalf("trial %d: the order changed", trial)
		}
	}
}

func TestCrossed(t *testing.T) {
	b := box{1, 1, 3, 2}
	r := rand.New(rand.NewSource(5))
	for range 2000 {
		p, q := xy{4 * r.Float64(), 3 * r.Float64()}, xy{4 * r.Float64(), 3 * r.Float64()}
		inside, near := false, false
		for i := range 2001 {
			s := float64(i) / 2000
			x, y := p.x+s*(q.x-p.x), p.y+s*(q.y-p.y)
			inside = inside || x >= 1 && x <= 3 && y >= 1 && y <= 2
			near = near || x >= 0.99 && x <= 3.01 && y >= 0.99 && y <= 2.01
		}
		if got := b.crossed(p, q); got && !near || !got && inside {
			t.Fatalf("from %v to %v: crossed %v, by walking along %v", p, q, got, inside)
		}
	}
}

// arranged is the layout of a lone figure.
func arranged(t *testing.T, p Panel) *layout {
	t.Helper()
	f, err := p.figure()
	if err != nil {
		t.Fatal(err)
	}
	l := &layout{figure: f, panel: box{0, 0, f.width * pointsPerInch, f.height * pointsPerInch}}
	left := l.leftMargin()
	l.arrange(left, l.rightMargin(left, 0))
	return l
}

func TestLegendLeavesDataUncovered(t *testing.T) {
	n := 200
	up, down, bump := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		s := float64(i) / float64(n)
		up[i], down[i], bump[i] = s, 1-s, math.Sin(math.Pi*s)
	}
	noise := waves(84, n)
	for name, c := range map[string]struct {
		y       [][]float64
		outside bool
		at      [2]float64 // part of the axes' width and height where the middle of the frame is, if inside
	}{
		"rising":  {[][]float64{up}, false, [2]float64{0.1, 0.9}},
		"falling": {[][]float64{down}, false, [2]float64{0.9, 0.9}},
		"cross":   {[][]float64{up, down}, false, [2]float64{0.9, 0.5}},
		"bump":    {[][]float64{bump}, false, [2]float64{0.9, 0.9}},
		"full":    {noise, true, [2]float64{}},
	} {
		ts := TimeSeries{Title: "T", Series: c.y, Highlight: []Highlight{{Series: 0, Label: "one"}}, Width: 10, Height: 6}
		l := arranged(t, ts)
		f := l.legendAt.frame
		if outside := f.width() == 0; outside != c.outside {
			t.Errorf("%s: legend outside %v, want %v", name, outside, c.outside)
			continue
		}
		if c.outside {
			for _, r := range l.legendAt.rows {
				if r.y-rowHeight/2 < l.axes.top || r.y+rowHeight/2 > l.panel.top-edge {
					t.Errorf("%s: a row at %g is not between axes, %g, and top, %g", name, r.y, l.axes.top, l.panel.top)
				}
			}
			continue
		}
		x, y := ((f.left+f.right)/2-l.axes.left)/l.axes.width(), ((f.bottom+f.top)/2-l.axes.bottom)/l.axes.height()
		if math.Abs(x-c.at[0]) > 0.15 || math.Abs(y-c.at[1]) > 0.15 {
			t.Errorf("%s: legend at %.2f, %.2f of the axes, want about %v", name, x, y, c.at)
		}
		for _, s := range c.y {
			for i, v := range s {
				if p := l.locate(l.axes, float64(i), v); p.x > f.left && p.x < f.right && p.y > f.bottom && p.y < f.top {
					t.Errorf("%s: the legend covers sample %d", name, i)
					break
				}
			}
		}
	}
}

func TestLegendWithTooManyEntries(t *testing.T) {
	var many []Curve
	for i := range 300 {
		many = append(many, Curve{Name: "curve", Y: []float64{float64(i), float64(-i)}})
	}
	l := arranged(t, Lines{Curves: many})
	if l.axes.height() < l.panel.height()/3 {
		t.Errorf("the axes are %g points high of %g, want the legend to leave more", l.axes.height(), l.panel.height())
	}
	last := l.legendAt.rows[len(l.legendAt.rows)-1]
	if shown := len(l.legendAt.rows) - 1; last.text != "… and "+itoa(300-shown)+" more" {
		t.Errorf("the last row says %q after %d entries", last.text, shown)
	}
}

// Tick labels must neither touch each other nor leave the panel.
func TestLabelsHaveRoom(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for range 300 {
		scale := math.Pow(10, float64(r.Intn(20)-10))
		x, y := make([]float64, 20), make([]float64, 20)
		for i := range x {
			x[i], y[i] = scale*r.Float64()+scale*r.Float64(), r.NormFloat64()/scale
		}
		l := arranged(t, Scatter{Title: "T", XLabel: "x", YLabel: "y", X: x, Y: y, Width: 3 + 8*r.Float64(), Height: 2 + 5*r.Float64()})
		end := -math.MaxFloat64
		for _, k := range l.xticks {
			half, at := textWidth(tickSize, k.label)/2, l.axes.left+k.at*l.axes.width()
			if at-half < end+3 || at+half > l.panel.right {
				t.Fatalf("label %q spans %g … %g, after %g, in a panel to %g", k.label, at-half, at+half, end, l.panel.right)
			}
			end = at + half
		}
		for _, k := range l.yticks {
			if left := l.axes.left - tickLength - tickGap - textWidth(tickSize, k.label); left < labelSize {
				t.Fatalf("label %q begins at %g, on the axis label", k.label, left)
			}
		}
		if len(l.xticks) < 2 || len(l.yticks) < 2 {
			t.Fatalf("ticks %s and %s on %g × %g inches, want at least 2 each", labelsOf(l.xticks), labelsOf(l.yticks), l.width, l.height)
		}
	}
}
