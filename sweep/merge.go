package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Merge joins the stores of the shards of one sweep in a new folder: the store that the sweep would have written alone, byte for
// byte. Errors: stores of different sweeps, shards that are not there or not finished, and a folder for the result that is not empty.
func Merge(to string, from ...string) error {
	if len(from) == 0 {
		return errors.New("sweep: no stores to merge; name the folders of the shards")
	}
	type part struct {
		dir   string
		m     *manifest
		table *Table
	}
	var parts []part
	for _, dir := range from {
		m, err := readManifest(dir)
		if err != nil {
			return err
		}
		if len(parts) > 0 {
			if err := sameSpec(parts[0].dir, parts[0].m.Facts, m.Facts); err != nil {
				return fmt.Errorf("sweep: %s and %s are not shards of one sweep:\n%s", parts[0].dir, dir, differences(err))
			}
			whole := *parts[0].m
			whole.First, whole.Count = m.First, m.Count
			if err := whole.sameShape(parts[0].dir, m); err != nil {
				return err
			}
		}
		table, err := Open(dir)
		if err != nil {
			return err
		}
		parts = append(parts, part{dir, m, table})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.m.First, b.m.First) })
	next := 0
	for i, p := range parts {
		if p.m.First < next {
			return fmt.Errorf("sweep: %s and %s both hold row %d; name each shard once", parts[i-1].dir, p.dir, p.m.First)
		}
		if p.m.First > next {
			return fmt.Errorf("sweep: rows %d to %d are in none of the stores; name the folders of all shards", next, p.m.First-1)
		}
		next += p.m.Count
		if _, absent, err := p.table.Failed(); err != nil {
			return err
		} else if absent > 0 {
			return fmt.Errorf("sweep: %s is not finished: %d of its %d rows are missing; start this shard again, it goes on from there", p.dir, absent, p.m.Count)
		}
	}
	if next < parts[0].m.Total {
		return fmt.Errorf("sweep: rows %d to %d are in none of the stores; name the folders of all shards", next, parts[0].m.Total-1)
	}
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return fmt.Errorf("sweep: the folder %s is not empty; name a new one for the merged store", to)
	}
	whole := *parts[0].m
	whole.First, whole.Count = 0, whole.Total
	s, err := openStore(to, &whole)
	if err != nil {
		return err
	}
	defer s.close()
	for _, p := range parts {
		err := p.table.Each(func(_ int, r Row) error { return s.add(r.Number, r.Values, r.Err) })
		if err != nil {
			return err
		}
	}
	return s.finish()
}

// differences are the lines of an error of sameSpec that say what differs.
func differences(err error) string {
	lines := strings.Split(err.Error(), "\n")
	return strings.Join(lines[1:len(lines)-1], "\n")
}

// Open is the table of a store, finished or not.
func Open(dir string) (*Table, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	texts, err := readErrors(dir)
	if err != nil {
		return nil, err
	}
	return &Table{rows: &rows{layout: newLayout(m.Columns), first: m.First, count: m.Count,
		data: storedFile(filepath.Join(dir, resultsFile)), errors: texts}}, nil
}
