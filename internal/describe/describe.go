// Package describe writes down what a value holds, field by field, so that two values can be told apart later,
// in another process, and what differs can be named. It knows nothing of the types it looks at.
package describe

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Facts are texts by the path of the field they come from: "network.Dynamics.Name" → "ReducedWongWang".
type Facts map[string]string

// shown is the number of elements up to which a list is written out; a longer one is given by its hash.
const shown = 8

// Add writes down a value under a path. Fields that hold their zero value are left out, so that a field that is
// added to a type changes nothing where it is not used. Numbers are written so that they can be read back; lists of more
// than 8 as their length and SHA-256. Errors: a value that holds a function or a channel, of which nothing can be
// told, or itself.
func (f Facts) Add(path string, value any) error {
	return f.add(path, reflect.ValueOf(value), 0)
}

// deepest is how far values may be nested: one that holds itself has no end.
const deepest = 64

func (f Facts) add(path string, v reflect.Value, depth int) error {
	if !v.IsValid() || v.IsZero() {
		return nil
	}
	if depth > deepest {
		return fmt.Errorf("%s is nested too deeply to be written down", clip(path))
	}
	if text, ok := scalar(v); ok {
		f[path] = text
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return f.add(path, v.Elem(), depth+1)
	case reflect.Interface:
		if v.Elem().Kind() == reflect.Struct || v.Elem().Kind() == reflect.Pointer {
			f[path] = v.Elem().Type().String()
		}
		return f.add(path, v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if err := f.add(path+"."+v.Type().Field(i).Name, v.Field(i), depth+1); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		for _, key := range v.MapKeys() {
			name, ok := scalar(key)
			if !ok {
				return fmt.Errorf("%s is a map whose keys cannot be written down", clip(path))
			}
			if err := f.add(path+"."+name, v.MapIndex(key), depth+1); err != nil {
				return err
			}
		}
		return nil
	case reflect.Slice, reflect.Array:
		return f.list(path, v, depth)
	}
	return fmt.Errorf("%s holds a %s, of which nothing can be written down", clip(path), v.Kind())
}

// clip keeps the end of a path that is too long for an error.
func clip(path string) string {
	const most = 80
	if len(path) > most {
		return "…" + path[len(path)-most:]
	}
	return path
}

// scalar is the text of a value without parts.
func scalar(v reflect.Value) (string, bool) {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10), true
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), true
	case reflect.String:
		return v.String(), true
	}
	return "", false
}

// list writes down a slice or an array: as a whole if it holds scalars, else one element after another.
func (f Facts) list(path string, v reflect.Value, depth int) error {
	if _, ok := scalar(reflect.Zero(v.Type().Elem())); !ok {
		f[path] = fmt.Sprintf("%d elements", v.Len())
		if v.Len() > shown {
			return f.hashed(path, v, depth)
		}
		for i := range v.Len() {
			if err := f.add(fmt.Sprintf("%s[%d]", path, i), v.Index(i), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Len() <= shown {
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i], _ = scalar(v.Index(i))
			if v.Index(i).Kind() == reflect.String {
				texts[i] = strconv.Quote(texts[i])
			}
		}
		f[path] = "[" + strings.Join(texts, " ") + "]"
		return nil
	}
	h := sha256.New()
	for i := range v.Len() {
		text, _ := scalar(v.Index(i))
		fmt.Fprintf(h, "%d %s\n", len(text), text)
	}
	f[path] = digest(v.Len(), h)
	return nil
}

// hashed writes down a long list of values with parts as the hash of what they hold.
func (f Facts) hashed(path string, v reflect.Value, depth int) error {
	h := sha256.New()
	for i := range v.Len() {
		facts := Facts{}
		if err := facts.add(path, v.Index(i), depth+1); err != nil {
			return err
		}
		fmt.Fprintf(h, "%d\n", i)
		facts.write(h)
	}
	f[path] = digest(v.Len(), h)
	return nil
}

func digest(n int, h hash.Hash) string {
	return fmt.Sprintf("%d elements, SHA-256 %s", n, hex.EncodeToString(h.Sum(nil)))
}

// write writes the facts in the order of their paths, each with its length, so that no two sets are written alike.
func (f Facts) write(h hash.Hash) {
	for _, path := range f.Paths() {
		fmt.Fprintf(h, "%d %s %d %s\n", len(path), path, len(f[path]), f[path])
	}
}

// Paths are the paths in order.
func (f Facts) Paths() []string {
	paths := make([]string, 0, len(f))
	for path := range f {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// Hash is the SHA-256 of the facts, in hexadecimal digits.
func (f Facts) Hash() string {
	h := sha256.New()
	f.write(h)
	return hex.EncodeToString(h.Sum(nil))
}

// Difference is a path at which two sets of facts differ; a text is empty where there is no such fact.
type Difference struct {
	Path, Before, Now string
}

// Differences are the paths at which facts differ, in order.
func Differences(before, now Facts) []Difference {
	var all []Difference
	for _, path := range before.Paths() {
		if now[path] != before[path] {
			all = append(all, Difference{path, before[path], now[path]})
		}
	}
	for _, path := range now.Paths() {
		if _, ok := before[path]; !ok {
			all = append(all, Difference{path, "", now[path]})
		}
	}
	slices.SortFunc(all, func(a, b Difference) int { return strings.Compare(a.Path, b.Path) })
	return all
}
