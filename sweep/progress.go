package sweep

import "time"

// Progress is how far a sweep has come.
type Progress struct {
	Total   int // rows of the sweep, or of its shard
	Resumed int // of these, rows that the store had at the beginning
	Done    int // rows computed since, the failed ones included
	Failed  int // of the rows computed since
	Elapsed time.Duration
}

// Rate is how many rows are computed per second.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Done) / p.Elapsed.Seconds()
}

// Remaining is how long the rest takes if it goes on like this; 0 as long as that is unknown.
func (p Progress) Remaining() time.Duration {
	if p.Done == 0 {
		return 0
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.Total-p.Resumed-p.Done))
}

// Finished reports whether all rows are there.
func (p Progress) Finished() bool { return p.Resumed+p.Done == p.Total }

// reportEvery is how often the progress is told at most, but for its end.
const reportEvery = 100 * time.Millisecond
