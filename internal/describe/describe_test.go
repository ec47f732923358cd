package describe_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/describe"
)

type inner struct {
	Name   string
	hidden float64
}

type outer struct {
	Rate   float64
	Inner  any
	Set    map[string]any
	List   []float64
	Parts  []inner
	Unused *inner
}

func TestAdd(t *testing.T) {
	f := describe.Facts{}
	v := outer{Rate: 0.1, Inner: &inner{"a", 2}, Set: map[string]any{"G": 0.75, "w": []float64{1, 2}}, List: []float64{1, math.Inf(1)}, Parts: []inner{{"p", 0}, {"", 3}}}
	if err := f.Add("x", v); err != nil {
		t.Fatal(err)
	}
	want := describe.Facts{"x.Rate": "0.1", "x.Inner": "*describe_test.inner", "x.Inner.Name": "a", "x.Inner.hidden": "2", "x.Set.G": "0.75",
		"x.Set.w": "[1 2]", "x.List": "[1 +Inf]", "x.Parts": "2 elements", "x.Parts[0].Name": "p", "x.Parts[1].hidden": "3"}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got %v\nwant %v", f, want)
	}
}

// What differs anywhere changes the hash and is named, long lists included.
func TestDifferences(t *testing.T) {
	long := func(change int) outer {
		v := outer{List: make([]float64, 100), Parts: make([]inner, 20)}
		switch change {
		case 1:
			v.List[57] = math.Copysign(0, -1)
		case 2:
			v.Parts[13].hidden = 1
		case 3:
			v.List = append(v.List, 0)
		}
		return v
	}
	base := describe.Facts{}
	if err := base.Add("x", long(0)); err != nil {
		t.Fatal(err)
	}
	for change, path := range map[int]string{1: "x.List", 2: "x.Parts", 3: "x.List"} {
		f := describe.Facts{}
		if err := f.Add("x", long(change)); err != nil {
			t.Fatal(err)
		}
		d := describe.Differences(base, f)
		if len(d) != 1 || d[0].Path != path || f.Hash() == base.Hash() {
			t.Errorf("change %d: differences %v", change, d)
		}
	}
	if d := describe.Differences(describe.Facts{"a": "1", "b": "2"}, describe.Facts{"b": "3", "c": "4"}); !reflect.DeepEqual(d, []describe.Difference{{"a", "1", ""}, {"b", "2", "3"}, {"c", "", "4"}}) {
		t.Errorf("differences %v", d)
	}
}

// Facts whose texts run together the same way are still told apart.
func TestHashSeparates(t *testing.T) {
	if (describe.Facts{"a": "1\nb 2"}).Hash() == (describe.Facts{"a": "1", "b": "2"}).Hash() {
		t.Error("equal hashes")
	}
}

func TestRefuses(t *testing.T) {
	type loop struct{ Next any }
	endless := &loop{}
	endless.Next = endless
	for name, v := range map[string]any{"function": outer{Inner: func() {}}, "channel": outer{Inner: make(chan int)}, "itself": endless, "keys": map[inner]int{{"a", 1}: 2}} {
		err := describe.Facts{}.Add("loss", v)
		if err == nil || !strings.Contains(err.Error(), "written down") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
