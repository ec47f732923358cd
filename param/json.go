package param

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// leafJSON is a leaf as written: one number or, in row-major order, a flat array of them.
type leafJSON struct {
	Shape     []int           `json:"shape,omitempty"`
	Value     json.RawMessage `json:"value"`
	Unit      string          `json:"unit,omitempty"`
	Free      bool            `json:"free"`
	Transform string          `json:"transform,omitempty"`
}

// WriteJSON writes the tree as one object, a line per leaf in the tree's order:
//
//	{"dynamics.J_N": {"shape": [84], "value": [0.26, …], "unit": "nA", "free": true, "transform": "log"}}
//
// A scalar has no shape and its value is one number; unit and transform are left out where there is
// none. Numbers are written so that they are read back exactly.
func (t *Tree) WriteJSON(w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	var b bytes.Buffer
	b.WriteString("{")
	for i := range t.entries {
		l := &t.entries[i].Leaf
		key, err := json.Marshal(l.Path)
		if err != nil {
			return fmt.Errorf("param: %q: %w", l.Path, err)
		}
		body, err := l.toJSON()
		if err != nil {
			return fmt.Errorf("param: %q: %w", l.Path, err)
		}
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%s: %s", key, body)
	}
	b.WriteString("\n}\n")
	_, err := w.Write(b.Bytes())
	return err
}

func (l *Leaf) toJSON() ([]byte, error) {
	var number any = l.Value
	if len(l.Shape) == 0 {
		number = l.Value[0]
	}
	value, err := json.Marshal(number)
	if err != nil {
		return nil, err
	}
	out := leafJSON{Shape: l.Shape, Value: value, Unit: l.Unit, Free: l.Free}
	if l.Transform != nil {
		out.Transform = l.Transform.String()
	}
	return json.Marshal(out)
}

// Apply reads what [Tree.WriteJSON] writes and sets the values of the leaves it names, and their shape
// where it changes between scalar and regional; other leaves stay. Only "value" is needed, and "shape"
// for arrays of more than one dimension. A unit, if stated, must be the leaf's; "free" and "transform"
// say how the values came about and change nothing. Errors, upon which the tree is unchanged: text that
// is not such an object, an unknown path or one given twice, and all that [Tree.SetShaped] refuses.
func (t *Tree) Apply(r io.Reader) error {
	if t.err != nil {
		return t.err
	}
	changed := t.Clone()
	seen := map[string]bool{}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return notATree(d, err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return notATree(d, err)
		}
		path := key.(string) // the decoder gives no other key
		if seen[path] {
			return fmt.Errorf("param: JSON names %q twice; wanted each path once", path)
		}
		seen[path] = true
		var in leafJSON
		if err := d.Decode(&in); err != nil {
			return fmt.Errorf("param: JSON of %q, before byte %d: %w; wanted {\"value\": …} as Tree.WriteJSON writes it", path, d.InputOffset(), err)
		}
		if err := changed.applyLeaf(path, in); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return notATree(d, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return notATree(d, err)
	}
	*t = *changed
	return nil
}

func (t *Tree) applyLeaf(path string, in leafJSON) error {
	i, ok := t.index[path]
	if !ok {
		return t.unknown(path)
	}
	if l := &t.entries[i].Leaf; in.Unit != "" && in.Unit != l.Unit {
		return fmt.Errorf("param: JSON gives %q in %q; wanted %q: convert the values and mend the unit", path, in.Unit, l.Unit)
	}
	values, shape, err := in.numbers()
	if err != nil {
		return fmt.Errorf("param: JSON of %q: %w", path, err)
	}
	return t.SetShaped(path, shape, values).err
}

// numbers decodes the value: a number is a scalar, an array has the stated shape, else one dimension.
func (in leafJSON) numbers() (values []float64, shape []int, err error) {
	text := bytes.TrimSpace(in.Value)
	if len(text) == 0 || bytes.Equal(text, []byte("null")) {
		return nil, nil, errors.New(`no "value"; wanted a number or a flat array of numbers`)
	}
	if text[0] != '[' {
		var v float64
		if err := json.Unmarshal(text, &v); err != nil {
			return nil, nil, fmt.Errorf(`value %.40s; wanted a finite number or a flat array of numbers`, text)
		}
		return []float64{v}, in.Shape, nil
	}
	var entries []*float64 // pointers, since null would pass for 0
	if err := json.Unmarshal(text, &entries); err != nil || slices.Contains(entries, nil) {
		return nil, nil, errors.New(`value is not a flat array of finite numbers; wanted the numbers in row-major order, and "shape" beside them`)
	}
	for _, v := range entries {
		values = append(values, *v)
	}
	if in.Shape == nil {
		return values, []int{len(values)}, nil
	}
	return values, in.Shape, nil
}

func notATree(d *json.Decoder, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		err = errors.New("not one JSON object")
	}
	return fmt.Errorf("param: JSON, before byte %d: %w; wanted {\"path\": {\"value\": …}, …} as Tree.WriteJSON writes it", d.InputOffset(), err)
}
