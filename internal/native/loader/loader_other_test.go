//go:build !amd64

package loader

import (
	"errors"
	"testing"
)

func TestUnavailable(t *testing.T) {
	if f, err := Load([]byte{0}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v, error %v, want %v", f, err, ErrUnavailable)
	}
}
