package lossgraph

import (
	"context"
	"fmt"
	"sync"
)

// pool holds the graphs of one function of the user's that are not in use. Every evaluation has a graph to
// itself, because operations may keep something from their value to their derivative.
type pool struct {
	build builder
	lock  sync.Mutex
	idle  map[string][]*compiled // by the inputs
}

// check builds a graph for these inputs, unless there is one, and returns what is wrong with it.
func (p *pool) check(inputs []input) error {
	g, err := p.take(inputs)
	if err != nil {
		return err
	}
	p.giveBack(g)
	return nil
}

// evaluate is the value of the loss and, if wanted, its gradients with respect to the free inputs.
func (p *pool) evaluate(ctx context.Context, inputs []input, values [][]float64, gradient bool) (float64, [][]float64, error) {
	g, err := p.take(inputs)
	if err != nil {
		return 0, nil, err
	}
	value, gradients, err := g.evaluate(ctx, values, gradient)
	if err != nil {
		return 0, nil, err // the graph is not used again, since an operation may have stopped midway
	}
	p.giveBack(g)
	return value, gradients, nil
}

// take is a graph for these inputs, the caller's own until it is given back.
func (p *pool) take(inputs []input) (*compiled, error) {
	if g := p.idleGraph(fmt.Sprint(inputs)); g != nil {
		return g, nil
	}
	return compile(inputs, p.build)
}

func (p *pool) idleGraph(kind string) *compiled {
	p.lock.Lock()
	defer p.lock.Unlock()
	idle := p.idle[kind]
	if len(idle) == 0 {
		return nil
	}
	last := len(idle) - 1
	p.idle[kind] = idle[:last]
	return idle[last]
}

func (p *pool) giveBack(g *compiled) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.idle == nil {
		p.idle = map[string][]*compiled{}
	}
	kind := fmt.Sprint(g.inputs)
	p.idle[kind] = append(p.idle[kind], g)
}
