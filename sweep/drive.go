package sweep

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"time"

	"github.com/neurograd/neurograd/network"
)

// job is what a sweep computes.
type job interface {
	// batches cuts the rows that are to be computed into pieces of work. It is called once.
	batches(rows iter.Seq[int]) iter.Seq[[]int]
	// compute computes the rows of a batch, in any order. Several goroutines call it. An error ends the sweep.
	compute(ctx context.Context, batch []int) ([]outcome, error)
}

// outcome is a computed row.
type outcome struct {
	row    int
	values []float64 // of all columns; NaN where the row failed
	text   string    // what went wrong, "" if nothing did
}

// sink takes the rows; one goroutine uses it.
type sink interface {
	add(row int, values []float64, text string) error
	scan(func(row int, status byte, values []float64) error) error
}

// drive computes all rows that the sink does not have. On an error, that of a cancelled context too, the rows that are done
// are in the sink.
func drive(ctx context.Context, j job, s sink, total int, opts Options) error {
	open := make([]bool, total)
	first, resumed := -1, 0
	err := s.scan(func(row int, status byte, _ []float64) error {
		if first < 0 {
			first = row
		}
		open[row-first] = status == missing || status == failed && opts.Retry
		if !open[row-first] {
			resumed++
		}
		return nil
	})
	if err != nil {
		return err
	}
	todo := func(yield func(int) bool) {
		for i, is := range open {
			if is && !yield(first+i) {
				return
			}
		}
	}
	d := &driver{sink: s, opts: opts, began: time.Now(), progress: Progress{Total: total, Resumed: resumed}}
	d.report(true)
	if resumed == total {
		return nil
	}
	err = d.run(ctx, j, j.batches(todo))
	d.report(true)
	return err
}

// driver takes what the workers have computed.
type driver struct {
	sink     sink
	opts     Options
	progress Progress
	began    time.Time
	told     time.Time
}

func (d *driver) report(now bool) {
	if d.opts.Progress == nil || !now && time.Since(d.told) < reportEvery {
		return
	}
	d.told = time.Now()
	d.progress.Elapsed = d.told.Sub(d.began)
	d.opts.Progress(d.progress)
}

// take keeps the rows of a batch.
func (d *driver) take(batch []outcome) error {
	for _, o := range batch {
		if err := d.sink.add(o.row, o.values, o.text); err != nil {
			return err
		}
		d.progress.Done++
		if o.text != "" {
			d.progress.Failed++
			if d.opts.Stop {
				return fmt.Errorf("sweep: row %d: %s", o.row, o.text)
			}
		}
	}
	d.report(false)
	return nil
}

// run hands the batches to the workers and takes what they return, as it comes.
func (d *driver) run(ctx context.Context, j job, batches iter.Seq[[]int]) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work, results := make(chan []int), make(chan []outcome)
	var workers sync.WaitGroup
	for range d.opts.workers() {
		workers.Go(func() {
			for batch := range work {
				computed, err := j.compute(ctx, batch)
				if len(computed) > 0 {
					results <- computed
				}
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	go func() {
		defer func() {
			close(work)
			workers.Wait()
			close(results)
		}()
		for batch := range batches {
			select {
			case work <- batch:
			case <-ctx.Done():
				return
			}
		}
	}()
	var failure error
	for computed := range results {
		if failure != nil {
			continue // the workers' last rows after the sink has failed
		}
		if failure = d.take(computed); failure != nil {
			cancel(failure)
		}
	}
	if failure == nil {
		failure = context.Cause(ctx)
	}
	return failure
}

// workers is the number of goroutines that compute.
func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Options are the choices of a sweep. None but Repetitions and Independent changes a number.
type Options struct {
	// Workers is how many rows, or groups of rows in lanes, are computed at a time; 0 means as many as there are processors.
	Workers int
	// Lanes is how many simulations a worker runs side by side; 0 lets the sweep choose.
	Lanes int
	// Repetitions runs every point so many times, with the noise streams 0, 1, … of the seed; 0 means once.
	Repetitions int
	// Independent gives every row a noise stream of its own. Otherwise all points share the streams (common random numbers), so
	// that differences between them are not differences of the noise.
	Independent bool
	// Stop ends the sweep at the first row that fails, with its error. Otherwise the row is marked and the others go on.
	Stop bool
	// Retry computes rows again that failed when the store was written.
	Retry bool
	// Store is a folder that keeps the rows as they come; a sweep that finds rows of its own there goes on with the missing ones.
	// "" keeps them in memory.
	Store string
	// Shard is the part of the rows to compute; the zero value is all of them. Each shard has a store of its own, see [Merge].
	Shard Shard
	// Progress, if not nil, is told now and then, from one goroutine.
	Progress func(Progress)
	// Facts are further things that decide the numbers, such as the version of the user's own code; a store refuses others.
	Facts map[string]string
}

func (o Options) check() error {
	switch {
	case o.Workers < 0 || o.Lanes < 0:
		return fmt.Errorf("sweep: %d workers, %d lanes; wanted positive numbers, or 0 to let the sweep choose", o.Workers, o.Lanes)
	case o.Lanes > network.MaxLanes:
		return fmt.Errorf("sweep: %d lanes; wanted at most %d, or 0 to let the sweep choose", o.Lanes, network.MaxLanes)
	case o.Repetitions < 0:
		return fmt.Errorf("sweep: %d repetitions; wanted at least 1, or 0 for one", o.Repetitions)
	case o.Shard != (Shard{}) && o.Store == "":
		return errors.New("sweep: a shard without a store is lost: name a folder in Options.Store")
	}
	return o.Shard.check()
}

func (o Options) repetitions() int { return max(1, o.Repetitions) }
