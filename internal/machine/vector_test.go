package machine

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Linux lists what the processor has and the kernel supports.
func TestVectorAgreesWithLinux(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil || runtime.GOARCH != "amd64" {
		t.Skip("no list of features to compare with")
	}
	_, flags, _ := strings.Cut(string(text), "\nflags")
	flags, _, _ = strings.Cut(flags, "\n")
	list := strings.Fields(flags)
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.Contains(list, n) {
				return false
			}
		}
		return true
	}
	if got, want := AVX2(), has("avx2", "fma"); got != want {
		t.Errorf("AVX2 %v, Linux says %v", got, want)
	}
	if got, want := AVX512(), has("avx2", "fma", "avx512f", "avx512dq", "avx512vl", "avx512bw"); got != want {
		t.Errorf("AVX512 %v, Linux says %v", got, want)
	}
}
