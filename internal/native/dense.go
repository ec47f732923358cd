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
	rows, cols int
	tiles      []tile
}

// tile is a range of rows with the code for so many.
type tile struct {
	code *loader.Function
	from int // vector
}

// NewDense translates the product for a matrix of so many rows and columns.
func NewDense(rows, cols int) (*Dense, error) {
	d := &Dense{rows: rows, cols: cols}
	vectors := (rows + width - 1) / width
	count := (vectors + tileVectors - 1) / tileVectors
	made := map[int]*loader.Function{}
	for t := range count {
		from, to := t*vectors/count, (t+1)*vectors/count
		own := min(to*width, rows) - from*width // rows of the tile
		if made[own] == nil {
			x := &dense{stride: d.stride() * 8, cols: cols}
			x.write(own)
			code, err := x.Code()
			if err != nil {
				return nil, err
			}
			if made[own], err = loader.Load(code); err != nil {
				return nil, err
			}
		}
		d.tiles = append(d.tiles, tile{made[own], from})
	}
	return d, nil
}

// Product is a matrix with the code that multiplies it. It serves one goroutine at a time.
type Product struct {
	code    *Dense
	columns []float64
	args    [3]unsafe.Pointer // columns, x, y
}

// Product is the product of the matrix [row][column].
func (d *Dense) Product(matrix []float64) *Product {
	stride := d.stride()
	p := &Product{code: d, columns: aligned.Float64s(stride * d.cols)}
	for i := range d.rows {
		for j, w := range matrix[i*d.cols : (i+1)*d.cols] {
			p.columns[j*stride+i] = w
		}
	}
	return p
}

// stride is the number of rows in whole vectors.
func (d *Dense) stride() int { return (d.rows + width - 1) / width * width }

// Apply computes y for x.
func (p *Product) Apply(y, x []float64) {
	y, x = y[:p.code.rows], x[:p.code.cols]
	for _, t := range p.code.tiles {
		p.args = [3]unsafe.Pointer{unsafe.Pointer(&p.columns[t.from*width]), unsafe.Pointer(&x[0]), unsafe.Pointer(&y[t.from*width])}
		t.code.Call(unsafe.Pointer(&p.args))
	}
}

// Registers of the product.
const (
	column  = asm.RBX // the tile's part of the present column
	vector  = asm.RDX
	product = asm.R8
)

// tileVectors is how many vectors of sums are in registers at a time.
const tileVectors = 14

// dense writes the product of a tile.
type dense struct {
	asm.Assembler
	stride, cols int // stride in bytes
}

// write writes the sums of so many rows.
func (x *dense) write(rows int) {
	vectors := (rows + width - 1) / width
	for i, r := range []asm.Reg{column, vector, product} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	for v := range vectors {
		x.Emit(asm.VXORPD, asm.Y(v), asm.Y(v), asm.Y(v))
	}
	x.Emit(asm.XOR, index, index)
	x.Align(32)
	top := x.Here()
	x.Emit(asm.VBROADCASTSD, asm.Y(15), asm.At(vector, 0).Index(index, 8))
	for v := range vectors {
		x.Emit(asm.VFMADD231PD, asm.Y(v), asm.Y(15), asm.At(column, v*vectorBytes))
	}
	x.Emit(asm.ADD, column, asm.Imm(x.stride))
	x.Emit(asm.INC, index)
	x.Emit(asm.CMP, index, asm.Imm(x.cols))
	x.Emit(asm.JB, top)
	for v := range vectors {
		at := asm.At(product, v*vectorBytes)
		if left := rows - v*width; left < width {
			ones := [width]uint64{}
			for i := range left {
				ones[i] = ^uint64(0)
			}
			x.Emit(asm.VMOVUPD, asm.Y(15), x.Words(ones[:]...))
			x.Emit(asm.VMASKMOVPD, at, asm.Y(15), asm.Y(v))
			continue
		}
		x.Emit(asm.VMOVUPD, at, asm.Y(v))
	}
	x.Emit(asm.RET)
}
