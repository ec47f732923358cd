package observe

// Stage is one differentiable operation of an observation, f: in → out, for arrays of any shape that its
// Shape method accepts. A stage is a value that never changes, so that several goroutines can use it;
// what it needs beside the input it computes anew. The errors of Forward, VJP and JVP are for numbers that
// a shape does not tell, such as one of which there is no logarithm; most stages have none.
//
// The slices handed to a stage are its own to read (in, out, cot, tan) or to overwrite entirely (the
// data of out in Forward, cotIn, tanOut), and no two of them overlap. In all of them a result must not
// depend on the machine: sums run in a fixed order, products that are added are rounded first or fused
// by math.FMA.
type Stage interface {
	// Shape is the shape of the result for an input of shape in, which it must not change; the error
	// says why the stage cannot work on such an input, and what to do.
	Shape(in []int) (out []int, err error)
	// Forward writes f(in) to out.Data.
	Forward(in, out Array) error
	// VJP pulls a cotangent of the result back: cotIn = (∂f/∂in)ᵀ · cot, with out = f(in).
	VJP(in, out Array, cot, cotIn []float64) error
	// JVP pushes tangents of the input forward, as many as there are lanes: tanOut = (∂f/∂in) · tan for
	// each, with out = f(in). Tangents have the layout of their array with the lane as a further, last
	// axis.
	JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error
	// String names the stage in reports and errors: "mean over time".
	String() string
}
