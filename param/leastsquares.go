package param

import (
	"fmt"
	"math"
)

// orthogonal is a matrix A of full column rank as Q·R by Householder reflections, after Golub and Van
// Loan, Matrix Computations, §5.2: for each column j a vector v_j, zero above row j, such that
// I − β_j·v_j·v_jᵀ takes the column to a multiple of the j-th unit vector. The columns are divided by
// their largest entry first, so that squares stay in range whatever the units of the maps.
type orthogonal struct {
	columns  [][]float64 // [column][row]: R above row j, v_j from there on
	beta     []float64   // 2/v_jᵀv_j
	diagonal []float64   // of R
	scale    []float64   // largest entry of each column
}

// rankTolerance is the share of a column that must lie outside the span of those before it.
const rankTolerance = 1e-12

// factor is the factorisation of the rows of A. Errors: more columns than rows, a column that the ones
// before it give.
func factor(rows [][]float64) (*orthogonal, error) {
	n := len(rows[0])
	if n > len(rows) {
		return nil, fmt.Errorf("Phi has %d columns for %s, wanted at most one column per row: leave out maps", n, countOf(len(rows), "row"))
	}
	q := &orthogonal{beta: make([]float64, n), diagonal: make([]float64, n), scale: make([]float64, n)}
	for j := range n {
		column := make([]float64, len(rows))
		for i, row := range rows {
			column[i] = row[j]
			q.scale[j] = max(q.scale[j], math.Abs(row[j]))
		}
		if q.scale[j] == 0 {
			return nil, fmt.Errorf("column %d of Phi is 0 throughout, wanted linearly independent maps: leave it out", j)
		}
		for i := range column {
			column[i] /= q.scale[j]
		}
		whole := norm(column)
		for p := range j {
			q.reflect(p, column)
		}
		rest := norm(column[j:])
		if rest <= rankTolerance*whole {
			return nil, fmt.Errorf("column %d of Phi is a combination of those before it, wanted linearly independent maps: leave it out", j)
		}
		q.beta[j] = 1 / (rest * (rest + math.Abs(column[j])))
		q.diagonal[j] = -math.Copysign(rest, column[j])
		column[j] -= q.diagonal[j]
		q.columns = append(q.columns, column)
	}
	return q, nil
}

// solve writes the x that makes |A·x − b| least, overwriting b.
func (q *orthogonal) solve(x, b []float64) {
	for j := range q.columns {
		q.reflect(j, b)
	}
	for j := len(x) - 1; j >= 0; j-- {
		sum := b[j]
		for p := j + 1; p < len(x); p++ {
			sum = math.FMA(-q.columns[p][j], x[p], sum)
		}
		x[j] = sum / q.diagonal[j]
	}
	for j := range x {
		x[j] /= q.scale[j]
	}
}

// reflect applies the j-th reflection to a vector.
func (q *orthogonal) reflect(j int, x []float64) {
	v, sum := q.columns[j], 0.0
	for i := j; i < len(x); i++ {
		sum = math.FMA(v[i], x[i], sum)
	}
	sum *= q.beta[j]
	for i := j; i < len(x); i++ {
		x[i] = math.FMA(-sum, v[i], x[i])
	}
}

// norm is the Euclidean length.
func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum = math.FMA(v, v, sum)
	}
	return math.Sqrt(sum)
}
