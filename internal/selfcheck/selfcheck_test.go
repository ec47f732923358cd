package selfcheck

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/network"
)

// The hash is FNV-1a of the bytes, least significant first: of nothing its offset, of the bits of 1 by hand.
func TestHash(t *testing.T) {
	want := uint64(14695981039346656037)
	if got := Hash(); got != want {
		t.Errorf("of nothing %d", got)
	}
	for _, b := range []uint64{0, 0, 0, 0, 0, 0, 0xf0, 0x3f} {
		want = (want ^ b) * 1099511628211
	}
	if got := Hash(nil, []float64{1}); got != want {
		t.Errorf("of 1 %d, want %d", got, want)
	}
}

// The derivatives of the loss, which is a polynomial of degree two, are central differences, exactly.
func TestLoss(t *testing.T) {
	y := network.Trajectory{Rows: 3, Variables: 2, Nodes: 6, Data: make([]float64, 36)}
	tangents, moved := make([]float64, 2*36), make([]float64, 36)
	for k := range y.Data {
		y.Data[k] = float64(k%11) / 8
		tangents[2*k], tangents[2*k+1] = float64(k%3-1), float64(k%4)
	}
	along := func(lane int, h float64) float64 {
		for k := range moved {
			moved[k] = y.Data[k] + h*tangents[2*k+lane]
		}
		v, _ := Loss{}.Value(network.Trajectory{Data: moved})
		return v
	}
	cotangent, pushed := make([]float64, 36), make([]float64, 2)
	v, err := Loss{}.Pull(y, cotangent)
	if w, err2 := (Loss{}).Push(y, tangents, 2, pushed); err != nil || err2 != nil || v != w || v != along(0, 0) {
		t.Errorf("values %v, %v; %v, %v", v, w, err, err2)
	}
	for lane := range 2 {
		var pulled float64
		for k, c := range cotangent {
			pulled = math.FMA(c, tangents[2*k+lane], pulled)
		}
		if want := (along(lane, 1) - along(lane, -1)) / 2; pulled != want || pushed[lane] != want {
			t.Errorf("tangent %d: pulled %v, pushed %v, differences %v", lane, pulled, pushed[lane], want)
		}
	}
	if from, err := (Loss{}).Window(9, 1, 1); from != 4 || err != nil {
		t.Errorf("window from %d, %v", from, err)
	}
}
