//go:build !amd64 || !(linux || darwin || windows)

package loader

func allocate([]byte) ([]byte, error) { return nil, ErrUnavailable }

func free([]byte) {}
