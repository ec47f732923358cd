package graph

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// The bits of the example may never change: published figures rest on them.
func TestExampleBits(t *testing.T) {
	g := sound(t, Example())
	hash := sha256.New()
	binary.Write(hash, binary.LittleEndian, g.Weights())
	binary.Write(hash, binary.LittleEndian, g.Lengths())
	binary.Write(hash, binary.LittleEndian, g.Centres())
	const want = "fb6f42d6c50a638cc0f85b8816ab47b9fca0a3eeb49e20ad935f07fb7c3a35d2"
	if got := hex.EncodeToString(hash.Sum(nil)); got != want {
		t.Errorf("hash of weights, lengths, centres: got %s, want %s", got, want)
	}
}

func TestExampleIsABrain(t *testing.T) {
	g := Example()
	equal(t, "N", g.N(), 84)
	equal(t, "dense", g.Dense(), true)
	equal(t, "symmetric", g.symmetric(), true)
	equal(t, "delays", g.HasDelays(), false)
	equal(t, "first label", g.Labels()[0], "lh.R01")
	equal(t, "last label", g.Labels()[83], "rh.R42")
	if d := g.Density(); d < 0.5 || d > 0.7 {
		t.Errorf("density %v, want 0.5 to 0.7", d)
	}
	centres := g.Centres()
	for i := range 42 {
		left, right := centres[i], centres[i+42]
		if left[0] >= 0 || left != [3]float64{-right[0], right[1], right[2]} {
			t.Errorf("centres of %s and its mirror image: %v, %v", g.Labels()[i], left, right)
		}
	}
	for e, length := range g.Lengths() {
		i, j := g.Targets()[e], g.Sources()[e]
		distance := math.Hypot(math.Hypot(centres[i][0]-centres[j][0], centres[i][1]-centres[j][1]), centres[i][2]-centres[j][2])
		back := int(j)*84 + int(i)
		switch {
		case length != g.Lengths()[back]:
			t.Errorf("lengths %s: %v, and back %v", g.edge(e), length, g.Lengths()[back])
		case i == j && (length != 0 || g.Weights()[e] != 0):
			t.Errorf("self-connection %s: length %v, weight %v", g.edge(e), length, g.Weights()[e])
		case i != j && !(length >= 1.19*distance && length <= 1.41*distance && distance > 5):
			t.Errorf("length %s: %v mm for a distance of %v mm", g.edge(e), length, distance)
		}
	}
	// Mirror images are better connected than other pairs across the hemispheres.
	var mirror, across float64
	for i := range 42 {
		for j := range 42 {
			if w := g.Weights()[i*84+42+j]; i == j {
				mirror += w / 42
			} else {
				across += w / (42 * 41)
			}
		}
	}
	if mirror < 10*across {
		t.Errorf("mean weight to the mirror image %v, to others across %v", mirror, across)
	}
}

// A model behaves alike on the example and on a measured connectome only if these are close.
func TestExampleIsLikeMeasured(t *testing.T) {
	measured, err := Load(golden.Path(t, "data", "dk_average", "structural.npz"))
	if err != nil {
		t.Fatal(err)
	}
	mean, most := inStrength(Example().NormalizeMax())
	wantMean, wantMost := inStrength(measured.NormalizeMax())
	for name, c := range map[string][3]float64{
		"mean in-strength":    {mean, wantMean, 0.05},
		"largest in-strength": {most, wantMost, 0.15},
		"longest tract":       {Example().MaxLength(), measured.MaxLength(), 0.05},
		"spectral radius":     {spectralRadius(Example().NormalizeMax()), spectralRadius(measured.NormalizeMax()), 0.2},
	} {
		if math.Abs(c[0]/c[1]-1) > c[2] {
			t.Errorf("%s: example %v, measured %v", name, c[0], c[1])
		}
	}
}

// spectralRadius is the largest eigenvalue of the weights, ≥ 0 and symmetric, by power iteration.
func spectralRadius(g *Graph) float64 {
	x := make([]float64, g.N())
	for i := range x {
		x[i] = 1
	}
	var radius float64
	for range 500 {
		y := make([]float64, g.N())
		for e, w := range g.Weights() {
			y[g.Targets()[e]] += w * x[g.Sources()[e]]
		}
		radius = 0
		for _, v := range y {
			radius = max(radius, v)
		}
		for i := range y {
			x[i] = y[i] / radius
		}
	}
	return radius
}

func BenchmarkExample(b *testing.B) {
	for range b.N {
		generate()
	}
}
