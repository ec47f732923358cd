package optim

// Optimizer is the settings of an optimisation rule, a value such as Adam{Rate: 0.005} that never
// changes; what changes from step to step is its [State].
type Optimizer interface {
	// Start is the state before the first step, for n free values. The error says which setting cannot
	// be, and what to set.
	Start(n int) (State, error)
	// String is the rule with its settings, for reports: "Adam, rate 0.005".
	String() string
}

// State is an optimiser at work. States are structs of exported fields that encoding/json writes and
// reads back exactly; a state read back continues with the same bits.
type State interface {
	// Step overwrites at.Theta with the next point. After an error neither the point nor the state is to
	// be used any more.
	Step(at Point) error
}

// Point is where an optimiser stands.
type Point struct {
	Theta []float64 // the free vector
	Loss  float64   // the loss there
	Grad  []float64 // the gradient there, of the same length, finite; not to be changed
}
