package sweep

import (
	"fmt"
	"math"
	"slices"
)

// Spread is a column of a table over the values of one of its axes, with how far the rows at each of them differ: over repetitions, and
// over whatever else varies.
type Spread struct {
	X         string    // name of the axis
	Xs        []float64 // its values, increasing
	Count     []int     // rows at each, without those that failed
	Mean      []float64 // NaN where no row is left
	Deviation []float64 // standard deviation of the sample, √(Σ(v − mean)²/(n − 1)); NaN where there are fewer than two rows
	Low, High []float64 // the least and the largest; NaN where no row is left
}

// SpreadOver is the spread of a result over an axis, for a curve with a band. For a family of curves [Table.Filter] the table first. Errors: no
// such column, or one of arrays.
func (t *Table) SpreadOver(column, x string) (*Spread, error) {
	at, c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	if c.Size() != 1 {
		return nil, fmt.Errorf("sweep: column %q has %d numbers in a row; wanted one for a curve", column, c.Size())
	}
	s := &Spread{X: x}
	if s.Xs, err = t.distinct(x); err != nil {
		return nil, err
	}
	n := len(s.Xs)
	s.Count, s.Mean, s.Deviation, s.Low, s.High = make([]int, n), make([]float64, n), make([]float64, n), nan(n), nan(n)
	each := func(do func(k int, v float64)) error {
		return t.Each(func(_ int, r Row) error {
			k, found := slices.BinarySearch(s.Xs, r.Value(x))
			if v := r.Values[at]; found && !math.IsNaN(v) {
				do(k, v)
			}
			return nil
		})
	}
	err = each(func(k int, v float64) {
		if s.Count[k] == 0 {
			s.Low[k], s.High[k] = v, v
		}
		s.Count[k]++
		s.Mean[k] += v
		s.Low[k], s.High[k] = min(s.Low[k], v), max(s.High[k], v)
	})
	if err != nil {
		return nil, err
	}
	for k := range s.Mean {
		s.Mean[k] /= float64(s.Count[k]) // 0/0 is NaN: nothing there
	}
	err = each(func(k int, v float64) {
		d := v - s.Mean[k]
		s.Deviation[k] = math.FMA(d, d, s.Deviation[k])
	})
	for k, sum := range s.Deviation {
		s.Deviation[k] = math.NaN()
		if s.Count[k] > 1 {
			s.Deviation[k] = math.Sqrt(sum / float64(s.Count[k]-1))
		}
	}
	return s, err
}
