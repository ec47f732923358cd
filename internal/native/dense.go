package native

import (
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Dense is the product of a matrix of fixed extents with vectors, y_i = Σ_j w_ij·x_j, each sum one chain of fused
// multiply-adds from 0 in the order of j. The matrix is read column by column, so that a vector register holds
// the sums of four rows, and the sums of a tile of rows stay in registers.
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

// NewDense translates the product for a matrix of so many rows and columns.
func (f *Form) NewDense(rows, cols int) (*Dense, error) {
	d := &Dense{form: f, rows: rows, cols: cols}
	vectors := f.whole(rows)
	count := (vectors + f.tileVectors() - 1) / f.tileVectors()
	made := map[int]*loader.Function{}
	for t := range count {
		from, to := t*vectors/count, (t+1)*vectors/count
		own := min(to*f.width, rows) - from*f.width // rows of the tile
		if made[own] == nil {
			x := &dense{Form: f, cols: cols}
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

// Apply computes y for x.
func (p *Product) Apply(y, x []float64) {
	y, x = y[:p.code.rows], x[:p.code.cols]
	for _, t := range p.code.tiles {
		from := t.from * p.code.form.width
		args := [3]unsafe.Pointer{unsafe.Pointer(&p.columns[from*p.code.cols]), unsafe.Pointer(&x[0]), unsafe.Pointer(&y[from])}
		t.code.Call(unsafe.Pointer(&args))
	}
}

// Registers of the product.
const (
	column  = asm.RBX // the tile's part of the present column
	vector  = asm.RDX
	product = asm.R8
)

// tileVectors is how many vectors of sums are in registers at a time; two are for other things.
func (f *Form) tileVectors() int { return f.registers - 2 }

// dense writes the product of a tile.
type dense struct {
	asm.Assembler
	*Form
	cols int
}

// write writes the sums of so many rows.
func (x *dense) write(rows int) {
	vectors, factor := x.whole(rows), x.vector(x.registers-1)
	for i, r := range []asm.Reg{column, vector, product} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	for v := range vectors {
		x.Emit(asm.VXORPD, x.vector(v), x.vector(v), x.vector(v))
	}
	x.Emit(asm.XOR, index, index)
	x.Align(32)
	top := x.Here()
	x.Emit(asm.VBROADCASTSD, factor, asm.At(vector, 0).Index(index, 8))
	for v := range vectors {
		x.Emit(asm.VFMADD231PD, x.vector(v), factor, asm.At(column, v*x.bytes()))
	}
	x.Emit(asm.ADD, column, asm.Imm(vectors*x.bytes()))
	x.Emit(asm.INC, index)
	x.Emit(asm.CMP, index, asm.Imm(x.cols))
	x.Emit(asm.JB, top)
	for v := range vectors {
		at := asm.At(product, v*x.bytes())
		if left := rows - v*x.width; left < x.width {
			x.Emit(asm.MOV, index, asm.Imm(left))
			x.fill(&x.Assembler, x.registers-2, index)
			x.setEnds(&x.Assembler, x.vector(x.registers-2), 0)
			x.storeEnds(&x.Assembler, at, x.vector(v))
			continue
		}
		x.Emit(asm.VMOVUPD, at, x.vector(v))
	}
	x.Emit(asm.RET)
}
