package space

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the space in the notation of [Parse]; what that cannot say (arrays as values, foreign distributions and
// transforms) is named.
func (s *Space) String() string {
	if err := s.Err(); err != nil {
		return err.Error()
	}
	f, _ := s.form() // the error is about what is only named here
	return f.text()
}

func (f *form) text() string {
	text := ""
	switch {
	case f.Path != "":
		text = f.axisText()
	case f.Kind == "slice":
		text = fmt.Sprintf("slice:%d:%d:%d(%s)", f.Slice[0], f.Slice[1], f.Slice[2], f.ofText())
	default:
		text = f.Kind + "(" + f.ofText() + ")"
	}
	if f.Seed != nil {
		text = fmt.Sprintf("seed:%d(%s)", *f.Seed, text)
	}
	return text
}

func (f *form) ofText() string {
	list := make([]string, len(f.Of))
	for k := range f.Of {
		list[k] = f.Of[k].text()
	}
	return strings.Join(list, " ")
}

// axisText is path=values, with what else there is behind @.
func (f *form) axisText() string {
	var b strings.Builder
	b.WriteString(f.Path + "=")
	count := ":" + strconv.Itoa(f.N)
	switch {
	case f.Kind == "quantile":
		b.WriteString(f.Distribution + count)
	case f.Kind == "values" && len(f.Numbers) != f.N:
		b.WriteString("arrays" + count)
	case f.Kind == "values":
		b.WriteString(numbersText(f.Numbers, ","))
	case f.Kind == "grid":
		b.WriteString(numbersText(f.Numbers, ":") + count)
	default:
		b.WriteString(f.Kind + ":" + numbersText(f.Numbers, ":") + count)
	}
	if f.Shape != nil {
		name := "@shape:"
		if f.Each {
			name = "@each:"
		}
		extents := make([]string, len(f.Shape))
		for k, extent := range f.Shape {
			extents[k] = strconv.Itoa(extent)
		}
		b.WriteString(name + strings.Join(extents, "x"))
	}
	if f.Group != "" {
		b.WriteString("@group:" + f.Group)
	}
	if f.Free {
		b.WriteString("@free")
		if f.Transform != "" {
			b.WriteString(":" + f.Transform)
		}
		if f.Bounds != nil {
			b.WriteString(":" + numbersText(f.Bounds, ":"))
		}
	}
	return b.String()
}

func numbersText(numbers []float64, separator string) string {
	list := make([]string, len(numbers))
	for k, x := range numbers {
		list[k] = numberText(x)
	}
	return strings.Join(list, separator)
}
