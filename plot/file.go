package plot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/neurograd/neurograd/internal/wholefile"
)

// writeFile makes the file at path hold what encode writes; a reader, or a crash, never finds half a picture.
func writeFile(path string, encode func(io.Writer) error) error {
	if err := wholefile.Write(path, encode); err != nil {
		return writeError(path, filepath.Dir(path), err)
	}
	return nil
}

// writeError says what is wrong with the place the picture should go to.
func writeError(path, folder string, err error) error {
	info, stat := os.Stat(folder)
	switch {
	case errors.Is(stat, fs.ErrNotExist):
		return fmt.Errorf("plot: cannot write %q: the folder %q does not exist; create it or choose another path: %w", path, folder, err)
	case stat == nil && !info.IsDir():
		return fmt.Errorf("plot: cannot write %q: %q is a file, not a folder; choose another path: %w", path, folder, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("plot: cannot write %q: no permission to write in the folder %q; change its rights or choose another path: %w", path, folder, err)
	}
	if info, stat := os.Stat(path); stat == nil && info.IsDir() {
		return fmt.Errorf("plot: cannot write %q: it is a folder; add a file name such as picture.png: %w", path, err)
	}
	return fmt.Errorf("plot: cannot write %q: check the disk and the path: %w", path, err)
}
