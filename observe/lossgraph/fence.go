package lossgraph

// The fences around gorgonia v0.9.18. Each keeps out something that otherwise gives a wrong number, or ends
// the program, without an error; fence_test.go shows it happen in bare gorgonia.
//
//   - A graph is differentiated once: a second Grad gives the derivatives of the first loss, and a
//     derivative of a derivative is wrong. So every graph is fresh, and build must not call Grad.
//   - Nodes are found again by 32-bit hashes, and nodes of equal hash, operation, type and shape are
//     taken for one, whatever their operands. So graphs are small, no two nodes may have one hash, and
//     every graph is built twice, from inputs of different names, hence with different hashes: the two
//     must have one form.
//   - Constants are found again by how they print, long tensors with dots in the middle, and inputs by
//     name, type and shape. So arrays come by [Data], which numbers them.
//   - The hashes and derivatives of some operations are wrong (operations.go), so only known ones may
//     occur.
//   - The logarithm of 1+x, with a 1 that gorgonia made itself, takes the node 1+x for another purpose,
//     even where it is used elsewhere. So each graph has a 1 from the start that stands for all others.
//   - Building a graph writes to variables of the package without a lock. So graphs are built one at a
//     time.
//   - The machines add to the gradients of the run before, give out arrays that the next run overwrites,
//     and compute in a goroutine of their own, where nobody can recover a panic. So the operations are
//     called here, one after the other (evaluate.go); each makes a new value, and those of the gradient
//     are read from the nodes that Grad returned.

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gorgonia.org/gorgonia"
)

// maxNodes is the number of nodes of a graph, with gradient, up to which equal hashes are unlikely: 1 in
// 2,000.
const maxNodes = 2000

// input is a node whose value is given at each evaluation.
type input struct {
	name  string
	shape []int
	free  bool // the gradient with respect to it is wanted
}

// builder makes a graph from the nodes of the inputs and returns the loss.
type builder func(inputs []input, nodes gorgonia.Nodes) (*gorgonia.Node, error)

// building is held while a graph is built.
var building sync.Mutex

// compile builds a graph with its gradient, checks it, and lists its operations.
func compile(inputs []input, build builder) (*compiled, error) {
	building.Lock()
	defer building.Unlock()
	g, err := trace("", inputs, build)
	if err != nil {
		return nil, located(err)
	}
	other, err := trace("second ", inputs, build)
	if err != nil {
		return nil, located(err)
	}
	if !slices.EqualFunc(g.steps, other.steps, step.alike) {
		return nil, errors.New("lossgraph: two calls of the function built different graphs; wanted the same graph each time\nif they are the same, gorgonia has taken two nodes for one: write the loss in another way, for example in another order")
	}
	return g, nil
}

// located says where an error of gorgonia, or of the user's function, comes from.
func located(err error) error {
	if strings.HasPrefix(err.Error(), "lossgraph: ") {
		return err
	}
	return fmt.Errorf("lossgraph: the function that builds the graph: %w", err)
}

// trace builds a graph whose inputs are named with a prefix.
func trace(prefix string, inputs []input, build builder) (g *compiled, err error) {
	defer recovered(&err)
	of := gorgonia.NewGraph()
	var in gorgonia.Nodes
	for _, i := range inputs {
		in = append(in, gorgonia.NewTensor(of, gorgonia.Float64, len(i.shape), gorgonia.WithShape(i.shape...), gorgonia.WithName(prefix+i.name)))
	}
	of.AddNode(gorgonia.NewConstant(1.0))
	loss, err := build(inputs, slices.Clone(in))
	if err != nil {
		return nil, err
	}
	if err := checkLoss(of, loss); err != nil {
		return nil, err
	}
	if err := checkNodes(of, in); err != nil {
		return nil, err
	}
	g = &compiled{inputs: inputs, at: map[*gorgonia.Node]int{}}
	g.loss = g.add(loss)
	g.forward = len(g.steps)
	wanted, err := g.wanted(in)
	if err != nil {
		return nil, err
	}
	var gradients gorgonia.Nodes
	if len(wanted) > 0 {
		if gradients, err = gorgonia.Grad(loss, wanted...); err != nil {
			return nil, fmt.Errorf("lossgraph: the loss has no gradient; wanted operations that have one on a way from the inputs to the loss\n%w", err)
		}
	}
	for _, d := range gradients {
		g.gradients = append(g.gradients, g.add(d))
	}
	g.at = nil // so that the graph can be freed
	return g, checkHashes(of)
}

// wanted are the inputs to differentiate with respect to.
func (g *compiled) wanted(in gorgonia.Nodes) (gorgonia.Nodes, error) {
	var wanted gorgonia.Nodes
	for i, n := range in {
		at, used := g.at[n]
		if !used {
			at = -1
		}
		g.given = append(g.given, at)
		if !g.inputs[i].free {
			continue
		}
		if !used {
			return nil, fmt.Errorf("lossgraph: the loss does not depend on %s, so that its gradient is 0 everywhere; wanted a function of it", g.inputs[i].name)
		}
		wanted = append(wanted, n)
	}
	return wanted, nil
}

// recovered makes an error of a panic, which is how gorgonia reports many.
func recovered(err *error) {
	r := recover()
	if r == nil {
		return
	}
	e, isError := r.(error)
	if _, isBug := r.(runtime.Error); isError && !isBug {
		*err = e // of gorgonia.Must
		return
	}
	*err = fmt.Errorf("lossgraph: panic while the graph was built or computed: %v", r)
}

// checkLoss refuses what is no loss of the graph.
func checkLoss(of *gorgonia.ExprGraph, loss *gorgonia.Node) error {
	switch {
	case loss == nil:
		return errors.New("lossgraph: the function returned no node; wanted the loss, or an error")
	case loss.Graph() != of:
		return fmt.Errorf("lossgraph: the function returned %s of another graph; wanted a node computed from its input", name(loss))
	case !loss.IsScalar():
		return fmt.Errorf("lossgraph: the function returned %s of shape %v; wanted one number: end with gorgonia.Mean or gorgonia.Sum over all axes", name(loss), loss.Shape())
	case loss.Dtype() != gorgonia.Float64:
		return fmt.Errorf("lossgraph: the function returned a %v; wanted a float64", loss.Dtype())
	}
	return nil
}

// checkNodes refuses graphs with nodes that gorgonia could have confused, or computes wrongly.
func checkNodes(of *gorgonia.ExprGraph, in gorgonia.Nodes) error {
	if n := len(of.AllNodes()); n > maxNodes {
		return tooLarge(n)
	}
	for _, n := range of.AllNodes() {
		switch {
		case n.Deriv() != nil || len(n.DerivOf()) > 0:
			return errors.New("lossgraph: the function called gorgonia.Grad, after which other derivatives of the graph are wrong; wanted the loss alone: its gradient is taken here")
		case n.Op() != nil:
			if err := checkOperation(n); err != nil {
				return err
			}
		case !slices.Contains(in, n) && !isData(n):
			return fmt.Errorf("lossgraph: an input node of shape %v; gorgonia takes inputs of equal name, type and shape for one, also those without a name: make it with lossgraph.Data", n.Shape())
		}
	}
	return nil
}

// checkHashes refuses a graph in which two nodes have one hash: what is computed from them in the same way
// has been taken for one.
func checkHashes(of *gorgonia.ExprGraph) error {
	if n := len(of.AllNodes()); n > maxNodes {
		return tooLarge(n)
	}
	seen := map[uint32]*gorgonia.Node{}
	for _, n := range of.AllNodes() {
		if other := seen[n.Hashcode()]; other != nil {
			return fmt.Errorf("lossgraph: gorgonia cannot tell %s from %s, which have the same hash; write one of them in another way", name(n), name(other))
		}
		seen[n.Hashcode()] = n
	}
	return nil
}

func tooLarge(nodes int) error {
	return fmt.Errorf("lossgraph: a graph of %d nodes; wanted at most %d, those of the gradient included, since gorgonia confuses nodes of large graphs\nuse operations on whole arrays, or write a stage of your own (observe.Stage)", nodes, maxNodes)
}

// name is a node's name, shortened where it holds numbers.
func name(n *gorgonia.Node) string {
	text := []rune(n.Name())
	if len(text) > 60 {
		text = append(text[:57], []rune("...")...)
	}
	return string(text)
}
