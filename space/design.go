package space

import (
	"fmt"
	"slices"
)

// method is a way of placing points of several axes together.
type method int

const (
	latin method = iota
	sobol
	halton
)

// methodNames are the names in text and JSON.
var methodNames = [...]string{latin: "latin", sobol: "sobol", halton: "halton"}

// maxHalton is the most dimensions of a Halton sequence.
const maxHalton = 10_000

// design is axes of draws that are placed together.
type design struct {
	method  method
	members []*Space // of one axis each
	first   []int    // first dimension of each
	bases   []uint32 // by dimension, of the Halton sequence
	n       int
}

// LatinHypercube moves axes of draws together, like [Zip], and places the n points so that each of n equally probable
// parts of every axis holds one of them: draw i of an axis is the quantile at (π(i) + u)/n with a random permutation π
// of 0 … n−1 and a random u in (0, 1), both of the axis alone. An element with a draw of its own ([Values.Each]) is an axis of its own.
// Errors: those of [Zip], parts that are not axes of draws.
//
// Source: M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979), doi:10.2307/1268522.
func LatinHypercube(axes ...*Space) *Space { return place(latin, axes) }

// Sobol moves axes of draws together, like [Zip], and places the points by the Sobol sequence in the order of Gray
// codes, the k-th axis being its k-th dimension, randomised by a nested uniform scramble. So draws fill the space of all
// axes evenly: of 2^m points, each of 2^m equally probable parts of every axis holds one, and so do many boxes; the first points of a larger set are the
// smaller set. Elements with draws of their own ([Values.Each]) are dimensions of their own. Errors: those of
// [LatinHypercube], more than 128 dimensions.
//
// Sources: I. M. Sobol, USSR Comput. Math. Math. Phys. 7 (1967), doi:10.1016/0041-5553(67)90144-9; direction numbers of
// S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008), doi:10.1137/070709359; the scramble of A. B. Owen, "Randomly permuted
// (t,m,s)-nets and (t,s)-sequences" (1995), doi:10.1007/978-1-4612-2552-2_19.
func Sobol(axes ...*Space) *Space { return place(sobol, axes) }

// Halton is like [Sobol] with the Halton sequence, whose k-th dimension reverses the digits of the position in the k-th
// prime number as base; the scramble is an affine map of each digit, drawn for the digits before it. It has more
// dimensions, but fills many of them less evenly. Errors: those of [LatinHypercube], more than 10,000 dimensions.
//
// Source: J. H. Halton, Numer. Math. 2 (1960), doi:10.1007/BF01386213.
func Halton(axes ...*Space) *Space { return place(halton, axes) }

func place(m method, members []*Space) *Space {
	name := methodNames[m]
	axes, err := joined(name, members)
	if err != nil {
		return &Space{err: err}
	}
	d := &design{method: m, members: slices.Clone(members), n: members[0].n}
	dimensions := 0
	for _, member := range members {
		a, ok := member.node.(*axis)
		if !ok {
			return failed("%s: the part with %q is not one axis; wanted axes, made by Axis", name, member.axes[0].path)
		}
		if _, ok := a.from.(drawn); !ok {
			return failed("%s: the values of %q are not drawn; wanted Uniform, Normal, Draw …: use Product with other axes", name, a.path)
		}
		if member.n != d.n {
			return failed("%s of unequal lengths: %s; wanted as many draws of every axis", name, lengths(members))
		}
		d.first = append(d.first, dimensions)
		dimensions += a.draws()
	}
	if m == sobol && dimensions > len(sobolTable()) {
		return failed("sobol: %d dimensions; wanted at most %d: use LatinHypercube or Halton", dimensions, len(sobolTable()))
	}
	if m == halton && dimensions > maxHalton {
		return failed("halton: %d dimensions; wanted at most %d: use LatinHypercube", dimensions, maxHalton)
	}
	if m == halton {
		d.bases = primes(dimensions)
	}
	return newSpace(d, axes, d.n)
}

// draws is how many draws a value takes.
func (v *Values) draws() int {
	if v.each {
		return v.size()
	}
	return 1
}

func (d *design) parts() []*Space { return nil }

func (d *design) write(dst []float64, i int, seed uint64) error {
	for k, member := range d.members {
		a := member.axes[0]
		p := placed{design: d, seed: seed, path: a.hash, first: d.first[k]}
		if member.seed != nil {
			p.seed = *member.seed
		}
		if err := a.draw(dst[:member.size], i, p); err != nil {
			return err
		}
		dst = dst[member.size:]
	}
	return nil
}

// placed are the draws of one axis of a design.
type placed struct {
	*design
	seed, path uint64
	first      int
}

func (p placed) uniform(i, element int) float64 {
	switch p.method {
	case latin:
		part := newStream(p.seed, p.path, element, forStrata).permute(uint32(i), uint32(p.n))
		return within(uint64(part), newStream(p.seed, p.path, element, forJitter).uniform(uint32(i)), uint64(p.n))
	case sobol:
		return newStream(p.seed, p.path, element, forDigits).flipped(uint32(i), sobolDigits(i, p.first+element))
	case halton:
		return newStream(p.seed, p.path, element, forDigits).scrambled(uint32(i), haltonDigits(i, p.bases[p.first+element]))
	}
	panic(fmt.Sprintf("space: no method %d", p.method))
}
