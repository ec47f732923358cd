package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/neurograd/neurograd/internal/describe"
	"github.com/neurograd/neurograd/internal/wholefile"
)

// The files of a store.
const (
	manifestFile = "manifest.json"
	resultsFile  = "results.bin"
	errorsFile   = "errors.jsonl"
)

// storeFormat is the number of the format of stores that this code writes and reads.
const storeFormat = 1

// manifest says what a store holds: rows First to First+Count−1 of a sweep of Total rows.
type manifest struct {
	Format  int            `json:"format"`
	Total   int            `json:"total_rows"`
	First   int            `json:"first_row"`
	Count   int            `json:"rows"`
	Columns []Column       `json:"columns"`
	Hash    string         `json:"sha256"` // of the facts
	Facts   describe.Facts `json:"decided_by"`
}

func (m *manifest) write(dir string) error {
	return wholefile.Write(filepath.Join(dir, manifestFile), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "\t")
		return e.Encode(m)
	})
}

// errNoStore says that a folder is none.
var errNoStore = errors.New("it holds no " + manifestFile)

// readManifest reads the manifest of a store and checks it.
func readManifest(dir string) (*manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("sweep: %s is not the store of a sweep: %w\nname a folder that a sweep has written", dir, errNoStore)
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("sweep: %s is damaged: %v\nremove the folder and run the sweep again", filepath.Join(dir, manifestFile), err)
	}
	if m.Format != storeFormat {
		return nil, fmt.Errorf("sweep: the store %s has format %d, this program reads format %d; use the version that wrote it", dir, m.Format, storeFormat)
	}
	if m.Facts.Hash() != m.Hash || m.First < 0 || m.Count < 1 || m.Count > m.Total-m.First || checkColumns(m.Columns) != nil {
		return nil, fmt.Errorf("sweep: %s is damaged: its entries do not fit together\nremove the folder and run the sweep again", filepath.Join(dir, manifestFile))
	}
	return &m, nil
}

// mostDifferences is how many differences an error shows.
const mostDifferences = 2

// sameSpec refuses to mix rows of different sweeps.
func sameSpec(dir string, before, now describe.Facts) error {
	all := describe.Differences(before, now)
	if len(all) == 0 {
		return nil
	}
	var lines []string
	for _, d := range all[:min(len(all), mostDifferences)] {
		lines = append(lines, fmt.Sprintf("  %s: %s there, %s here", d.Path, orNone(d.Before), orNone(d.Now)))
	}
	more := ""
	if len(all) > mostDifferences {
		more = fmt.Sprintf(" (and %d more)", len(all)-mostDifferences)
	}
	return fmt.Errorf("sweep: the store %s is of another sweep:\n%s%s\nchoose another folder, or go back to what was", dir, strings.Join(lines, "\n"), more)
}

// orNone is the text of a fact for an error: short, and on one line.
func orNone(text string) string {
	const most = 60
	text, _, _ = strings.Cut(text, hashMark) // the texts before it differ, or nothing that can be read does
	switch text = strings.Join(strings.Fields(text), " "); {
	case text == "":
		return "nothing"
	case len(text) > most:
		return text[:most] + "…"
	}
	return text
}

// sameShape refuses to mix rows with different columns, or of different parts of the sweep.
func (m *manifest) sameShape(dir string, now *manifest) error {
	if a, b := columnNames(m.Columns), columnNames(now.Columns); a != b {
		return fmt.Errorf("sweep: the store %s has other columns: %s there, %s here\nchoose another folder", dir, orNone(a), orNone(b))
	}
	if m.Total != now.Total {
		return fmt.Errorf("sweep: the store %s has %d rows, this sweep %d; choose another folder", dir, m.Total, now.Total)
	}
	if m.First != now.First || m.Count != now.Count {
		return fmt.Errorf("sweep: the store %s holds rows %d to %d, this shard has %d to %d; give each shard a folder of its own", dir, m.First, m.First+m.Count-1, now.First, now.First+now.Count-1)
	}
	return nil
}

func columnNames(columns []Column) string {
	var names []string
	for _, c := range columns {
		name := c.Name
		if c.Shape != nil {
			name += fmt.Sprint(c.Shape)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
