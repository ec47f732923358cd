// Package wholefile writes files that are never found half written: a new file is made beside the place
// and then renamed. It holds nothing else.
package wholefile

import (
	"io"
	"os"
	"path/filepath"
)

// Write makes the file at path hold what encode writes, or leaves it as it was.
func Write(path string, encode func(io.Writer) error) error {
	name, err := Beside(path, encode)
	if err == nil {
		if err = os.Rename(name, path); err != nil {
			os.Remove(name)
		}
	}
	return err
}

// Beside writes a new file in the folder of path, for the caller to rename, and returns its name. Where
// that fails no file is left.
func Beside(path string, encode func(io.Writer) error) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return "", err
	}
	err = encode(f)
	if err == nil {
		err = f.Chmod(0o644) // temporary files begin as readable to their owner only
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
