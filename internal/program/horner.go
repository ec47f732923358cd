package program

import "math"

// fuseHorner replaces runs of instructions that evaluate a polynomial, y ← fma(y, x, c) with constants c,
// by one instruction each, so that the portable backend keeps y in a machine register. It returns the code
// and, for the third operand of those instructions, the constants. The bits stay the same.
func fuseHorner(l *Level, values int) (code []Instr, chains [][]float64) {
	constants := make([]*Load, values)
	for i, ld := range l.Loads {
		if ld.From == FromConstant {
			constants[ld.Dst] = &l.Loads[i]
		}
	}
	uses := make([]int, values)
	for _, in := range l.Code {
		for _, a := range operands(in) {
			uses[a]++
		}
	}
	for _, s := range l.Stores {
		uses[s.Src]++
	}
	for _, in := range l.Code {
		if in.Op != FMA || constants[in.C] == nil {
			code = append(code, in)
			continue
		}
		c := constants[in.C].Value
		if n := len(code); n > 0 {
			if last := &code[n-1]; last.Op == horner && last.Dst == in.A && last.B == in.B && uses[in.A] == 1 {
				last.Dst = in.Dst
				chains[last.C] = append(chains[last.C], c)
				continue
			}
		}
		code = append(code, Instr{horner, in.Dst, in.A, in.B, Ref(len(chains))})
		chains = append(chains, []float64{c})
	}
	return code, chains
}

// executeHorner evaluates a polynomial of x that starts from y, four elements at a time: the chains of
// different elements do not wait for each other.
func executeHorner(d, y, x, coefficients []float64) {
	x, y = x[:len(d)], y[:len(d)]
	i := 0
	for ; i+4 <= len(d); i += 4 {
		x0, x1, x2, x3 := x[i], x[i+1], x[i+2], x[i+3]
		y0, y1, y2, y3 := y[i], y[i+1], y[i+2], y[i+3]
		for _, c := range coefficients {
			y0 = math.FMA(y0, x0, c)
			y1 = math.FMA(y1, x1, c)
			y2 = math.FMA(y2, x2, c)
			y3 = math.FMA(y3, x3, c)
		}
		d[i], d[i+1], d[i+2], d[i+3] = y0, y1, y2, y3
	}
	for ; i < len(d); i++ {
		v := y[i]
		for _, c := range coefficients {
			v = math.FMA(v, x[i], c)
		}
		d[i] = v
	}
}
