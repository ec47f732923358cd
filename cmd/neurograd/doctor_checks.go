package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/neurograd/neurograd/internal/selfcheck"
)

// wantedMemory is what a gradient keeps by default, --memory, and as much for everything else.
const wantedMemory = 2 * 512 << 20

// checkMemory holds the memory against what is wanted; a system that does not tell passes.
func checkMemory(available uint64) check {
	c := check{Name: "memory", OK: available == 0 || available >= wantedMemory, Found: gibibytes(available) + " available"}
	if !c.OK {
		c.Remedy = "a gradient keeps up to 512 MiB unless --memory says otherwise: free some memory, or give a smaller --memory, such as --memory 64"
	}
	return c
}

// checkFolder tries to write where results go unless --out says otherwise.
func (d *doctor) checkFolder() check {
	c := check{Name: "folder", Found: "the present folder can be written"}
	file, err := os.CreateTemp(d.folder, ".probe-*")
	if err == nil {
		_, err = file.Write([]byte("neurograd"))
		file.Close()
		if gone := os.Remove(file.Name()); err == nil {
			err = gone
		}
	}
	if c.OK = err == nil; !c.OK {
		c.Found = fmt.Sprintf("the present folder cannot be written: %v", cause(err))
		c.Remedy = "results go to neurograd-out in the present folder: change to another, or name one by --out"
	}
	return c
}

// noBackend says that there is not what the environment wants steps computed by.
func noBackend(err error) check {
	why, remedy, _ := strings.Cut(err.Error(), "\n")
	return check{Name: "backend", Found: why, Remedy: remedy}
}

// checkBits runs a network and takes a gradient, and compares their bits with those that every platform must give.
func checkBits(ctx context.Context, of selfcheck.Case) check {
	c := check{Name: "bits of " + of.Name, Found: "run and gradient are those of every platform"}
	run, gradient, err := of.Compute(ctx)
	switch {
	case err != nil:
		c.Found = err.Error()
	case run != of.Run && gradient != of.Gradient:
		c.Found = fmt.Sprintf("run and gradient hash to %#x and %#x, wanted %#x and %#x", run, gradient, of.Run, of.Gradient)
	case run != of.Run:
		c.Found = fmt.Sprintf("the run hashes to %#x, wanted %#x", run, of.Run)
	case gradient != of.Gradient:
		c.Found = fmt.Sprintf("the gradient hashes to %#x, wanted %#x", gradient, of.Gradient)
	default:
		c.OK = true
		return c
	}
	c.Remedy = "results of this program cannot be trusted on this machine: build it anew with an unchanged compiler, and report this output"
	return c
}
