package native

import (
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// LaneDense is the product of a matrix of fixed extents with several lanes of vectors, y_il = Σ_j w_ij·x_jl, each sum one chain of
// fused multiply-adds from 0 in the order of j. Twelve vectors of sums are in registers at a time: of some rows, and one or two
// vectors of lanes, which are read once for all these rows.
type LaneDense struct {
	form              *Form
	rows, cols, lanes int
	tile              int // rows side by side
	parts             []lanesPart
}

// lanesPart is a range of lanes with the code for whole tiles of rows, and for the rows that are left (nil if none are).
type lanesPart struct {
	from, vectors int // first vector, and how many
	whole, rest   *loader.Function
}

// denseSums is how many vectors of sums are in registers.
const denseSums = 12

// NewLaneDense translates the product for a matrix of so many rows and columns, and so many lanes, a multiple of a vector's
// elements.
func (f *Form) NewLaneDense(rows, cols, lanes int) (*LaneDense, error) {
	vectors := lanes / f.width
	d := &LaneDense{form: f, rows: rows, cols: cols, lanes: lanes, tile: denseSums / min(2, vectors)}
	made := map[[2]int]*loader.Function{}
	tile := func(rows, vectors int) (*loader.Function, error) {
		if key := [2]int{rows, vectors}; made[key] == nil && rows > 0 {
			x := &laneDense{Form: f, rows: rows, vectors: vectors, cols: cols, stride: 8 * lanes}
			x.write()
			var err error
			if made[key], err = load(&x.Assembler); err != nil {
				return nil, err
			}
		}
		return made[[2]int{rows, vectors}], nil
	}
	for from := 0; from < vectors; from += 2 {
		p := lanesPart{from: from, vectors: min(2, vectors-from)}
		var err error
		if p.whole, err = tile(d.tile, p.vectors); err != nil {
			return nil, err
		}
		if p.rest, err = tile(rows%d.tile, p.vectors); err != nil {
			return nil, err
		}
		d.parts = append(d.parts, p)
	}
	return d, nil
}

// LaneProduct is a matrix with the code that multiplies it. Several goroutines may use it at once.
type LaneProduct struct {
	code    *LaneDense
	weights []float64 // [tile][column][row of the tile]
}

// laneDenseArgs is what the code reads, in this order.
type laneDenseArgs struct {
	weights, x, y unsafe.Pointer
	tiles         int
}

// Product is the product of the matrix [row][column].
func (d *LaneDense) Product(matrix []float64) *LaneProduct {
	p := &LaneProduct{code: d, weights: aligned.Float64s(d.rows * d.cols)[:0]}
	for from := 0; from < d.rows; from += d.tile {
		for j := range d.cols {
			for i := from; i < min(from+d.tile, d.rows); i++ {
				p.weights = append(p.weights, matrix[i*d.cols+j])
			}
		}
	}
	return p
}

// Apply computes y [row][lane] for x [column][lane].
func (p *LaneProduct) Apply(y, x []float64) {
	d := p.code
	y, x = y[:d.rows*d.lanes], x[:d.cols*d.lanes]
	for _, part := range d.parts {
		most := max(1, operationsPerCall/(d.cols*d.tile*part.vectors))
		whole := d.rows / d.tile
		for tile := 0; tile < whole; tile += most {
			p.call(part.whole, y, x, tile, min(most, whole-tile), part.from)
		}
		if part.rest != nil {
			p.call(part.rest, y, x, whole, 1, part.from)
		}
	}
}

// call computes some tiles of a part of the lanes.
func (p *LaneProduct) call(code *loader.Function, y, x []float64, tile, tiles, vector int) {
	d := p.code
	args := laneDenseArgs{unsafe.Pointer(&p.weights[tile*d.tile*d.cols]), unsafe.Pointer(&x[vector*d.form.width]),
		unsafe.Pointer(&y[tile*d.tile*d.lanes+vector*d.form.width]), tiles}
	code.Call(unsafe.Pointer(&args))
}

// laneDense writes the product of tiles of rows.
type laneDense struct {
	asm.Assembler
	*Form
	rows, vectors, cols, stride int // stride of x and y in bytes
}

// Registers of the product, beside those of dense.go: column is the tile's part of the present column.
const (
	present = asm.RSI // row of x
	tiles   = asm.R9
)

func (x *laneDense) write() {
	for i, r := range []asm.Reg{column, vector, product, tiles} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	sum := func(row, v int) asm.Reg { return x.vector(row*x.vectors + v) }
	tile := x.Here()
	for i := range x.rows * x.vectors {
		x.Emit(asm.VXORPD, x.vector(i), x.vector(i), x.vector(i))
	}
	x.Emit(asm.MOV, present, vector)
	x.Emit(asm.MOV, remaining, asm.Imm(x.cols))
	x.Align(32)
	top := x.Here()
	for v := range x.vectors {
		x.Emit(asm.VMOVUPD, x.vector(denseSums+v), asm.At(present, v*x.bytes()))
	}
	for row := range x.rows {
		x.Emit(asm.VBROADCASTSD, x.vector(15), asm.At(column, 8*row))
		for v := range x.vectors {
			x.Emit(asm.VFMADD231PD, sum(row, v), x.vector(15), x.vector(denseSums+v))
		}
	}
	x.Emit(asm.ADD, column, asm.Imm(8*x.rows))
	x.Emit(asm.ADD, present, asm.Imm(x.stride))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, top)
	for row := range x.rows {
		for v := range x.vectors {
			x.Emit(asm.VMOVUPD, asm.At(product, row*x.stride+v*x.bytes()), sum(row, v))
		}
	}
	x.Emit(asm.ADD, product, asm.Imm(x.rows*x.stride))
	x.Emit(asm.DEC, tiles)
	x.Emit(asm.JNE, tile)
	x.Emit(asm.RET)
}
