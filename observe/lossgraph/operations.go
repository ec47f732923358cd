package lossgraph

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"
)

// known are the operations of gorgonia whose values and derivatives are right, and whose hashes tell what
// they do; operations_test.go compares each with finite differences, over all ranks and with axes of
// length 1. The name is the text of an operation by element or of linear algebra, else its type.
var known = []string{
	"constantScalar",
	// Abs, Sin, Cos, Exp, Log, Neg, Square, Sqrt, Inverse, Cube, Tanh, Sigmoid, Log1p, Expm1, Softplus
	"abs", "sin", "cos", "exp", "ln", "neg", "square", "sqrt", "inv", "cube", "tanh", "sigmoid", "log1p", "expm1", "softplus",
	// Add, Sub, HadamardProd, HadamardDiv, Pow, also with Broadcast before the name
	"+ false", "- false", "⊙ false", "÷ false", "^ false",
	// Gt, Gte, Lt, Lte, Eq, Ne with retSame: masks of 0 and 1, constant for derivatives
	"> true", ">= true", "< true", "<= true", "== true", "!= true",
	// Mul, BatchedMatMul
	"a ⋅ b", "A × B", "A × b", "Aᵀ × b", "A ××× B", "A ××× Bᵀ", "Aᵀ ××× B", "Aᵀ ××× Bᵀ",
	// Sum, Mean, Max, Norm, SizeOf
	"sumOp", "maxOp", "sizeOp",
	// MinBetween, MaxBetween
	"minBetween", "maxBetween",
	// Reshape, Ravel, Transpose, Concat, Broadcast
	"reshapeOp", "transposeOp", "concatOp", "repeatOp",
}

// refused says what is wrong with other operations that one could want, and what to write instead.
var refused = map[string]string{
	"log2":           "its derivative lacks 1/ln 2: take gorgonia.Log and multiply by 1/ln 2",
	"invSqrt":        "its derivative is wrong: take gorgonia.Inverse of gorgonia.Sqrt",
	"a ⊗ b":          "its derivative fails or has another shape: reshape to [n][1] and [1][m] and take gorgonia.Mul",
	"softmaxOp":      "its derivative is wrong for columns, and it is taken for its logarithm: write it with gorgonia.Exp and gorgonia.Sum",
	"tensordotOp":    "its derivative fails for some shapes: reshape and take gorgonia.Mul",
	"sliceOp":        "gorgonia takes two slices for one whose bounds differ by 256, and fails on axes of length 1: take lossgraph.Slice",
	"atOp":           "it has no derivative: take lossgraph.Slice and gorgonia.Sum",
	"constantTensor": "gorgonia takes constants for one that print alike, and prints long ones with dots: make it with lossgraph.Data",
	"readOp":         "graphs are evaluated by this package, which reads the loss alone: leave it out",
	"letOp":          "graphs are evaluated by this package: leave it out",
	"randomOp":       "it differs at every evaluation: draw the numbers before and give them by lossgraph.Data",
	"dropoutOp":      "it differs at every evaluation: draw the numbers before and give them by lossgraph.Data",
}

// checkOperation refuses a node whose operation is gorgonia's own and not known to be right. Operations
// of the user's own are the user's to check.
func checkOperation(n *gorgonia.Node) error {
	kind, own := kindOf(n.Op())
	switch {
	case own:
		return nil
	case kind == "constantScalar" && n.Name() != fmt.Sprint(n.Value()):
		return fmt.Errorf("lossgraph: constant named %q; gorgonia takes constants of one name for one: leave the name out", n.Name())
	case slices.Contains(known, kind):
		return nil
	}
	why := refused[kind]
	if why == "" {
		why = "it is not among the operations that were found right: write it with those, or as an operation of your own (gorgonia.SDOp)"
	}
	return fmt.Errorf("lossgraph: operation %s of gorgonia; %s", n.Op(), why)
}

// kindOf names an operation as the tables do, and tells whether it is from outside of gorgonia.
func kindOf(op gorgonia.Op) (kind string, own bool) {
	t := reflect.TypeOf(op)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !strings.HasPrefix(t.PkgPath(), reflect.TypeFor[gorgonia.Node]().PkgPath()) {
		return t.Name(), true
	}
	switch t.Name() {
	case "elemUnaryOp", "elemBinOp", "linAlgBinOp":
		return op.String(), false
	}
	return t.Name(), false
}
