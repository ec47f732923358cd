package space

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Axes are the values by path, for spaces whose axes are in the order of their paths: by code point, level by level, so
// "B" < "_c" < "a" < "a10" < "a2".
type Axes map[string]Values

// Product is [Product] of the axes in the order of their paths, groups first: the order of TVB-Optim.
func (a Axes) Product() *Space { return Product(a.sorted()...) }

// Zip is [Zip] of the axes in the order of their paths.
func (a Axes) Zip() *Space { return Zip(a.sorted()...) }

func (a Axes) sorted() []*Space {
	paths := slices.SortedFunc(maps.Keys(a), func(p, q string) int {
		return slices.Compare(strings.Split(p, "."), strings.Split(q, "."))
	})
	list := make([]*Space, len(paths))
	for k, path := range paths {
		list[k] = Axis(path, a[path])
	}
	return list
}

// checkPath says what is wrong with a path.
func checkPath(path string) error {
	if path == "" || strings.ContainsAny(path, "*=()@ \t\r\n") || slices.Contains(strings.Split(path, "."), "") {
		return errPath
	}
	return nil
}

var errPath = errors.New(`not a path; wanted names joined by single dots, such as "dynamics.J_N"`)
