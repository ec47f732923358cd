package space

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
)

// Distribution is a continuous distribution of one number, by its quantile function: the inverse of the distribution
// function, finite for probabilities 0 < p < 1. Those of gonum.org/v1/gonum/stat/distuv are of this kind. Its draws
// have the same bits everywhere if Quantile has; those of this package do.
type Distribution interface {
	// Quantile is the number below which a draw falls with probability p.
	Quantile(p float64) float64
}

// uniforms makes the probability at which the i-th value of an axis is drawn, for one of its elements.
type uniforms interface {
	uniform(i, element int) float64
}

// independent are draws that know nothing of each other.
type independent struct{ seed, path uint64 }

func (d independent) uniform(i, element int) float64 {
	return newStream(d.seed, d.path, element, forDraws).uniform(uint32(i))
}

// drawn is a sequence of draws.
type drawn struct{ Distribution }

func (d drawn) kind() (string, []float64) {
	if own, ok := d.Distribution.(sequence); ok {
		return own.kind()
	}
	return "quantile", nil
}

// Draw is n independent draws from a distribution. Each is the quantile at a uniform number that depends on the
// seed of the space, the path of the axis and the position alone. Errors: n < 1, no distribution, quantiles that are
// not finite or not ascending, or that panic.
func Draw(d Distribution, n int) Values {
	v := Values{from: drawn{d}, n: n, err: checkCount(n)}
	if d == nil {
		v.err = firstOf(v.err, errors.New("no distribution; wanted a value with a method Quantile, such as distuv.Beta{Alpha: 2, Beta: 5}"))
		return v
	}
	v.err = firstOf(v.err, checkQuantiles(d))
	return v
}

// checkQuantiles refuses a distribution whose quantiles are no numbers in ascending order, or that panics because of its
// parameters.
func checkQuantiles(d Distribution) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s panics: %v; wanted a distribution with quantiles: mend its parameters", nameOf(d), r)
		}
	}()
	q := fingerprint(d)
	for k, x := range q {
		if !isFinite(x) || k > 0 && x < q[k-1] {
			return fmt.Errorf("%s has the quantiles %v at %v; wanted finite ascending numbers: mend its parameters", nameOf(d), q, probes)
		}
	}
	return nil
}

// probes are the probabilities by whose quantiles distributions are told apart.
var probes = [5]float64{0.03125, 0.25, 0.5, 0.75, 0.96875}

func fingerprint(d Distribution) []float64 {
	q := make([]float64, len(probes))
	for k, p := range probes {
		q[k] = d.Quantile(p)
	}
	return q
}

// nameOf is the type of a distribution, "distuv.Beta".
func nameOf(d Distribution) string { return strings.TrimPrefix(fmt.Sprintf("%T", d), "*") }

type uniform struct{ lo, hi float64 }
type logUniform struct{ lo, hi float64 }
type normal struct{ mean, sd float64 }
type logNormal struct{ mean, sd float64 }

// Uniform is n draws from the uniform distribution on [lo, hi]. Errors: n < 1, bounds that are not finite or not lo < hi.
func Uniform(lo, hi float64, n int) Values {
	return Values{from: drawn{uniform{lo, hi}}, n: n, err: firstOf(checkCount(n), checkBounds(lo, hi))}
}

// LogUniform is n draws whose logarithm is uniform on [ln lo, ln hi]. Errors: those of [Uniform], and lo ≤ 0.
func LogUniform(lo, hi float64, n int) Values {
	return Values{from: drawn{logUniform{lo, hi}}, n: n, err: firstOf(checkCount(n), checkBounds(lo, hi), checkPositive(lo, hi))}
}

// Normal is n draws from the normal distribution with this mean and standard deviation. Errors: n < 1, numbers that are
// not finite, sd ≤ 0.
func Normal(mean, sd float64, n int) Values {
	return Values{from: drawn{normal{mean, sd}}, n: n, err: firstOf(checkCount(n), checkSpread(normal{mean, sd}, mean, sd))}
}

// LogNormal is n draws whose logarithm is normal with this mean and standard deviation. Errors: those of [Normal].
func LogNormal(mean, sd float64, n int) Values {
	return Values{from: drawn{logNormal{mean, sd}}, n: n, err: firstOf(checkCount(n), checkSpread(logNormal{mean, sd}, mean, sd))}
}

// checkSpread refuses numbers that a draw could not be had from: the outermost draws must be finite.
func checkSpread(d Distribution, mean, sd float64) error {
	if !(sd > 0) || !isFinite(d.Quantile(0x1p-53)) || !isFinite(d.Quantile(1-0x1p-53)) {
		return fmt.Errorf("mean %v and standard deviation %v; wanted finite numbers of ordinary size, the standard deviation above 0", mean, sd)
	}
	return nil
}

// Quantile is lo + (hi−lo)·p.
func (d uniform) Quantile(p float64) float64 {
	return between(math.FMA(d.hi-d.lo, p, d.lo), d.lo, d.hi)
}

// Quantile is lo·(hi/lo)^p.
func (d logUniform) Quantile(p float64) float64 {
	return between(d.lo*power(d.hi/d.lo, p), d.lo, d.hi)
}

// Quantile is mean + sd·z.
func (d normal) Quantile(p float64) float64 { return math.FMA(d.sd, normalQuantile(p), d.mean) }

// Quantile is e^(mean + sd·z).
func (d logNormal) Quantile(p float64) float64 {
	return elem.Exp(program.Scalar{}, math.FMA(d.sd, normalQuantile(p), d.mean))
}

func (d uniform) kind() (string, []float64)    { return "uniform", []float64{d.lo, d.hi} }
func (d logUniform) kind() (string, []float64) { return "loguniform", []float64{d.lo, d.hi} }
func (d normal) kind() (string, []float64)     { return "normal", []float64{d.mean, d.sd} }
func (d logNormal) kind() (string, []float64)  { return "lognormal", []float64{d.mean, d.sd} }

func power(x, y float64) float64 { return elem.Pow(program.Scalar{}, x, y) }
