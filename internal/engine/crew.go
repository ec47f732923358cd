package engine

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/neurograd/neurograd/internal/cores"
)

// crew lets a second goroutine do half of a job where that pays and a processor is free for it: see [cores]. It belongs to one run,
// whose goroutine calls its methods. A nil crew works alone.
type crew struct {
	hand  *hand // nil while nobody helps
	until int   // jobs to do alone before it looks for a hand again
	idle  int   // jobs in a row that the hand was not there for
	pause int   // jobs to do alone when a hand has been of no use: more every time
}

// job is a sum to do half of.
type job struct {
	sum                 *halved
	out, start, samples []float64
}

func (j *job) half(k int) { j.sum.half(k, j.out, j.start, j.samples) }

const (
	lookEvery    = 32      // jobs between two looks for a hand
	mostIdle     = 4       // see crew.idle
	longestPause = 1 << 14 // see crew.pause
)

// sum adds up sums, together where they are in halves.
func (c *crew) sum(s stepSum, out, start, samples []float64) {
	h, ok := s.(*halved)
	if !ok || !c.helped() {
		s.Apply(out, start, samples)
		return
	}
	j := job{h, out, start, samples}
	c.hand.offer(j)
	j.half(0)
	back, late := c.hand.takeBack()
	if back {
		j.half(1)
		c.idle++
	} else {
		c.idle = 0
	}
	if late || c.idle == mostIdle { // the system lets others have its processor
		c.pause = min(2*max(c.pause, lookEvery), longestPause)
		c.dismiss()
		c.until = c.pause
	}
}

// helped reports whether there is a hand, and looks for one from time to time.
func (c *crew) helped() bool {
	switch {
	case c == nil:
		return false
	case c.hand != nil:
		if cores.Crowded() {
			c.dismiss()
		}
		return c.hand != nil
	case c.until > 0:
		c.until--
		return false
	}
	c.until = lookEvery
	if cores.TakeSpare() {
		c.hand = &hand{wake: make(chan struct{}, 1)}
		go c.hand.work()
	}
	return c.hand != nil
}

// dismiss ends the help, as every run does in the end.
func (c *crew) dismiss() {
	if c != nil && c.hand != nil {
		c.hand.tell(handOver)
		c.hand, c.until, c.idle = nil, 0, 0
	}
}

// hand is the second goroutine. It looks out for work busily for a short time, as the next job mostly follows at once and to wake a
// goroutine takes longer than a small job, and then sleeps.
type hand struct {
	job    job
	state  atomic.Uint32
	asleep atomic.Bool
	wake   chan struct{} // of room for one, sent to by who takes asleep back
}

// States of a hand. The run goes from handIdle or handDone to handOffered or handOver, and from handOffered back to handIdle; the
// hand goes from handOffered to handTaken to handDone.
const (
	handIdle = iota
	handOffered
	handTaken
	handDone
	handOver
)

// lookout is how long a hand looks out for work before it sleeps.
const lookout = 20 * time.Microsecond

func (h *hand) offer(j job) {
	h.job = j
	h.tell(handOffered)
}

func (h *hand) tell(state uint32) {
	h.state.Store(state)
	if h.asleep.CompareAndSwap(true, false) {
		h.wake <- struct{}{}
	}
}

// takeBack takes the offered half back if it has not been begun, and waits for it if it has; it reports whether it was taken back,
// and whether the hand came much too late.
func (h *hand) takeBack() (back, late bool) {
	if h.state.CompareAndSwap(handOffered, handIdle) {
		return true, false
	}
	var began time.Time
	for k := 1; h.state.Load() != handDone; k++ {
		if k == 1024 {
			began = time.Now()
		}
		if k%1024 == 0 {
			runtime.Gosched()
		}
	}
	return false, !began.IsZero() && time.Since(began) > tooLate
}

// tooLate is how long a run waits for a half at most if the hand has a processor of its own.
const tooLate = time.Millisecond

// work does second halves until it is over.
func (h *hand) work() {
	defer cores.Give()
	for h.await() != handOver {
		if h.state.CompareAndSwap(handOffered, handTaken) {
			h.job.half(1)
			h.state.Store(handDone)
		}
	}
}

// await waits until there is work, or it is over.
func (h *hand) await() uint32 {
	for {
		for began, k := time.Now(), 1; ; k++ {
			if s := h.state.Load(); s == handOffered || s == handOver {
				return s
			}
			if k%128 == 0 && time.Since(began) > lookout {
				break
			}
		}
		h.asleep.Store(true)
		if s := h.state.Load(); (s == handOffered || s == handOver) && h.asleep.CompareAndSwap(true, false) {
			return s
		}
		<-h.wake
	}
}
