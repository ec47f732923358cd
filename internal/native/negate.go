package native

// This file has the operations that take the negative of an operand by themselves: of what Neg makes, only what is read by
// others is made.

// negated is the value that a value is the negative of, if it is one.
func (x *lowering) negated(v value) (value, bool) {
	if n := &x.nodes[v]; n.row == &xor && x.nodes[n.src[1]] == (node{from: constant, bits: signBit, src: noSources}) {
		return n.src[0], true
	}
	return v, false
}

// sum is a + b.
func (x *lowering) sum(a, b value) value {
	if c, is := x.negated(b); is {
		return x.apply(&sub, 0, a, c)
	}
	if c, is := x.negated(a); is {
		return x.apply(&sub, 0, b, c)
	}
	return x.apply(&add, 0, a, b)
}

// difference is a − b.
func (x *lowering) difference(a, b value) value {
	if c, is := x.negated(b); is {
		return x.apply(&add, 0, a, c)
	}
	return x.apply(&sub, 0, a, b)
}

// product is a·b; the negative of a constant is another one.
func (x *lowering) product(a, b value) value {
	if c, is := x.negated(a); is && x.nodes[b].from == constant {
		return x.apply(&mul, 0, c, x.bits(x.nodes[b].bits^signBit))
	}
	return x.apply(&mul, 0, a, b)
}

// fma is a·b + c, by the instruction that takes the negatives among them.
func (x *lowering) fma(a, b, c value) value {
	a, first := x.negated(a)
	b, second := x.negated(b)
	c, last := x.negated(c)
	var negate uint8
	if first != second {
		negate |= ofProduct
	}
	if last {
		negate |= ofAddend
	}
	return x.apply(&fma, negate, a, b, c)
}
