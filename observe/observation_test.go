package observe

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/network"
)

// The loss of the introductory fit, against its loops: the mean over the last samples per node, then the
// mean over nodes of the squared distance to 0.5.
func TestMeanActivityLoss(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const last, nodes = 20, 4
	loss := Last(last).Mean(OverTime).Then(SquaredError(0.5))
	for _, from := range []int{0, 30, 80} { // the trajectory may start anywhere before the window
		y := trajectory(r, from, 100-from, 1, nodes)
		want := 0.0
		for n := range nodes {
			m := 0.0
			for t := 100 - last; t < 100; t++ {
				m += y.Data[(t-from)*nodes+n]
			}
			want += (m/last - 0.5) * (m/last - 0.5) / nodes
		}
		got, err := loss.Value(y)
		if err != nil || !near(got, want, 1e-15) {
			t.Errorf("from %d: loss %v, %v; want %v", from, got, err, want)
		}
	}
	if from, err := loss.Window(100, 1, nodes); from != 80 || err != nil {
		t.Errorf("Window = %d, %v; want 80", from, err)
	}
}

func TestEvaluate(t *testing.T) {
	y := network.Trajectory{From: 10, Rows: 4, Variables: 2, Nodes: 2, Data: make([]float64, 16)}
	for i := range y.Data {
		y.Data[i] = float64(i)
	}
	for _, c := range []struct {
		o     Observation
		shape []int
		data  []float64
	}{
		{Last(1), []int{1, 2, 2}, []float64{12, 13, 14, 15}},
		{Window(11, 13).Variable(1), []int{2, 1, 2}, []float64{6, 7, 10, 11}},
		{Window(10, 14).Mean(OverTime), []int{1, 2, 2}, []float64{6, 7, 8, 9}},
		{Last(4).Mean(OverNodes).Mean(OverTime).Mean(OverVariables), []int{1, 1, 1}, []float64{7.5}},
		{Last(4).Mean(OverAll), nil, []float64{7.5}},
		{Last(2).Nodes(1), []int{2, 2, 1}, []float64{9, 11, 13, 15}},
		{Last(1).Nodes(1, 0, 1), []int{1, 2, 3}, []float64{13, 12, 13, 15, 14, 15}},
		{Last(2).Variable(0).Mean(OverTime).Then(SquaredErrorTo([]float64{10, 10})), nil, []float64{0.5}},
	} {
		got, err := c.o.Evaluate(y)
		if err != nil || !slices.Equal(got.Shape, c.shape) || !slices.Equal(got.Data, c.data) {
			t.Errorf("%s: %v, %v; want %v %v", c.o, got, err, c.shape, c.data)
		}
	}
	whole, err := All().Evaluate(network.Trajectory{Rows: 4, Variables: 2, Nodes: 2, Data: y.Data})
	if err != nil || !slices.Equal(whole.Data, y.Data) || !slices.Equal(whole.Shape, []int{4, 2, 2}) {
		t.Fatalf("All: %v, %v", whole, err)
	}
	whole.Data[0] = 99
	if y.Data[0] != 0 {
		t.Error("the result of Evaluate shares memory with the trajectory")
	}
}

func TestObservationIsImmutable(t *testing.T) {
	start := Last(3).Variable(0).Mean(OverTime)
	a, b := start.Then(SquaredError(1)), start.Then(SquaredError(2))
	for o, want := range map[fmt.Stringer]string{
		start.window: "last 3 samples",
		// the chains, not the values themselves, since an Observation cannot be a key
		textOf(start):                      "last 3 samples, variable 0, mean over time",
		textOf(a):                          "last 3 samples, variable 0, mean over time, squared error to 1",
		textOf(b):                          "last 3 samples, variable 0, mean over time, squared error to 2",
		textOf(Observation{}):              "all samples",
		textOf(Window(5, 9).Mean(OverAll)): "samples from 5 up to 9, mean over all elements",
	} {
		if o.String() != want {
			t.Errorf("%q, want %q", o, want)
		}
	}
}

type text string

func (s text) String() string   { return string(s) }
func textOf(o Observation) text { return text(o.String()) }

// randomLoss is a chain that ends in one number, of any stages in an order that fits.
func randomLoss(r *rand.Rand, from, rows, variables, nodes int) Observation {
	samples := from + rows
	o := []Observation{All(), Last(1 + r.IntN(rows)), Window(from+r.IntN(rows), samples)}[r.IntN(3)]
	if from > 0 && o.window.kind == allSamples {
		o = Last(rows)
	}
	for range r.IntN(4) {
		switch r.IntN(4) {
		case 3:
			if !strings.Contains(o.String(), "nodes") {
				o = o.Nodes(r.IntN(nodes), r.IntN(nodes))
			}
		case 0:
			o = o.Then(cube{})
		case 1:
			o = o.Mean(Axis(r.IntN(3)))
		case 2:
			if !strings.Contains(o.String(), "variable") {
				o = o.Variable(r.IntN(variables))
			}
		}
	}
	p, err := o.plan(samples, variables, nodes)
	if err != nil {
		panic(err)
	}
	switch r.IntN(3) {
	case 0:
		return o.Mean(OverAll)
	case 1:
		return o.Then(SquaredError(r.NormFloat64()))
	default:
		return o.Then(SquaredErrorTo(normals(r, elements(p.shapes[len(p.shapes)-1]))))
	}
}

func TestLossDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for trial := range 200 {
		from, rows, variables, nodes, lanes := 5*r.IntN(2), 1+r.IntN(6), 1+r.IntN(3), 1+r.IntN(4), 1+r.IntN(3)
		loss := randomLoss(r, from, rows, variables, nodes)
		y := trajectory(r, from, rows, variables, nodes)
		value, err := loss.Value(y)
		if err != nil {
			t.Fatalf("%s: %v", loss, err)
		}
		cotangent := garbage(len(y.Data))
		pulled, err := loss.Pull(y, cotangent)
		if err != nil || pulled != value {
			t.Fatalf("trial %d, %s: Pull gives %v, %v; Value %v", trial, loss, pulled, err, value)
		}
		tangents, changes := normals(r, len(y.Data)*lanes), garbage(lanes)
		pushed, err := loss.Push(y, tangents, lanes, changes)
		if err != nil || pushed != value {
			t.Fatalf("trial %d, %s: Push gives %v, %v; Value %v", trial, loss, pushed, err, value)
		}
		for l := range lanes {
			direction := lane(tangents, lanes, l)
			if d := dot(cotangent, direction); !near(d, changes[l], 1e-12) {
				t.Errorf("trial %d, %s: gradient along the direction %v, tangent %v", trial, loss, d, changes[l])
			}
			if want := slopeAt(moved(t, loss, y, direction)); !near(changes[l], want, 1e-7) {
				t.Errorf("trial %d, %s: tangent %v, finite difference %v", trial, loss, changes[l], want)
			}
		}
	}
}

// moved is the loss along a direction of the trajectory.
func moved(t *testing.T, loss Observation, y network.Trajectory, direction []float64) func(h float64) float64 {
	return func(h float64) float64 {
		there := y
		there.Data = slices.Clone(y.Data)
		for i := range there.Data {
			there.Data[i] += h * direction[i]
		}
		value, err := loss.Value(there)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	y := trajectory(r, 0, 10, 2, 3)
	scalar := SquaredError(0)
	for _, c := range []struct {
		name string
		call func() error
		want []string
	}{
		{"too long", asLoss(Last(11).Then(scalar), y), []string{"Last(11)", "run of 10 samples", "no longer than the run"}},
		{"empty", asLoss(Last(0).Then(scalar), y), []string{"Last(0)", "at least one", "observe.All()"}},
		{"backwards", asLoss(Window(5, 5).Then(scalar), y), []string{"Window(5, 5)", "from < to"}},
		{"beyond", asLoss(Window(5, 11).Then(scalar), y), []string{"Window(5, 11)", "run of 10 samples", "at most 10"}},
		{"negative", asLoss(Window(-1, 5).Then(scalar), y), []string{"Window(-1, 5)", "0 ≤ from"}},
		{"no samples", asLoss(All().Then(scalar), trajectory(r, 0, 0, 2, 3)), []string{"0 samples", "at least one"}},
		{"no nodes", asLoss(All().Then(scalar), trajectory(r, 0, 4, 2, 0)), []string{"0 nodes", "at least one"}},
		{"variable", asLoss(All().Variable(2).Then(scalar), y), []string{"variable 2", "got 2 variables", "from 0 to 1"}},
		{"negative variable", asLoss(All().Variable(-1).Then(scalar), y), []string{"variable -1", "from 0 to 1"}},
		{"node", asLoss(All().Nodes(0, 3).Then(scalar), y), []string{"got node 3", "from 0 to 2"}},
		{"no node", asLoss(All().Nodes().Then(scalar), y), []string{"got no node", "group"}},
		{"nodes too late", asLoss(All().Mean(OverAll).Nodes(0), y), []string{"one number", "first"}},
		{"variable too late", asLoss(All().Mean(OverAll).Variable(0), y), []string{"variable 0", "one number", "first"}},
		{"mean too late", asLoss(All().Mean(OverAll).Mean(OverTime), y), []string{"mean over time", "got one number", "[time][variable][node]"}},
		{"axis", asLoss(All().Mean(Axis(9)), y), []string{"Axis(9)", "OverTime"}},
		{"targets", asLoss(Last(5).Mean(OverTime).Then(SquaredErrorTo([]float64{1})), y), []string{"1 target:", "6 elements", "[1][2][3]", "give 6"}},
		{"no targets", asLoss(Last(5).Then(SquaredErrorTo(nil)), y), []string{"0 targets", "30 elements"}},
		{"NaN target", asLoss(All().Then(SquaredError(math.NaN())), y), []string{"target 0 is NaN", "finite"}},
		{"infinite target", asLoss(All().Mean(OverAll).Then(SquaredErrorTo([]float64{math.Inf(1)})), y), []string{"target 0 is +Inf"}},
		{"several numbers", asLoss(Last(5).Mean(OverTime), y), []string{`"last 5 samples, mean over time"`, "[1][2][3]", "one number", "observe.SquaredError(target)", "observe.OverAll"}},
		{"nil stage", asLoss(All().Then(nil), y), []string{"stage 1", "nil", "observe.SquaredError"}},
		{"empty shape", asLoss(All().Then(emptying{}), y), []string{"emptying", "[0]", "positive"}},
		{"window before the trajectory", func() error { _, err := Last(8).Evaluate(trajectory(r, 5, 5, 1, 1)); return err },
			[]string{"starts at sample 5", "sample 2", "record from sample 2"}},
		{"data", func() error {
			_, err := All().Evaluate(network.Trajectory{Rows: 2, Variables: 1, Nodes: 3})
			return err
		},
			[]string{"with 0 numbers", "2 rows of 1 variables on 3 nodes"}},
		{"cotangent", func() error { _, err := All().Then(scalar).Pull(y, nil); return err }, []string{"cotangent of length 0", "wanted 60"}},
		{"tangents", func() error { _, err := All().Then(scalar).Push(y, y.Data, 2, make([]float64, 2)); return err }, []string{"2 lanes", "60"}},
		{"changes", func() error { _, err := All().Then(scalar).Push(y, y.Data, 1, nil); return err }, []string{"changes of length 0"}},
		{"lanes", func() error { _, err := All().Then(scalar).Push(y, nil, 0, nil); return err }, []string{"0 lanes"}},
	} {
		err := c.call()
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, w := range append(c.want, "observe: ") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q lacks %q", c.name, err, w)
			}
		}
	}
}

// asLoss uses an observation as a loss in every way there is; all must give the same error.
func asLoss(o Observation, y network.Trajectory) func() error {
	return func() error {
		_, err := o.Window(y.Rows, y.Variables, y.Nodes)
		_, value := o.Value(y)
		_, pull := o.Pull(y, make([]float64, len(y.Data)))
		_, push := o.Push(y, y.Data, 1, make([]float64, 1))
		for _, other := range []error{value, pull, push} {
			if fmt.Sprint(other) != fmt.Sprint(err) {
				return fmt.Errorf("different errors: %v; %v", err, other)
			}
		}
		return err
	}
}

// emptying is a stage with nothing left.
type emptying struct{ cube }

func (emptying) String() string             { return "emptying" }
func (emptying) Shape([]int) ([]int, error) { return []int{0}, nil }

// failing is a stage that has one method fail, as a logarithm would on a negative number.
type failing struct {
	cube
	at string
}

func (f failing) fail(method string) error {
	if f.at == method {
		return errNegative
	}
	return nil
}

var errNegative = errors.New("no logarithm of −1")

func (f failing) Forward(in, out Array) error {
	return errors.Join(f.fail("Forward"), f.cube.Forward(in, out))
}

func (f failing) VJP(in, out Array, cot, cotIn []float64) error {
	return errors.Join(f.fail("VJP"), f.cube.VJP(in, out, cot, cotIn))
}

func (f failing) JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error {
	return errors.Join(f.fail("JVP"), f.cube.JVP(in, out, tan, lanes, tanOut))
}

func TestStageErrors(t *testing.T) {
	y := trajectory(rand.New(rand.NewPCG(11, 12)), 0, 4, 1, 2)
	for _, at := range []string{"", "Forward", "VJP", "JVP"} {
		o := All().Then(failing{at: at})
		_, evaluate := o.Evaluate(y)
		loss := o.Mean(OverAll)
		_, value := loss.Value(y)
		_, pull := loss.Pull(y, make([]float64, len(y.Data)))
		_, push := loss.Push(y, y.Data, 1, make([]float64, 1))
		for _, c := range []struct {
			name string
			err  error
			want bool
		}{
			{"Evaluate", evaluate, at == "Forward"},
			{"Value", value, at == "Forward"},
			{"Pull", pull, at == "Forward" || at == "VJP"},
			{"Push", push, at == "Forward" || at == "JVP"},
		} {
			if errors.Is(c.err, errNegative) != c.want || c.want && !strings.HasPrefix(c.err.Error(), "observe: cube: no logarithm") {
				t.Errorf("%q fails: %s gives %v, want an error: %v", at, c.name, c.err, c.want)
			}
		}
	}
}
