package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// WriteJSONL writes the table as JSON lines: an object per row with the columns' names in order, arrays flat and
// row-major, and "error" in rows that failed. What is not finite is a string, "NaN", "+Inf" or "-Inf", as JSON has no such numbers. A
// first line, {"columns": […]}, holds names, shapes, units and which columns are axes.
func (t *Table) WriteJSONL(w io.Writer) error {
	b := bufio.NewWriter(w)
	head, err := json.Marshal(map[string][]Column{"columns": t.rows.columns})
	if err != nil {
		return err
	}
	b.Write(append(head, '\n'))
	keys := make([][]byte, len(t.rows.columns))
	for i, c := range t.rows.columns {
		if keys[i], err = json.Marshal(c.Name); err != nil {
			return err
		}
	}
	var line []byte
	err = t.Each(func(_ int, r Row) error {
		line = append(line[:0], '{')
		at := 0
		for i, c := range t.rows.columns {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(append(line, keys[i]...), ':')
			line = appendJSON(line, c, r.Values[at:at+c.Size()])
			at += c.Size()
		}
		if trouble := r.Trouble(); trouble != "" {
			text, err := json.Marshal(trouble)
			if err != nil {
				return err
			}
			line = append(append(line, `,"error":`...), text...)
		}
		_, err := b.Write(append(line, '}', '\n'))
		return err
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

func appendJSON(line []byte, c Column, values []float64) []byte {
	if c.Shape != nil {
		line = append(line, '[')
	}
	for k, v := range values {
		if k > 0 {
			line = append(line, ',')
		}
		switch {
		case math.IsNaN(v), math.IsInf(v, 0):
			line = append(strconv.AppendFloat(append(line, '"'), v, 'g', -1, 64), '"')
		default:
			line = strconv.AppendFloat(line, v, 'g', -1, 64)
		}
	}
	if c.Shape != nil {
		line = append(line, ']')
	}
	return line
}

// jsonNumber is a number or one of the strings that stand for what is not finite.
type jsonNumber float64

func (n *jsonNumber) UnmarshalJSON(data []byte) error {
	text := string(data)
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("%s is no number", data)
	}
	*n = jsonNumber(v)
	return nil
}

// ReadJSONL reads a table that [Table.WriteJSONL] wrote.
func ReadJSONL(r io.Reader) (*Table, error) {
	in := json.NewDecoder(bufio.NewReader(r))
	var head struct {
		Columns []Column `json:"columns"`
	}
	if err := in.Decode(&head); err != nil || len(head.Columns) == 0 {
		return nil, errors.New("sweep: the file does not begin with a line {\"columns\": […]}; wanted what WriteJSONL wrote")
	}
	if err := checkColumns(head.Columns); err != nil {
		return nil, err
	}
	rows := newBuilder(head.Columns)
	values := make([]float64, rows.values)
	for {
		var object map[string]json.RawMessage
		if err := in.Decode(&object); err == io.EOF {
			return rows.Table(), nil
		} else if err != nil {
			return nil, fmt.Errorf("sweep: row %d: %w", rows.rows, err)
		}
		at := 0
		for _, c := range head.Columns {
			if err := fromJSON(values[at:at+c.Size()], c, object[c.Name]); err != nil {
				return nil, fmt.Errorf("sweep: row %d, column %q: %w", rows.rows, c.Name, err)
			}
			at += c.Size()
		}
		var trouble string
		if text, ok := object[errorName]; ok {
			if err := json.Unmarshal(text, &trouble); err != nil {
				return nil, fmt.Errorf("sweep: row %d: %w", rows.rows, err)
			}
		}
		rows.Add(values, trouble)
	}
}

func fromJSON(values []float64, c Column, data json.RawMessage) error {
	if data == nil {
		return errors.New("it is not there")
	}
	var numbers []jsonNumber
	if c.Shape == nil {
		numbers = make([]jsonNumber, 1)
		if err := json.Unmarshal(data, &numbers[0]); err != nil {
			return err
		}
	} else if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	if len(numbers) != len(values) {
		return fmt.Errorf("%d numbers; wanted %d", len(numbers), len(values))
	}
	for i, n := range numbers {
		values[i] = float64(n)
	}
	return nil
}
