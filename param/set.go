package param

import (
	"fmt"
	"maps"
	"slices"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Set holds named overrides as users write them: param.Set{"w": 0.5, "I_o": []float64{0.32, 0.33}}.
// A value is a float64 or an int (one number), a []float64 (one per region) or a [][]float64 (rows of
// equal length).
type Set map[string]any

// With is a copy of the set with further overrides, which win over those of the same name.
func (s Set) With(more Set) Set {
	sum := make(Set, len(s)+len(more))
	maps.Copy(sum, s)
	maps.Copy(sum, more)
	return sum
}

// Keys lists the names in alphabetical order.
func (s Set) Keys() []string { return slices.Sorted(maps.Keys(s)) }

// Value is one override as numbers in row-major order with their shape: nil, [N] or [rows][columns].
// Errors: no such name, another type, no numbers, rows of different length, a number that is not finite.
func (s Set) Value(name string) (values []float64, shape []int, err error) {
	given, ok := s[name]
	if !ok {
		return nil, nil, fmt.Errorf("param: no override %q%s", name, suggest.Hint(name, s.Keys()))
	}
	switch v := given.(type) {
	case float64:
		values = []float64{v}
	case int:
		values = []float64{float64(v)}
	case []float64:
		values, shape = slices.Clone(v), []int{len(v)}
	case [][]float64:
		for i, row := range v {
			if len(row) != len(v[0]) {
				return nil, nil, fmt.Errorf("param: override %q: row %d has %s, row 0 has %d; wanted rows of equal length", name, i, counted(len(row)), len(v[0]))
			}
			values = append(values, row...)
			shape = []int{len(v), len(row)}
		}
	default:
		return nil, nil, fmt.Errorf("param: override %q is a %T; wanted float64, int, []float64 (one per region) or [][]float64", name, given)
	}
	if len(values) == 0 {
		return nil, nil, fmt.Errorf("param: override %q holds no numbers; wanted at least one: leave it out to keep the default", name)
	}
	for k, x := range values {
		if !isFinite(x) {
			return nil, nil, fmt.Errorf("param: override %s is %v; values must be finite numbers: mend it or leave it out to keep the default", name+elementIndex(shape, k), x)
		}
	}
	return values, shape, nil
}
