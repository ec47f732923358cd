package suggest

import "testing"

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
