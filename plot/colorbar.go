package plot

import (
	"fmt"
	"image/color"
	"strings"
)

// colorScale is how numbers become colours, and the bar beside the axes that says so.
type colorScale struct {
	scale axis
	// below and above tell whether numbers lie beyond the scale: the bar then ends in a point.
	below, above bool
	colors       []color.Color
	label        string
	ticks        []tick // of the bar, once laid out
}

// newColorScale is the scale for rows of numbers, from low to high or, where both are 0, from the least to the largest; field names the
// numbers in errors, as "HeatMap.Z".
func newColorScale(field, label string, rows [][]float64, low, high float64, log bool, colors []color.Color) (*colorScale, error) {
	if err := checkEnds(field, low, high, log); err != nil {
		return nil, err
	}
	c := &colorScale{colors: colors, label: oneLine(label), scale: axis{log: log}}
	if len(colors) == 0 {
		c.colors = Viridis()
	}
	total := 0
	for _, row := range rows {
		total += len(row)
		for _, v := range row {
			if c.scale.shows(v) {
				c.scale.include(v)
			}
		}
	}
	switch {
	case low != 0 || high != 0:
		c.below, c.above = c.scale.seen && c.scale.lo < low, c.scale.seen && c.scale.hi > high
		c.scale.lo, c.scale.hi = low, high
	case !c.scale.seen && log:
		return nil, fmt.Errorf("plot: none of the %d numbers of %s is finite and > 0, as logarithmic colours need; set Log to false or mend the data", total, field)
	case !c.scale.seen:
		return nil, fmt.Errorf("plot: none of the %d numbers of %s is finite; check whether the simulation diverged", total, field)
	default:
		c.scale.widen(0)
	}
	return c, nil
}

// checkEnds refuses ends of the colours that are none.
func checkEnds(field string, low, high float64, log bool) error {
	if low == 0 && high == 0 || finite(low) && finite(high) && low < high && (low > 0 || !log) {
		return nil
	}
	kind, _, _ := strings.Cut(field, ".")
	what := "finite numbers, Low < High"
	if log {
		what = "finite numbers, 0 < Low < High"
	}
	return fmt.Errorf("plot: %s.Low and High are %g and %g; give %s, or leave both 0", kind, low, high, what)
}

// color is that of a number that the scale shows.
func (c *colorScale) color(v float64) color.Color { return mix(c.colors, c.scale.place(v)) }

// Measures of the colour bar, in points.
const (
	barGap   = 12.0
	barWidth = 13.0
	barPoint = 9.0 // height of a pointed end
)

// barRoom is the width that the colour bar and its labels take right of the axes.
func (c *colorScale) barRoom() float64 {
	widest := 0.0
	for _, t := range c.ticks {
		widest = max(widest, textWidth(tickSize, t.label))
	}
	room := barGap + barWidth + tickLength + tickGap + widest + edge
	if c.label != "" {
		room += labelGap + labelSize*(capHeight+descent)
	}
	return room
}

// bar is the place of the colour bar, between its pointed ends if it has such.
func (c *colorScale) bar(axes box) box {
	b := box{snap(axes.right + barGap), axes.bottom, snap(axes.right + barGap + barWidth), axes.top}
	if c.below {
		b.bottom = snap(b.bottom + barPoint)
	}
	if c.above {
		b.top = snap(b.top - barPoint)
	}
	return b
}

// fillBar draws the colours and the outline of the bar.
func (c *colorScale) fillBar(p pen, b box) {
	const steps = 128
	for k := range steps {
		from := b.bottom + float64(k)/steps*b.height()
		p.fill(box{b.left, from, b.right, b.top}, mix(c.colors, (float64(k)+0.5)/steps))
	}
	outline := []xy{{b.left, b.bottom}}
	middle := (b.left + b.right) / 2
	if c.below {
		tip := xy{middle, b.bottom - barPoint}
		p.polygon(mix(c.colors, 0), xy{b.left, b.bottom}, tip, xy{b.right, b.bottom})
		outline = append(outline, tip)
	}
	outline = append(outline, xy{b.right, b.bottom}, xy{b.right, b.top})
	if c.above {
		tip := xy{middle, b.top + barPoint}
		p.polygon(mix(c.colors, 1), xy{b.left, b.top}, tip, xy{b.right, b.top})
		outline = append(outline, tip)
	}
	p.line(axisStyle, append(outline, xy{b.left, b.top}, xy{b.left, b.bottom}, outline[1])...)
}

// drawBar draws the colour bar beside the axes, with its ticks and its label, which begins below the top of the panel.
func (c *colorScale) drawBar(p pen, axes, panel box) {
	bar := c.bar(axes)
	c.fillBar(p, bar)
	widest := 0.0
	for _, t := range c.ticks {
		y := snap(bar.bottom + t.at*bar.height())
		p.line(axisStyle, xy{bar.right, y}, xy{bar.right + t.length(), y})
		p.text(tickSize, bar.right+tickLength+tickGap, y-capHeight*tickSize/2, 0, t.label)
		widest = max(widest, textWidth(tickSize, t.label))
	}
	if c.label != "" {
		size := fitSize(labelSize, c.label, panel.height()-2*edge)
		half := textWidth(size, c.label) / 2
		y := min(max((bar.bottom+bar.top)/2, panel.bottom+edge+half), panel.top-edge-half)
		p.textUp(size, bar.right+tickLength+tickGap+widest+labelGap+capHeight*labelSize, y, c.label)
	}
}
