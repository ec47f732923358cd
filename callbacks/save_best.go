package callbacks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/neurograd/neurograd/internal/wholefile"
	"github.com/neurograd/neurograd/optim"
)

// SaveBest writes the parameters to a JSON file at each step with a loss below all before, so that
// a program that is killed loses nothing but the step under way. The file is what param.Tree.WriteJSON
// writes, and Tree.Apply reads it. It is written beside its place and then renamed, so it is whole at any
// moment; one that was there before the fit is replaced at the first step.
type SaveBest struct {
	Path string // of the file; its folder must exist
}

var _ optim.Callback = SaveBest{}

// Begin refuses an empty path and a folder that is not there.
func (c SaveBest) Begin(optim.Plan) error {
	if c.Path == "" {
		return errors.New(`callbacks: SaveBest without a Path; wanted the file to write: SaveBest{Path: "best.json"}`)
	}
	if info, err := os.Stat(filepath.Dir(c.Path)); err != nil || !info.IsDir() {
		return fmt.Errorf("callbacks: SaveBest to %q: %q is no folder; wanted an existing one: make it first", c.Path, filepath.Dir(c.Path))
	}
	return nil
}

// Step writes the file if the loss is the lowest so far.
func (c SaveBest) Step(e *optim.Event) error {
	if !e.Improved {
		return nil
	}
	if err := wholefile.Write(c.Path, e.Params().WriteJSON); err != nil {
		return fmt.Errorf("callbacks: SaveBest to %q: %w", c.Path, err)
	}
	return nil
}

// End does nothing; the best is in the file already.
func (SaveBest) End(*optim.Result) error { return nil }
