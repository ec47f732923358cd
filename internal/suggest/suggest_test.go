package suggest

import (
	"strings"
	"testing"
	"time"
)

// Names from a file may be as long as the file; comparing two would take time quadratic in that.
func TestLongNames(t *testing.T) {
	start := time.Now()
	long := strings.Repeat("a", 200_000)
	for _, c := range [][2]string{{long, long + "b"}, {"weights", long}, {long, "weights"}} {
		if got := Closest(c[0], c[1:]); got != "" {
			t.Errorf("a suggestion of %d bytes for a name of %d", len(got), len(c[0]))
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestClosest(t *testing.T) {
	names := []string{"dynamics.J_N", "dynamics.I_o", "coupling.delayed.G", "noise.sigma"}
	for _, c := range []struct{ name, want string }{
		{"dynamics.j_n", "dynamics.J_N"},
		{"dynamics.JN", "dynamics.J_N"},
		{"noise.sgima", "noise.sigma"},
		{"coupling.delayed.G", "coupling.delayed.G"},
		{"xyz", ""},
		{"DELAYED", "coupling.delayed.G"},
		{"dynam", ""},
		{"", ""},
	} {
		if got := Closest(c.name, names); got != c.want {
			t.Errorf("Closest(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
