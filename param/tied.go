package param

import (
	"fmt"
	"slices"
	"strconv"
)

// Tied gives all values of a group one free number: value_k = inner(θ)_g with g the group of k. Typical
// uses: regions and their homologues in the other hemisphere, the regions of a functional network. The
// groups stand in θ by ascending number; numbers may be left out.
type Tied struct {
	// Groups has one number ≥ 0 per value in row-major order; values with the same number are equal.
	Groups []int
	// Inner maps the free numbers to one value per group; nil is the identity.
	Inner Transform
}

// String is "tied(values in groups)", with the inner transform if there is one: "tied(84 in 42 groups, log)".
func (t Tied) String() string {
	numbers, _ := t.members()
	return withInner("tied", fmt.Sprintf("%d in %s", len(t.Groups), countOf(len(numbers), "group")), t.Inner)
}

// Size is one free number per group, or as many as the inner transform has for these.
func (t Tied) Size(values int) (int, error) {
	if len(t.Groups) != values {
		return 0, fmt.Errorf("%d group numbers for %s, wanted one number per value", len(t.Groups), counted(values))
	}
	for k, g := range t.Groups {
		if g < 0 {
			return 0, fmt.Errorf("group number %d of value %d, wanted numbers ≥ 0", g, k)
		}
	}
	numbers, _ := t.members()
	return orIdentity(t.Inner).Size(len(numbers))
}

// Forward writes the value of each group to all its members.
func (t Tied) Forward(value, theta []float64) error {
	first, group := t.groups()
	inner := gathered(value, first)
	if err := orIdentity(t.Inner).Forward(inner, theta); err != nil {
		return moved(err, first, len(value))
	}
	for k, g := range group {
		value[k] = inner[g]
	}
	return nil
}

// Inverse is that of the inner transform for one value per group; the error names the first two values
// that differ within a group.
func (t Tied) Inverse(theta, value []float64) error {
	first, group := t.groups()
	for k, g := range group {
		if f := first[g]; value[k] != value[f] {
			return &refusal{at: []int{f, k}, value: []float64{value[f], value[k]}, count: len(value),
				reason: fmt.Sprintf(" are both in group %d, wanted equal values", t.Groups[k]),
				remedy: "set them equal first: Set with one value fills the leaf, Regional spreads a scalar"}
		}
	}
	return moved(orIdentity(t.Inner).Inverse(theta, gathered(value, first)), first, len(value))
}

// Pullback sums the gradient over the members of each group, in the order of the values.
func (t Tied) Pullback(gradTheta, theta, gradValue []float64) {
	orIdentity(t.Inner).Pullback(gradTheta, theta, t.sums(gradValue))
}

// sums adds up one number per value over the members of each group.
func (t Tied) sums(perValue []float64) []float64 {
	first, group := t.groups()
	sums := make([]float64, len(first))
	for k, g := range group {
		sums[g] += perValue[k]
	}
	return sums
}

// Pushforward gives all members of a group the same change.
func (t Tied) Pushforward(tanValue, theta, tanTheta []float64) {
	first, group := t.groups()
	inner := make([]float64, len(first))
	orIdentity(t.Inner).Pushforward(inner, theta, tanTheta)
	for k, g := range group {
		tanValue[k] = inner[g]
	}
}

// PullbackTangent is that of the inner transform, the gradient being summed over each group.
func (t Tied) PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error {
	return pullbackTangent(t.Inner, gradTheta, theta, tanTheta, t.sums(gradValue))
}

// ThetaNames name the groups by their numbers: "dynamics.J_N.group[7]".
func (t Tied) ThetaNames([]string) []string {
	numbers, _ := t.members()
	names := make([]string, len(numbers))
	for j, number := range numbers {
		names[j] = ".group[" + strconv.Itoa(number) + "]"
	}
	return thetaNames(orIdentity(t.Inner), names)
}

func (t Tied) own() Transform {
	return Tied{Groups: slices.Clone(t.Groups), Inner: owned(t.Inner)}
}

// members are the group numbers in use, ascending, and the position of each value's group among them.
func (t Tied) members() (numbers, group []int) {
	numbers = slices.Clone(t.Groups)
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	group = make([]int, len(t.Groups))
	for k, number := range t.Groups {
		group[k], _ = slices.BinarySearch(numbers, number)
	}
	return numbers, group
}

// groups are the position of the first value of each group and the group of each value.
func (t Tied) groups() (first, group []int) {
	numbers, group := t.members()
	first = make([]int, len(numbers))
	for k := len(group) - 1; k >= 0; k-- {
		first[group[k]] = k
	}
	return first, group
}
