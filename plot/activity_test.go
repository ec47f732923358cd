package plot

import (
	"math/rand"
	"os"
	"path/filepath"
	"testing"
)

// activity is what the pictures of a fit hold: 84 regions, 2500 samples of noisy relaxation.
func activity() TimeSeries {
	r := rand.New(rand.NewSource(1))
	ts := TimeSeries{Title: "Optimized Neural Activity", XLabel: "Time (ms)", YLabel: "Neural Activity", Time: ramp(2500),
		Lines: []HLine{{Value: 0.5, Label: "Target (0.5)"}, {Value: 0.503, Label: "Mean (0.503)"}}}
	for range 84 {
		s, v, rest := make([]float64, 2500), 0.1, 0.1+0.8*r.Float64()
		for i := range s {
			v += 0.01*(rest-v) + 0.006*r.NormFloat64()
			s[i] = v
		}
		ts.Series = append(ts.Series, s)
	}
	return ts
}

func TestActivityOfAllRegions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fic.png")
	if err := activity().Save(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 2<<20 {
		t.Errorf("the picture takes %d bytes, want at most 2 MiB", info.Size())
	}
	img := readPNG(t, path)
	// Target and mean are 0.3 % apart, less than their widths, and still both show.
	for _, x := range []int{300, 700, 1300} {
		b, r := len(rowsOf(img, x, black)), len(rowsOf(img, x, red))
		if b < 1 || r < 2 {
			t.Errorf("column %d: %d black and %d red pixels, want both lines to show", x, b, r)
		}
	}
}

func BenchmarkActivityPNG(b *testing.B) {
	p, path := activity(), filepath.Join(b.TempDir(), "fic.png")
	for b.Loop() {
		if err := p.Save(path); err != nil {
			b.Fatal(err)
		}
	}
}
