package param

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// Six regions, the homologues 0–3, 1–4, 2–5, over a tree: names, values, kept θ, table and JSON.
func TestTiedHomologues(t *testing.T) {
	tree, err := New(Leaf{Path: "dynamics.J_N", Value: []float64{0.25}, Regions: 6, Free: true})
	if err != nil {
		t.Fatal(err)
	}
	groups := []int{7, 3, 1, 7, 3, 1}
	tree.Regional("dynamics.J_N").Transform("dynamics.J_N", Tied{Groups: groups, Inner: Bounded{0, 1}})
	if tree.Err() != nil {
		t.Fatal(tree.Err())
	}
	groups[0] = 1 // the tree has its own
	if want := []string{"dynamics.J_N.group[1]", "dynamics.J_N.group[3]", "dynamics.J_N.group[7]"}; !slices.Equal(tree.ThetaNames(), want) {
		t.Errorf("names %q, want %q", tree.ThetaNames(), want)
	}
	if err := tree.SetTheta([]float64{0, 60, -60}); err != nil {
		t.Fatal(err)
	}
	v := tree.Values("dynamics.J_N")
	if v[2] != 0.5 || !(v[1] > 0.99) || !(v[0] < 1e-20) || v[0] != v[3] || v[1] != v[4] || v[2] != v[5] {
		t.Errorf("values %v", v)
	}
	if want := []float64{0, 60, -60}; !slices.Equal(tree.Theta(), want) {
		t.Errorf("Theta() = %v, want %v", tree.Theta(), want)
	}
	grad := tree.Pullback(func(int) []float64 { return []float64{1, 2, 3, 4, 5, 6} })
	if want := (3.0 + 6) / 4; grad[0] != want {
		t.Errorf("gradient of group 1 is %v, want %v", grad[0], want)
	}
	if !strings.HasSuffix(tree.String(), "3 free, tied(6 in 3 groups, bounded(0, 1))\n") {
		t.Errorf("table\n%s", tree)
	}
	var b bytes.Buffer
	if err := tree.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"transform":"tied(6 in 3 groups, bounded(0, 1))"`) {
		t.Errorf("JSON %v\n%s", err, b.String())
	}
	if err := tree.Apply(&b); err != nil {
		t.Errorf("JSON is not read back: %v", err)
	}
	if tree.Set("dynamics.J_N", 0.75); tree.Err() != nil {
		t.Errorf("one value for all is refused: %v", tree.Err())
	}
}

func TestTiedRefuses(t *testing.T) {
	for _, c := range []struct {
		set  func(*Tree)
		want string
	}{
		{func(p *Tree) {
			p.Transform("dynamics.I_o", Tied{Groups: []int{2, 0, 2}})
		},
			`param: "dynamics.I_o" with transform tied(3 in 2 groups): value[0] = 0.32 and value[2] = 0.34 are both in group 2, wanted equal values; set them equal first: Set with one value fills the leaf, Regional spreads a scalar, or remove it with Transform(path, nil)`},
		{func(p *Tree) { p.Transform("graph.weights", Tied{Groups: make([]int, 9), Inner: Log{}}) },
			`param: "graph.weights" with transform tied(9 in 1 group, log): value[0][0] = 0 and value[0][1] = 1 are both in group 0`},
		{func(p *Tree) { p.Transform("dynamics.I_o", Tied{Groups: []int{0, 1}}) },
			`param: "dynamics.I_o" with transform tied(2 in 2 groups): 2 group numbers for 3 values, wanted one number per value; mend it`},
		{func(p *Tree) { p.Transform("dynamics.I_o", Tied{Groups: []int{0, -1, 0}}) },
			`param: "dynamics.I_o" with transform tied(3 in 2 groups): group number -1 of value 1, wanted numbers ≥ 0; mend it`},
		{func(p *Tree) {
			p.Transform("external.drive", Tied{Groups: []int{1, 1, 0, 0, 1, 0}, Inner: Bounded{0, 4}})
		},
			`param: "external.drive" with transform tied(6 in 2 groups, bounded(0, 4)): value[0][2] = 4, wanted strictly between 0 and 4; set other`},
	} {
		refuses(t, c.set, c.want)
	}
}
