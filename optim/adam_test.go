package optim

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// formula is Adam as its paper states it, by plain loops and powers.
func formula(theta []float64, grads [][]float64, rate, beta1, beta2, epsilon float64) {
	for i := range theta {
		var m, v float64
		for k, grad := range grads {
			t := float64(k + 1)
			m = beta1*m + (1-beta1)*grad[i]
			v = beta2*v + (1-beta2)*grad[i]*grad[i]
			mHat, vHat := m/(1-math.Pow(beta1, t)), v/(1-math.Pow(beta2, t))
			theta[i] -= rate * mHat / (math.Sqrt(vHat) + epsilon)
		}
	}
}

func gradients(steps, n int) [][]float64 {
	r := rand.New(rand.NewPCG(11, 12))
	grads := make([][]float64, steps)
	for k := range grads {
		for i := range n {
			grads[k] = append(grads[k], r.NormFloat64()*math.Pow(10, float64(i%9-4)))
		}
	}
	return grads
}

func started(t *testing.T, o Optimizer, n int) State {
	t.Helper()
	s, err := o.Start(n)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func steps(t *testing.T, s State, theta []float64, grads [][]float64) {
	t.Helper()
	for _, g := range grads {
		if err := s.Step(Point{Theta: theta, Grad: g}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAdamFormula(t *testing.T) {
	for _, a := range []Adam{
		{Rate: 0.005},
		{Rate: 0.3, Beta1: 0.5, Beta2: 0.9, Epsilon: 1e-3},
	} {
		const n, count = 9, 300
		grads := gradients(count, n)
		got, want := make([]float64, n), make([]float64, n)
		steps(t, started(t, a, n), got, grads)
		f := a.filled()
		formula(want, grads, a.Rate, f.Beta1, f.Beta2, f.Epsilon)
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-12*a.Rate*count {
				t.Errorf("%s: value %d is %v, want %v", a, i, got[i], want[i])
			}
		}
	}
}

// By hand: the first step is rate·g/(|g|+ε), the second of the same gradient as well.
func TestAdamFirstSteps(t *testing.T) {
	s := started(t, Adam{Rate: 0.1, Epsilon: 0.5}, 2)
	theta := []float64{1, 1}
	for k := 1; k <= 2; k++ {
		steps(t, s, theta, [][]float64{{2, -1.5}})
		for i, want := range []float64{1 - float64(k)*0.1*2/2.5, 1 + float64(k)*0.1*1.5/2} {
			if math.Abs(theta[i]-want) > 1e-15 {
				t.Errorf("after step %d value %d is %v, want %v", k, i, theta[i], want)
			}
		}
	}
	d := []float64{1, 2}
	steps(t, started(t, GradientDescent{Rate: 0.25}, 2), d, [][]float64{{2, -4}, {1, 0}})
	if !slices.Equal(d, []float64{0.25, 3}) {
		t.Errorf("gradient descent arrives at %v, want [0.25 3]", d)
	}
}

// The gradients of a fit by TVB-Optim and Optax lead to the same parameters.
func TestAdamAgainstOptax(t *testing.T) {
	var file struct {
		Runs []struct {
			Scalar *struct {
				Start float64 `json:"start"`
				Steps []struct {
					Gradient float64 `json:"gradient"`
					J        float64 `json:"J_N"`
				} `json:"steps"`
			} `json:"adam_scalar"`
		} `json:"runs"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "get_started.json")
	compared := 0
	for _, r := range file.Runs {
		if r.Scalar == nil {
			continue
		}
		s, theta := started(t, Adam{Rate: 0.005}, 1), []float64{r.Scalar.Start}
		for k, step := range r.Scalar.Steps {
			steps(t, s, theta, [][]float64{{step.Gradient}})
			if math.Abs(theta[0]-step.J) > 1e-14 {
				t.Errorf("step %d: J_N %v, want %v", k, theta[0], step.J)
			}
			compared++
		}
	}
	if compared != 20 {
		t.Errorf("compared %d steps, want 20", compared)
	}
}

// A state written as JSON and read back continues with the same bits.
func TestStateResumes(t *testing.T) {
	const n, before, after = 5, 37, 60
	grads := gradients(before+after, n)
	for _, c := range []struct {
		rule  Optimizer
		empty State
	}{
		{Adam{Rate: 0.01, Beta2: 0.99}, &AdamState{}},
		{GradientDescent{Rate: 0.1}, &GradientDescentState{}},
	} {
		through, broken := make([]float64, n), make([]float64, n)
		whole, first := started(t, c.rule, n), started(t, c.rule, n)
		steps(t, whole, through, grads)
		steps(t, first, broken, grads[:before])
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, c.empty); err != nil {
			t.Fatal(err)
		}
		steps(t, c.empty, broken, grads[before:])
		if !slices.Equal(through, broken) {
			t.Errorf("%s: resumed arrives at %v, want %v", c.rule, broken, through)
		}
		if !reflect.DeepEqual(whole, c.empty) {
			t.Errorf("%s: states differ at the end:\n%+v\n%+v", c.rule, whole, c.empty)
		}
	}
}

func TestOptimizerErrors(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		rule Optimizer
		want string
	}{
		{Adam{}, "no Rate given"},
		{Adam{Rate: -1}, "Rate is -1"},
		{Adam{Rate: nan}, "Rate is NaN"},
		{Adam{Rate: inf}, "Rate is +Inf"},
		{Adam{Rate: 1, Beta1: 1}, "Beta1 is 1"},
		{Adam{Rate: 1, Beta1: -0.1}, "Beta1 is -0.1"},
		{Adam{Rate: 1, Beta1: nan}, "Beta1 is NaN"},
		{Adam{Rate: 1, Beta2: 1.5}, "Beta2 is 1.5"},
		{Adam{Rate: 1, Beta2: nan}, "Beta2 is NaN"},
		{Adam{Rate: 1, Epsilon: -1}, "Epsilon is -1"},
		{Adam{Rate: 1, Epsilon: inf}, "Epsilon is +Inf"},
		{Adam{Rate: 1, Epsilon: nan}, "Epsilon is NaN"},
		{GradientDescent{}, "no Rate given"},
		{GradientDescent{Rate: nan}, "Rate is NaN"},
	} {
		_, err := c.rule.Start(1)
		if err == nil || !strings.HasPrefix(err.Error(), "optim: ") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "wanted") {
			t.Errorf("%s: error %v, want one with %q", c.rule, err, c.want)
		}
	}
	for _, rule := range []Optimizer{Adam{Rate: 1}, GradientDescent{Rate: 1}} {
		if err := started(t, rule, 2).Step(Point{Theta: make([]float64, 2), Grad: make([]float64, 3)}); err == nil {
			t.Errorf("%s: no error for a gradient of another length", rule)
		}
	}
	err := started(t, Adam{Rate: 1}, 2).Step(Point{Theta: make([]float64, 2), Grad: []float64{0, 1e200}})
	if err == nil || !strings.Contains(err.Error(), "entry 1 is 1e+200") {
		t.Errorf("error %v for a gradient with an infinite square", err)
	}
}

func TestOptimizerNames(t *testing.T) {
	for want, rule := range map[string]Optimizer{
		"Adam, rate 0.005": Adam{Rate: 0.005, Beta1: 0.9},
		"Adam, rate 1, beta1 0.8, beta2 0.9, epsilon 0.1": Adam{Rate: 1, Beta1: 0.8, Beta2: 0.9, Epsilon: 0.1},
		"gradient descent, rate 0.1":                      GradientDescent{Rate: 0.1},
	} {
		if rule.String() != want {
			t.Errorf("%q, want %q", rule, want)
		}
	}
}
