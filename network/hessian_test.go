package network_test

import (
	"context"
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/solver"
)

func (l weighted) PushPull(y network.Trajectory, tangent, cotangent, dcotangent []float64) (float64, error) {
	for k, d := range tangent {
		dcotangent[k] = 2 * l.v[k] * d
	}
	return l.Pull(y, cotangent)
}

func (c *derivativeCase) checkSecond(t *testing.T, w *worst) {
	ctx := context.Background()
	sim, err := network.Prepare(c.net, c.method, c.grid, network.Options{Seed: 7, Record: c.record})
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Params()
	if err := c.free(p); err != nil {
		t.Fatal(err)
	}
	from := c.IntN(5)
	loss := newWeighted(c.Rand, from, (sim.Steps()-from)*len(sim.Variables())*c.nodes)
	base, err := sim.Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	loss = loss.centred(base)
	value, gradient, err := sim.Gradient(ctx, p, loss)
	if err != nil {
		t.Fatal(err)
	}
	theta := p.Theta()
	dir := make([]float64, len(theta))
	for _, b := range blocks(p) {
		for k := b.from; k < b.to; k++ {
			dir[k] = (2*c.Float64() - 1) * scaleOf(b.path, theta[k])
		}
	}
	value2, gradient2, hv, err := sim.HessianVector(ctx, p, loss, dir)
	if err != nil {
		t.Fatal(err)
	}
	if value != value2 {
		t.Errorf("value %v %v", value, value2)
	}
	for _, b := range blocks(p) {
		var size, apart float64
		for k := b.from; k < b.to; k++ {
			s := scaleOf(b.path, theta[k])
			size = max(size, math.Abs(gradient[k])*s)
			apart = max(apart, math.Abs(gradient[k]-gradient2[k])*s)
		}
		t.Logf("%s gradient apart %.1e of %.1e", b.path, apart, size)
	}
	moved := make([]float64, len(theta))
	best := map[string]float64{}
	for h := 0.03; h > 1e-6; h /= 3 {
		var table [2][]float64
		for i := range 2 {
			var g [2][]float64
			for j := range 2 {
				for k := range moved {
					moved[k] = theta[k] + h/float64(int(1)<<i)*float64(1-2*j)*dir[k]
				}
				if err := p.SetTheta(moved); err != nil {
					t.Fatal(err)
				}
				_, g[j], err = sim.Gradient(ctx, p, loss)
				if err != nil {
					t.Fatal(err)
				}
			}
			table[i] = make([]float64, len(theta))
			for k := range moved {
				table[i][k] = (g[0][k] - g[1][k]) / (2 * h / float64(int(1)<<i))
			}
		}
		for _, b := range blocks(p) {
			var size, apart float64
			for k := b.from; k < b.to; k++ {
				s := scaleOf(b.path, theta[k])
				size = max(size, math.Abs(hv[k])*s)
				apart = max(apart, math.Abs(hv[k]-(4*table[1][k]-table[0][k])/3)*s)
			}
			r := apart / size
			if old, ok := best[b.path]; !ok || r < old {
				best[b.path] = r
			}
		}
	}
	for path, r := range best {
		if r > 1e-6 {
			t.Errorf("%s %.1e", path, r)
		}
	}
}

func TestSecond(t *testing.T) {
	var w worst
	number := 0
	list := models.All()
	for k, m := range list {
		for i, couple := range couplings() {
			for j, method := range methods(m.Name) {
				for _, delays := range []bool{false, true} {
					number++
					choice, every := i+j+k, 6
					if delays {
						choice++
					}
					if !golden.Long() && choice%every != 0 {
						continue
					}
					if couple == "Message" && delays && method.PerStage() {
						continue // refused: the message reads the receiver's present state
					}
					net := newCase(number, m, couple, method, delays)
					t.Run(net.name, func(t *testing.T) {
						net.checkSecond(t, &w)
					})
				}
			}
		}
	}
}

var _ solver.Solver
