package sweep_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// A full disk ends the sweep with an error that says so, and what was there goes on once there is room.
func TestFullDisk(t *testing.T) {
	run := func(dir string) error {
		_, err := sweep.Func(context.Background(), space.Axis("x", space.Grid(0, 9, 10)), []sweep.Column{{Name: "y"}}, func(_ context.Context, p space.Point) ([]float64, error) {
			return []float64{p.Value("x")}, nil
		}, sweep.Options{Store: dir, Workers: 1})
		return err
	}
	whole, dir := t.TempDir(), t.TempDir()
	for _, d := range []string{whole, dir} {
		if err := run(d); err != nil {
			t.Fatal(err)
		}
	}
	results := filepath.Join(dir, "results.bin")
	data, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(results); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", results); err != nil {
		t.Fatal(err)
	}
	if err := run(dir); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "goes on from there") || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("error %v", err)
	}
	if err := os.Remove(results); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(results, data[:len(data)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, dir, whole)
}

// Two processes do not write to one store.
func TestLocked(t *testing.T) {
	dir, started, end := t.TempDir(), make(chan bool), make(chan bool)
	run := func(f func()) error {
		_, err := sweep.Func(context.Background(), space.Axis("x", space.Data(1.0)), []sweep.Column{{Name: "y"}}, func(context.Context, space.Point) ([]float64, error) {
			f()
			return []float64{1}, nil
		}, sweep.Options{Store: dir})
		return err
	}
	first := make(chan error)
	go func() { first <- run(func() { started <- true; <-end }) }()
	<-started
	if err := run(func() {}); err == nil || !strings.Contains(err.Error(), "another process writes to the store") {
		t.Errorf("error %v", err)
	}
	end <- true
	if err := <-first; err != nil {
		t.Error(err)
	}
}
