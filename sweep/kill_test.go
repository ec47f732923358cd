package sweep_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// killStore names the store in the environment of the process that is killed.
const killStore = "NEUROGRAD_TEST_SWEEP_STORE"

// sweepToKill is a sweep with failures among its rows, slow enough to be killed in.
func sweepToKill(dir string, workers int, started func()) error {
	points := space.Product(space.Axis("a", space.Grid(0, 1, 25)), space.Axis("b", space.Uniform(0, 1, 40)))
	_, err := sweep.Func(context.Background(), points, []sweep.Column{{Name: "sum"}, {Name: "parts", Shape: []int{3}}}, func(_ context.Context, p space.Point) ([]float64, error) {
		time.Sleep(50 * time.Microsecond)
		a, b := p.Value("a"), p.Value("b")
		if b > 0.8 {
			return nil, fmt.Errorf("b is %v", b)
		}
		return []float64{a + b, a, b, a * b}, nil
	}, sweep.Options{Store: dir, Workers: workers, Progress: func(sweep.Progress) { started() }})
	return err
}

// TestKilled is the process that is killed; it does nothing in a normal run.
func TestKilled(t *testing.T) {
	dir := os.Getenv(killStore)
	if dir == "" {
		t.Skip("only as a process of TestKill")
	}
	workers, err := strconv.Atoi(os.Getenv(killStore + "_WORKERS"))
	if err != nil {
		t.Fatal(err)
	}
	if err := sweepToKill(dir, workers, func() { fmt.Println("started") }); err != nil {
		t.Fatal(err)
	}
}

// A sweep whose process is killed at random moments, each time gone on with by another process, leaves the files of one that was not.
func TestKill(t *testing.T) {
	kills := 10
	if golden.Long() {
		kills = 100
	}
	whole := t.TempDir()
	if err := sweepToKill(whole, 2, func() {}); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	killed, stores := 0, 0
	for ; killed < kills; stores++ {
		dir := filepath.Join(t.TempDir(), "store")
		for finished := false; !finished; {
			cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
			cmd.Env = append(os.Environ(), killStore+"="+dir, killStore+"_WORKERS="+strconv.Itoa(1+r.IntN(3)))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(out)
			if _, err := lines.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(r.IntN(20_000))*time.Microsecond, func() { cmd.Process.Kill() })
			finished = cmd.Wait() == nil
			timer.Stop()
			if !finished {
				killed++
			}
		}
		sameFiles(t, dir, whole)
	}
	t.Logf("%d kills, %d stores", killed, stores)
}
