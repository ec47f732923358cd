package param

// Spec declares a parameter of a model, coupling or stimulus.
type Spec struct {
	Name    string
	Default float64
	Unit    string  // "" for a number without unit
	Lo, Hi  float64 // range in which values make sense; both 0 if none is stated
	Meaning string
}
