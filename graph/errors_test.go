package graph

import (
	"math"
	"testing"
)

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	named := FromDense([][]float64{{0, 1}, {1, 0}}).WithLabels([]string{"lh.R01", "lh.R02"})
	long := named.WithLengths([][]float64{{0, 10}, {10, 0}})
	sparse := named.Sparse(0)
	for _, c := range []struct {
		graph *Graph
		want  string
	}{
		{FromDense(nil), `graph: the weights have no rows; give a square matrix, one row per target, one column per source`},
		{FromDense([][]float64{{0, 1, 2}, {1, 0, 2}}), `graph: row 1 ("R01") of the weights has 3 entries, 2 are wanted: the matrix must be square, one row per target, one column per source`},
		{FromDense([][]float64{{0, 1}, {1}}), `graph: row 2 ("R02") of the weights has 1 entries, 2 are wanted: the matrix must be square, one row per target, one column per source`},
		{FromDense([][]float64{{0, nan}, {1, 0}}), `graph: weight from "R02" to "R01" is NaN; weights must be finite numbers: mend the data or set it to 0`},
		{FromDense([][]float64{{0, 1}, {-inf, 0}}), `graph: weight from "R01" to "R02" is -Inf; weights must be finite numbers: mend the data or set it to 0`},

		{FromEdges(0, nil), `graph: 0 regions; a graph has 1 to 2147483647`},
		{FromEdges(-1, nil), `graph: -1 regions; a graph has 1 to 2147483647`},
		{FromEdges(1<<40, nil), `graph: 1099511627776 regions; a graph has 1 to 2147483647`},
		{FromEdges(2, []Edge{{Target: 2}}), `graph: edge from region 0 to region 2 of 2; regions are counted from 0 to 1`},
		{FromEdges(2, []Edge{{Source: -1}}), `graph: edge from region -1 to region 0 of 2; regions are counted from 0 to 1`},
		{FromEdges(2, []Edge{{0, 1, 1, 0}, {1, 0, 1, 0}, {0, 1, 2, 0}}), `graph: the edge from "R02" to "R01" is given twice: merge the two, for example by adding their weights`},
		{FromEdges(2, []Edge{{0, 1, nan, 0}}), `graph: weight from "R02" to "R01" is NaN; weights must be finite numbers: mend the data or set it to 0`},
		{FromEdges(2, []Edge{{0, 1, 1, nan}}), `graph: length from "R02" to "R01" is NaN mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{FromEdges(2, []Edge{{0, 1, 1, -3}}), `graph: length from "R02" to "R01" is -3 mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},

		{named.WithLengths([][]float64{{0, 1}}), `graph: the matrix of lengths has 1 rows for 2 regions: give one row per target, one column per source`},
		{named.WithLengths([][]float64{{0, 1}, {1, 0, 2}}), `graph: row 2 ("lh.R02") of the lengths has 3 entries, 2 are wanted: the matrix must be square, one row per target, one column per source`},
		{named.WithLengths([][]float64{{0, -1}, {1, 0}}), `graph: length from "lh.R02" to "lh.R01" is -1 mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{sparse.WithLengths([][]float64{{nan, 1}, {1, 0}}), `graph: length from "lh.R01" to "lh.R01" is NaN mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{sparse.WithEdgeLengths([]float64{1}), `graph: 1 lengths for 2 edges: give one per edge, in the order of Targets and Sources`},
		{sparse.WithEdgeLengths([]float64{1, inf}), `graph: length from "lh.R01" to "lh.R02" is +Inf mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{named.WithDelays([][]float64{{0, 1}, {nan, 0}}), `graph: delay from "lh.R01" to "lh.R02" is NaN ms; delays must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{named.WithEdgeDelays([]float64{1}), `graph: 1 delays for 4 edges: give one per edge, in the order of Targets and Sources`},

		{named.Speed(3), `graph: speed 3 mm/ms on a graph without tract lengths: give them by WithLengths, or delays in ms by WithDelays`},
		{long.Speed(0), `graph: speed 0 mm/ms; it must be > 0 (+Inf or WithoutDelays for no delays)`},
		{long.Speed(nan), `graph: speed NaN mm/ms; it must be > 0 (+Inf or WithoutDelays for no delays)`},
		{long.Speed(-inf), `graph: speed -Inf mm/ms; it must be > 0 (+Inf or WithoutDelays for no delays)`},
		{long.Speed(5e-324), `graph: length 10 mm at speed 5e-324 mm/ms takes longer than any float64: give the speed in mm/ms, usually 1 to 20`},
		{long.Speed(1e-5).WithEdgeLengths([]float64{0, 1e308, 0, 0}), `graph: length 1e+308 mm at speed 1e-05 mm/ms takes longer than any float64: give the speed in mm/ms, usually 1 to 20`},

		{named.WithLabels([]string{"a"}), `graph: 1 labels for 2 regions: give one label per region`},
		{named.WithLabels([]string{"a", "a"}), `graph: regions 1 and 2 are both labelled "a": labels must differ`},
		{named.WithLabels([]string{"a", ""}), `graph: label 2 of 2 is empty: name every region`},
		{named.WithCentres(make([][3]float64, 3)), `graph: 3 centres for 2 regions: give one position per region`},
		{named.WithCentres([][3]float64{{}, {0, nan, 0}}), `graph: centre of "lh.R02" has y = NaN; positions must be finite numbers, in mm`},
		{FromDense([][]float64{{0}}).NormalizeMax(), `graph: NormalizeMax: all 1 weights are 0, so there is no largest one to divide by: leave out NormalizeMax or mend the weights`},
		{named.Sparse(-1), `graph: Sparse: threshold -1; it must be a finite number ≥ 0: 0 keeps every weight that is not 0`},
		{named.Sparse(nan), `graph: Sparse: threshold NaN; it must be a finite number ≥ 0: 0 keeps every weight that is not 0`},
		{named.Sparse(inf), `graph: Sparse: threshold +Inf; it must be a finite number ≥ 0: 0 keeps every weight that is not 0`},
	} {
		if err := c.graph.Err(); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// The first error stays, whatever is called afterwards, and nothing panics.
func TestErrorsStay(t *testing.T) {
	for _, bad := range []*Graph{
		FromDense(nil), FromEdges(-5, nil), FromEdges(3, []Edge{{Target: 9}}), FromDense([][]float64{{0, 1}, {1}}),
		FromEdges(2, []Edge{{0, 1, 1, 0}, {0, 1, 1, 0}}),
	} {
		g := bad.NormalizeMax().Sparse(0).WithLabels(nil).WithCentres(nil).WithLengths(nil).WithEdgeLengths(nil).
			WithDelays(nil).WithEdgeDelays(nil).Speed(-1).WithoutDelays()
		if g.Err() != bad.Err() || g.Err() == nil {
			t.Errorf("got error %v, want %v", g.Err(), bad.Err())
		}
		g.Info()
		g.InStrength()
		g.Density()
		g.MaxLength()
		g.MaxDelay()
		g.Index("R01")
	}
}
