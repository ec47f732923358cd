// Package lossgraph lets losses be written in gorgonia: a graph that a user's function builds becomes the
// end of an observation ([Loss]), and the trajectory of a simulation becomes an operation of gorgonia
// ([Trajectory]), so that a user's own graph leads from the user's own parameters to the loss
// ([Function]). It holds no losses.
//
// Derivatives are of the first order. Native losses such as observe.SquaredError have second derivatives
// as well, take less time, and have the same bits on every machine, which those of gorgonia, made of
// package math and of sums that a compiler may fuse, do not have: their last digits differ between
// architectures.
//
// In several situations gorgonia gives wrong numbers without an error: some derivatives are wrong, and
// nodes are taken for one another. This package builds, checks and evaluates graphs in a way that avoids
// them (fence.go); what it cannot vouch for is an error. In a graph may stand
//
//   - of gorgonia: Add, Sub, HadamardProd, HadamardDiv, Pow, the same with Broadcast before the name,
//     Abs, Sin, Cos, Exp, Expm1, Log, Log1p, Neg, Square, Cube, Sqrt, Inverse, Tanh, Sigmoid, Softplus,
//     Rectify, LeakyRelu, Mish, Gt, Gte, Lt, Lte, Eq and Ne with retSame, MinBetween, MaxBetween, Mul,
//     BatchedMatMul, Sum, Mean, Max, Norm, SizeOf, Reshape, Ravel, Transpose, Concat, BinaryXent, and
//     NewConstant of one number;
//   - of this package: [Data], [Slice], [Trajectory];
//   - operations of the user's own (gorgonia.SDOp), for which the user vouches.
package lossgraph

import (
	"context"
	"errors"
	"math"
	"slices"

	"gorgonia.org/gorgonia"

	// gorgonia ends every program at its start unless this module, pinned in go.mod, knows the Go
	// version. Only the pinned version asks the runtime itself, so that the requirement must not be
	// tidied away.
	_ "go4.org/unsafe/assume-no-moving-gc"

	"github.com/neurograd/neurograd/observe"
)

// Loss is the stage whose result is one number, computed by a graph that build makes: y is the node of
// the stage's input, a tensor of the input's shape ([T][V][N] at the start of an observation, a scalar
// where a mean over all elements came before), and what is returned is the loss, a scalar node.
//
//	observe.Last(500).Mean(observe.OverTime).Then(lossgraph.Loss(func(y *gorgonia.Node) (*gorgonia.Node, error) {
//		return gorgonia.Mean(gorgonia.Must(gorgonia.Square(y)))
//	}))
//
// Constant numbers enter the graph by gorgonia.NewConstant, arrays by [Data]. build may panic, as
// gorgonia.Must does: that is an error. It is called whenever a graph is needed, by any goroutine but one
// at a time in the whole process, so that it must not compute another loss of this package; and it must
// build the same graph each time.
//
// Errors, when the observation meets a run: what build returns; a result that is not a float64 scalar of
// y's graph, or does not depend on y; operations that are not known to be right; inputs and constants
// that gorgonia could confuse; a graph of more than 2,000 nodes, those of the gradient included. Errors
// at an evaluation: a loss or gradient that is not finite.
func Loss(build func(y *gorgonia.Node) (*gorgonia.Node, error)) observe.Stage {
	if build == nil {
		return stage{}
	}
	return stage{&pool{build: func(_ []input, nodes gorgonia.Nodes) (*gorgonia.Node, error) { return build(nodes[0]) }}}
}

// stage is a user's graph as the end of an observation.
type stage struct{ graphs *pool }

func (stage) String() string { return "gorgonia graph" }

// inputs declares the one input of the graph.
func (stage) inputs(shape []int) []input {
	return []input{{name: "y", shape: slices.Clone(shape), free: true}}
}

func (s stage) Shape(in []int) ([]int, error) {
	if s.graphs == nil {
		return nil, errors.New("lossgraph: Loss of no function; wanted one that builds the loss from y")
	}
	return nil, s.graphs.check(s.inputs(in))
}

func (s stage) Forward(in, out observe.Array) error {
	value, _, err := s.graphs.evaluate(context.Background(), s.inputs(in.Shape), [][]float64{in.Data}, false)
	out.Data[0] = value
	return err
}

func (s stage) VJP(in, out observe.Array, cot, cotIn []float64) error {
	gradient, err := s.gradient(in)
	for e, g := range gradient {
		cotIn[e] = g * cot[0]
	}
	return err
}

func (s stage) JVP(in, out observe.Array, tan []float64, lanes int, tanOut []float64) error {
	gradient, err := s.gradient(in)
	clear(tanOut)
	for e, g := range gradient {
		for l, v := range tan[e*lanes:][:lanes] {
			tanOut[l] = math.FMA(g, v, tanOut[l])
		}
	}
	return err
}

func (s stage) gradient(in observe.Array) ([]float64, error) {
	_, gradients, err := s.graphs.evaluate(context.Background(), s.inputs(in.Shape), [][]float64{in.Data}, true)
	if err != nil {
		return nil, err
	}
	return gradients[0], nil
}
