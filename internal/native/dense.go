package native

import (
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Dense is the product of a matrix of fixed extents with one or two vectors, y_i = Σ_j w_ij·x_j, each sum one chain of fused
// multiply-adds from 0 in the order of j. The matrix is read column by column, so that a vector register holds
// the sums of several rows, and the sums of a tile of rows stay in registers; a weight that is read serves both vectors.
type Dense struct {
	form       *Form
	rows, cols int
	tiles      []tile
}

// tile is a range of rows with the code for so many.
type tile struct {
	code *loader.Function
	from int // vector
	rows int
}

// NewDense translates the product of a matrix of so many rows and columns with one vector, or with two at once.
func (f *Form) NewDense(rows, cols, vectors int) (*Dense, error) {
	d := &Dense{form: f, rows: rows, cols: cols}
	whole, most := f.whole(rows), f.tileVectors(vectors)
	count := (whole + most - 1) / most
	made := map[int]*loader.Function{}
	for t := range count {
		from, to := t*whole/count, (t+1)*whole/count
		own := min(to*f.width, rows) - from*f.width // rows of the tile
		if made[own] == nil {
			x := &dense{Form: f, cols: cols, vectors: vectors}
			x.write(own)
			var err error
			if made[own], err = load(&x.Assembler); err != nil {
				return nil, err
			}
		}
		d.tiles = append(d.tiles, tile{made[own], from, own})
	}
	return d, nil
}

// Product is a matrix with the code that multiplies it. Several goroutines may use it at once.
type Product struct {
	code    *Dense
	columns []float64 // of the first tile, then of the next, each column whole vectors
}

// Product is the product of the matrix [row][column].
func (d *Dense) Product(matrix []float64) *Product {
	p := &Product{code: d, columns: aligned.Float64s(d.form.whole(d.rows) * d.form.width * d.cols)}
	for _, t := range d.tiles {
		first, stride := t.from*d.form.width, d.form.whole(t.rows)*d.form.width
		columns := p.columns[first*d.cols:]
		for i := range t.rows {
			for j, w := range matrix[(first+i)*d.cols:][:d.cols] {
				columns[j*stride+i] = w
			}
		}
	}
	return p
}

// Apply computes y for x. The tiles go from the last to the first if back is set: a caller that goes back and forth finds the
// tile that it has used last in the first-level cache.
func (p *Product) Apply(back bool, y, x []float64) { p.apply(back, [2][]float64{y}, [2][]float64{x}) }

// Apply2 does what Apply does for two vectors, if the code was made for two.
func (p *Product) Apply2(back bool, y0, x0, y1, x1 []float64) {
	p.apply(back, [2][]float64{y0, y1[:p.code.rows]}, [2][]float64{x0, x1[:p.code.cols]})
}

func (p *Product) apply(back bool, y, x [2][]float64) {
	y[0], x[0] = y[0][:p.code.rows], x[0][:p.code.cols]
	args := denseArgs{x0: unsafe.Pointer(&x[0][0]), x1: unsafe.Pointer(unsafe.SliceData(x[1]))}
	for k := range p.code.tiles {
		if back {
			k = len(p.code.tiles) - 1 - k
		}
		t := &p.code.tiles[k]
		from := t.from * p.code.form.width
		args.columns, args.y0 = unsafe.Pointer(&p.columns[from*p.code.cols]), unsafe.Pointer(&y[0][from])
		if y[1] != nil {
			args.y1 = unsafe.Pointer(&y[1][from])
		}
		t.code.Call(unsafe.Pointer(&args))
	}
}

// denseArgs is what the code reads, in this order.
type denseArgs struct{ columns, x0, y0, x1, y1 unsafe.Pointer }

// Registers of the product.
const (
	column   = asm.RBX // the tile's part of the present column
	vector   = asm.RDX
	product  = asm.R8
	vector1  = asm.R9 // the second ones
	product1 = asm.R10
)

// tileVectors is how many vectors of rows have their sums in registers at a time. Beside the sums there are of one vector
// its element and a register for the end, of two their elements and the weights.
func (f *Form) tileVectors(vectors int) int { return (f.registers - 1 - vectors) / vectors }

// dense writes the product of a tile with one or two vectors.
type dense struct {
	asm.Assembler
	*Form
	cols, vectors int
}

// write writes the sums of so many rows.
func (x *dense) write(rows int) {
	vectors, weights := x.whole(rows), x.vector(x.registers-3)
	sum := func(of, v int) asm.Reg { return x.vector(of*vectors + v) }
	element := func(of int) asm.Reg { return x.vector(x.registers - 1 - of) }
	for i, r := range []asm.Reg{column, vector, product, vector1, product1}[:1+2*x.vectors] {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	for of := range x.vectors {
		for v := range vectors {
			x.Emit(asm.VXORPD, sum(of, v), sum(of, v), sum(of, v))
		}
	}
	x.Emit(asm.XOR, index, index)
	x.Align(32)
	top := x.Here()
	for of := range x.vectors {
		x.Emit(asm.VBROADCASTSD, element(of), asm.At([]asm.Reg{vector, vector1}[of], 0).Index(index, 8))
	}
	for v := range vectors {
		at := asm.At(column, v*x.bytes())
		if x.vectors == 1 {
			x.Emit(asm.VFMADD231PD, sum(0, v), element(0), at)
			continue
		}
		x.Emit(asm.VMOVUPD, weights, at)
		x.Emit(asm.VFMADD231PD, sum(0, v), element(0), weights)
		x.Emit(asm.VFMADD231PD, sum(1, v), element(1), weights)
	}
	x.Emit(asm.ADD, column, asm.Imm(vectors*x.bytes()))
	x.Emit(asm.INC, index)
	x.Emit(asm.CMP, index, asm.Imm(x.cols))
	x.Emit(asm.JB, top)
	for of := range x.vectors {
		x.store([]asm.Reg{product, product1}[of], rows, func(v int) asm.Reg { return sum(of, v) })
	}
	x.Emit(asm.RET)
}

// store writes the sums of so many rows; the last vector may not be whole.
func (x *dense) store(to asm.Reg, rows int, sum func(v int) asm.Reg) {
	for v := range x.whole(rows) {
		at := asm.At(to, v*x.bytes())
		left := rows - v*x.width
		if left >= x.width {
			x.Emit(asm.VMOVUPD, at, sum(v))
			continue
		}
		end := x.vector(x.registers - 2) // of the elements or the weights, which have done their work
		x.Emit(asm.MOV, index, asm.Imm(left))
		x.fill(&x.Assembler, x.registers-2, index)
		x.setEnds(&x.Assembler, end, 0)
		x.storeEnds(&x.Assembler, at, sum(v))
	}
}
