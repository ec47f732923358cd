package network

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/neurograd/neurograd/internal/engine"
)

// tape runs forward and keeps what the reverse pass needs within what Options.Memory leaves beside the samples
// that the loss looks at, their cotangents and the normals that are kept. Where that is too little, the normals are drawn
// anew instead; so whatever a memory is enough for, a larger one is too.
func (s *Simulation) tape(ctx context.Context, v engine.Values, free engine.Free, y Trajectory) (*engine.Tape, error) {
	rec := &engine.Recording{From: y.From, Data: y.Data}
	samples, kept := 16*int64(len(y.Data)), s.keptNormals()
	tape, err := s.engine.Tape(ctx, v, s.normalsFrom(kept > 0), free, s.memory()-samples-kept, rec)
	var short *engine.MemoryError
	if kept > 0 && errors.As(err, &short) {
		tape, err = s.engine.Tape(ctx, v, s.normalsFrom(false), free, s.memory()-samples, rec)
	}
	if errors.As(err, &short) {
		enough := short.Need + samples
		return nil, fmt.Errorf("network: the gradient of %d steps takes at least %.1f MiB for its checkpoints, %.1f MiB are left of Options.Memory\n"+
			"give Options.Memory at least %.1f MiB (%d bytes), shorten the run, or let the loss look at less of it",
			s.Steps(), mebibytes(short.Need), mebibytes(max(0, short.Budget)), math.Ceil(mebibytes(enough)*10)/10, enough)
	}
	return tape, s.explain(err)
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
