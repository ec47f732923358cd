package network

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/neurograd/neurograd/internal/engine"
)

// tape runs forward and keeps what the reverse pass needs.
func (s *Simulation) tape(ctx context.Context, v engine.Values, free engine.Free, y Trajectory) (*engine.Tape, error) {
	tape, err := s.withinMemory(16*int64(len(y.Data)), func(normals engine.Normals, budget int64) (*engine.Tape, error) {
		return s.engine.Tape(ctx, v, normals, free, budget, &engine.Recording{From: y.From, Data: y.Data})
	})
	return tape, s.explain(err)
}

// withinMemory makes a tape within what Options.Memory leaves beside so many bytes of samples and cotangents, and the
// normals that are kept. Where that is too little, the normals are drawn anew instead; so whatever a memory is enough for,
// a larger one is too.
func (s *Simulation) withinMemory(samples int64, tape func(normals engine.Normals, budget int64) (*engine.Tape, error)) (*engine.Tape, error) {
	kept := s.keptNormals()
	normals, end := s.normalsFrom(kept > 0)
	t, err := tape(normals, s.memory()-samples-kept)
	end()
	var short *engine.MemoryError
	if kept > 0 && errors.As(err, &short) {
		t, err = tape(s.drawAnew(), s.memory()-samples)
	}
	if errors.As(err, &short) {
		enough := short.Need + samples
		return nil, fmt.Errorf("network: derivatives through %d steps take at least %.1f MiB for checkpoints, %.1f MiB are left of Options.Memory\n"+
			"give Options.Memory at least %.1f MiB (%d bytes), shorten the run, or let the loss look at less of it",
			s.Steps(), mebibytes(short.Need), mebibytes(max(0, short.Budget)), math.Ceil(mebibytes(enough)*10)/10, enough)
	}
	return t, err
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
