package engine

import "github.com/neurograd/neurograd/internal/program"

// mode is what a plan's programs compute.
type mode byte

const (
	forward mode = iota
	reverse
	tangent
	lanesShared // runs side by side with the same normals
	lanesOwn    // with normals of their own
)

// plan is a compiled schedule in the order in which it runs.
type plan struct {
	ops []planOp
	// The reverse pass only:
	past   []planOp // what pulls back the signals from before the start
	again  []planOp // what computes the edges' values of a step again
	unused []int    // state wires that nothing differentiable reads
	saved  []int    // wires whose values it reads
}

// planOp is an operation of the schedule: if elementwise, compiled, with what its inputs and outputs are.
type planOp struct {
	op      int // index in Spec.Ops
	program *program.Program
	in, out []binding
	// Of a sum in the reverse pass, by channel: whether a cotangent arrives, and whether the signal's
	// cotangent has other parts already.
	arrives, adds []bool
}

// role says what an input or output of a program is.
type role byte

const (
	wire         role = iota
	param             // a row of a leaf
	strength          // Σ_j W_ij of a route
	clock             // time at the start of the step
	tangentOf         // a wire's tangent
	tangentParam      // a row of a leaf's tangent
	tangentStrength
	cotangentOf  // a wire's cotangent
	gradParam    // the gradient of a row of a leaf, per node
	gradStrength // the gradient of Σ_j W_ij
)

type binding struct {
	role  role
	index int
}

// Prefixes of the symbols that belong to derivatives; no name of a user can contain a colon.
const (
	tangentPrefix   = "d:"
	cotangentPrefix = "c:"
	sumPrefix       = "a:" // what a cotangent has been so far
)
