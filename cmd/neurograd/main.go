// Neurograd simulates networks of neural masses and fits their parameters by exact gradients:
//
//	neurograd fit       fit a network, without any file: the get-started tutorial in one command
//	neurograd run       simulate a network
//	neurograd sweep     run a network at every point of a space of parameters
//	neurograd models    list the models, or show one
//	neurograd graph     show a brain network, or convert its file
//	neurograd gradcheck check the gradients of a network
//	neurograd doctor    check this machine, and describe it for a bug report
//	neurograd version   print the version
//	neurograd help      explain the commands
//
// The command holds no science: it parses flags, calls the packages of the module, and writes files.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/neurograd/neurograd/internal/suggest"
)

func main() {
	collectLater()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// collectLater lets the heap grow to 32 MiB, instead of 4, before it is collected for the first time: short commands end
// before, and need not share their milliseconds with the collector. From then on it works as always. Who sets GOGC is obeyed.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return
	}
	const untilFirst = 800 // percent of 4 MiB
	usual := debug.SetGCPercent(untilFirst)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual) // the first collection finds it unused
}

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1   // a run that failed, such as one that diverged
	exitInput       = 2   // wrong arguments or files
	exitInterrupted = 130 // what shells report for a program ended by Ctrl-C
)

// command is one of the things the program does.
type command struct {
	name, summary, details, example string
	// define declares the flags and returns what is to be done once they are parsed.
	define func(f *flags) action
}

// action does a command's work: results go to stdout, everything else to stderr.
type action func(ctx context.Context, stdout, stderr io.Writer) error

func commands() []command {
	return []command{fitCommand(), runCommand(), sweepCommand(), modelsCommand(), graphCommand(), gradcheckCommand(), doctorCommand(), versionCommand()}
}

// run is the program without its process: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage())
		return exitInput
	}
	name, args := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return report(stderr, "help", help(args, stdout))
	case "-version", "--version":
		name = "version"
	}
	c, ok := find(name)
	if !ok {
		fmt.Fprintf(stderr, "neurograd: unknown command %q%s\nsee \"neurograd help\"\n", name, suggest.Hint(name, commandNames()))
		return exitInput
	}
	f := newFlags(c.name)
	act := c.define(f)
	wantsHelp, err := f.parse(args)
	switch {
	case wantsHelp:
		fmt.Fprint(stdout, c.help())
		return exitDone
	case err != nil:
		return report(stderr, c.name, err)
	}
	return report(stderr, c.name, act(ctx, stdout, stderr))
}

// find is the command of that name.
func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// inputError is an error in what the user gave: arguments or files.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// wrong is an inputError by format.
func wrong(format string, args ...any) error { return inputError{fmt.Errorf(format, args...)} }

// report prints an error and returns the exit code that goes with it.
func report(stderr io.Writer, name string, err error) int {
	if err == nil {
		return exitDone
	}
	text := strings.ReplaceAll(err.Error(), "Options.Memory", "--memory") // the library's name for it
	fmt.Fprintf(stderr, "neurograd %s: %s\n", name, text)
	var input inputError
	switch {
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &input):
		return exitInput
	}
	return exitFailed
}
