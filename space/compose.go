package space

import (
	"fmt"
	"slices"
	"strings"
)

// product is every combination of the points of its factors.
type product struct {
	factors      []*Space
	firstFastest bool
}

// zipped is the points of its members side by side.
type zipped struct {
	members  []*Space
	shortest bool
}

// Product is every combination of the points of its parts. The first part varies slowest, the last one fastest, as in
// nested loops; [Space.FirstFastest] turns that round. Axes among the parts that have a label in common ([Values.Group])
// are zipped; these groups come first, in the order in which their labels do, and so vary slowest. Errors: no part, a
// path given twice, a group of unequal lengths, more points than an int counts.
func Product(parts ...*Space) *Space {
	if _, err := joined("product", parts); err != nil {
		return &Space{err: err}
	}
	factors := grouped(parts)
	axes, err := joined("product", factors)
	if err != nil {
		return &Space{err: err}
	}
	n, ok := 1, true
	for _, f := range factors {
		if n, ok = times(n, f.n); !ok {
			return failed("product of %d axes with more points than can be counted; wanted fewer than 2⁶³: take axes out, or draw points by Sobol", len(axes))
		}
	}
	return newSpace(&product{factors: factors}, axes, n)
}

// FirstFastest is the product with the first part varying fastest, as in PyRates. Errors: the space is not a product.
func (s *Space) FirstFastest() *Space {
	if s.Err() != nil {
		return s
	}
	p, ok := s.node.(*product)
	if !ok {
		return failed("FirstFastest of what is not a product; wanted Product(…).FirstFastest()")
	}
	turned := *s
	turned.node = &product{factors: p.factors, firstFastest: true}
	return &turned
}

// grouped zips the axes with a common label and puts them in front.
func grouped(parts []*Space) []*Space {
	var labels []string
	members := map[string][]*Space{}
	var rest []*Space
	for _, part := range parts {
		a, ok := part.node.(*axis)
		if !ok || a.group == "" {
			rest = append(rest, part)
			continue
		}
		if !slices.Contains(labels, a.group) {
			labels = append(labels, a.group)
		}
		alone := *a
		alone.group = ""
		member := newAxis(&alone)
		member.seed = part.seed
		members[a.group] = append(members[a.group], member)
	}
	var factors []*Space
	for _, label := range labels {
		factors = append(factors, Zip(members[label]...))
	}
	return append(factors, rest...)
}

// Zip is the points of its parts side by side: point i has the i-th value of every axis. Errors: no part, a path given
// twice, parts of unequal lengths.
func Zip(parts ...*Space) *Space { return zip(parts, false) }

// ZipShortest is [Zip] cut to the length of the shortest part.
func ZipShortest(parts ...*Space) *Space { return zip(parts, true) }

func zip(parts []*Space, shortest bool) *Space {
	axes, err := joined("zip", parts)
	if err != nil {
		return &Space{err: err}
	}
	n := parts[0].n
	for _, part := range parts {
		if part.n != n && !shortest {
			return failed("zip of unequal lengths: %s; wanted equal ones: ZipShortest cuts to the shortest", lengths(parts))
		}
		n = min(n, part.n)
	}
	return newSpace(&zipped{members: slices.Clone(parts), shortest: shortest}, axes, n)
}

// lengths writes what the parts are and how long: `"a" 5, "b" 3`.
func lengths(parts []*Space) string {
	var list []string
	for k, part := range parts {
		if k == 6 {
			list = append(list, "…")
			break
		}
		list = append(list, fmt.Sprintf("%q %d", part.axes[0].path, part.n))
	}
	return strings.Join(list, ", ")
}

func (p *product) parts() []*Space { return p.factors }

// write takes the positions in the factors as the digits of i.
func (p *product) write(dst []float64, i int, seed uint64) error {
	weight := 1 // how many points one step of the factor is apart, where the first is slowest
	for _, f := range p.factors {
		weight *= f.n
	}
	for _, f := range p.factors {
		var position int
		if p.firstFastest {
			position, i = i%f.n, i/f.n
		} else {
			weight /= f.n
			position, i = i/weight, i%weight
		}
		if err := f.write(dst[:f.size], position, seed); err != nil {
			return err
		}
		dst = dst[f.size:]
	}
	return nil
}

func (z *zipped) parts() []*Space { return nil }

func (z *zipped) write(dst []float64, i int, seed uint64) error {
	for _, m := range z.members {
		if err := m.write(dst[:m.size], i, seed); err != nil {
			return err
		}
		dst = dst[m.size:]
	}
	return nil
}
