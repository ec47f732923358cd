package param

import (
	"math"
	"slices"
	"testing"
)

func TestSetValue(t *testing.T) {
	s := Set{"w": 0.5, "n": 3, "I_o": []float64{1, 2, 3}, "m": [][]float64{{1, 2}, {3, 4}, {5, 6}}}
	if got := s.Keys(); !slices.Equal(got, []string{"I_o", "m", "n", "w"}) {
		t.Errorf("Keys() = %q", got)
	}
	for _, c := range []struct {
		name   string
		values []float64
		shape  []int
	}{
		{"w", []float64{0.5}, nil},
		{"n", []float64{3}, nil},
		{"I_o", []float64{1, 2, 3}, []int{3}},
		{"m", []float64{1, 2, 3, 4, 5, 6}, []int{3, 2}},
	} {
		values, shape, err := s.Value(c.name)
		if err != nil || !slices.Equal(values, c.values) || !slices.Equal(shape, c.shape) || (shape == nil) != (c.shape == nil) {
			t.Errorf("Value(%q) = %v, %v, %v, want %v, %v", c.name, values, shape, err, c.values, c.shape)
		}
	}
	values, _, _ := s.Value("I_o")
	values[0] = 9
	if s["I_o"].([]float64)[0] != 1 {
		t.Error("Value shares storage with the set")
	}
}

func TestSetRefuses(t *testing.T) {
	s := Set{
		"text": "0.5", "nil": nil, "empty": []float64{}, "no rows": [][]float64{}, "no columns": [][]float64{{}, {}},
		"ragged": [][]float64{{1, 2}, {3}}, "nan": []float64{1, math.NaN()}, "inf": math.Inf(1), "rows": [][]float64{{1, 2}, {3, math.Inf(-1)}},
	}
	for name, want := range map[string]string{
		"text":       `param: override "text" is a string; wanted float64, int, []float64 (one per region) or [][]float64`,
		"nil":        `param: override "nil" is a <nil>; wanted float64`,
		"empty":      `param: override "empty" holds no numbers`,
		"no rows":    `param: override "no rows" holds no numbers`,
		"no columns": `param: override "no columns" holds no numbers`,
		"ragged":     `param: override "ragged": row 1 has 1 value, row 0 has 2; wanted rows of equal length`,
		"nan":        `param: override nan[1] is NaN; values must be finite`,
		"inf":        `param: override inf is +Inf; values must be finite`,
		"rows":       `param: override rows[1][1] is -Inf; values must be finite`,
		"ragge":      `param: no override "ragge", did you mean "ragged"?`,
	} {
		_, _, err := s.Value(name)
		checkError(t, err, want)
	}
}
