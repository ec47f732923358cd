package native

import (
	"os"
	"strconv"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// programs is how many random programs are compared: 2,000, or 100,000 among the long checks, or what NEUROGRAD_PROGRAMS
// says. A million take about five minutes:
//
//	NEUROGRAD_PROGRAMS=1000000 go test ./internal/native -run 'RandomPrograms$' -timeout 1h
func programs(t *testing.T) uint64 {
	t.Helper()
	const variable = "NEUROGRAD_PROGRAMS"
	if text := os.Getenv(variable); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", variable, err)
		}
		return n
	}
	if golden.Long() {
		return 100_000
	}
	return 2_000
}
