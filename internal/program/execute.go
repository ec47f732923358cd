package program

import "math"

// execute runs straight-line code over the first m elements of its registers.
func execute(code []Instr, regs, chains [][]float64, m int) {
	for _, in := range code {
		d, a := regs[in.Dst][:m], regs[in.A][:m]
		switch in.Op {
		case Add:
			b := regs[in.B][:m]
			for i := range d {
				d[i] = a[i] + b[i]
			}
		case Sub:
			b := regs[in.B][:m]
			for i := range d {
				d[i] = a[i] - b[i]
			}
		case Mul:
			b := regs[in.B][:m]
			for i := range d {
				d[i] = a[i] * b[i]
			}
		case Div:
			b := regs[in.B][:m]
			for i := range d {
				d[i] = a[i] / b[i]
			}
		case FMA:
			b, c := regs[in.B][:m], regs[in.C][:m]
			for i := range d {
				d[i] = math.FMA(a[i], b[i], c[i])
			}
		case horner:
			executeHorner(d, a, regs[in.B][:m], chains[in.C])
		case Neg:
			for i := range d {
				d[i] = -a[i]
			}
		case Abs:
			for i := range d {
				d[i] = math.Abs(a[i])
			}
		case Sqrt:
			for i := range d {
				d[i] = math.Sqrt(a[i])
			}
		default:
			executeRare(in, regs, m)
		}
	}
}

// executeRare runs the primitives that do not map to one arithmetic expression of Go.
func executeRare(in Instr, regs [][]float64, m int) {
	d, a, b := regs[in.Dst][:m], regs[in.A][:m], regs[in.B][:m]
	switch in.Op {
	case CopySign:
		for i := range d {
			d[i] = math.Copysign(a[i], b[i])
		}
	case Min:
		for i := range d {
			x, y := a[i], b[i]
			if x < y {
				y = x
			}
			d[i] = y
		}
	case Max:
		for i := range d {
			x, y := a[i], b[i]
			if x > y {
				y = x
			}
			d[i] = y
		}
	case Round:
		for i := range d {
			d[i] = math.RoundToEven(a[i])
		}
	case Less:
		for i := range d {
			d[i] = truth(a[i] < b[i])
		}
	case LessEq:
		for i := range d {
			d[i] = truth(a[i] <= b[i])
		}
	case Equal:
		for i := range d {
			d[i] = truth(a[i] == b[i])
		}
	case Select:
		c := regs[in.C][:m]
		for i := range d {
			y := c[i]
			if a[i] != 0 {
				y = b[i]
			}
			d[i] = y
		}
	case Exponent:
		for i := range d {
			d[i] = exponent(a[i])
		}
	case Mantissa:
		for i := range d {
			d[i] = mantissa(a[i])
		}
	case Scale:
		for i := range d {
			d[i] = scale(a[i], b[i])
		}
	}
}
