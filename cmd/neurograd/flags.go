package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// flags are the flags of a command, in the order of their declaration. It wraps the flag package for the
// sake of its messages: got, wanted, and the nearest flag for an unknown one.
type flags struct {
	command string
	set     *flag.FlagSet
	values  []*value
	problem error // of the value that could not be set

	form  string   // of the words that may stand among the flags, as help shows it; "" for none
	words []string // given
}

// value is one flag. It is a [flag.Value].
type value struct {
	name, argument, meaning string // argument is "" for a switch
	initial                 string // the default as text
	assign                  func(text string) error
	flags                   *flags
}

func newFlags(command string) *flags {
	f := &flags{command: command, set: flag.NewFlagSet(command, flag.ContinueOnError)}
	f.set.SetOutput(io.Discard)
	return f
}

// add declares a flag.
func (f *flags) add(name, argument, meaning, initial string, assign func(text string) error) {
	v := &value{name: name, argument: argument, meaning: meaning, initial: initial, assign: assign, flags: f}
	f.values = append(f.values, v)
	f.set.Var(v, name, meaning)
}

// String is the default.
func (v *value) String() string { return v.initial }

// IsBoolFlag reports whether the flag needs no argument.
func (v *value) IsBoolFlag() bool { return v.argument == "" }

// Set assigns the text, and keeps the reason where that cannot be.
func (v *value) Set(text string) error {
	err := v.assign(text)
	if err != nil {
		v.flags.problem = fmt.Errorf("--%s %q: %w", v.name, text, err)
	}
	return err
}

// left is the flag as help shows it.
func (v *value) left() string { return strings.TrimRight("--"+v.name+" "+v.argument, " ") }

// parse reads the arguments; help says that the user asked for that instead.
func (f *flags) parse(args []string) (help bool, err error) {
	err = f.set.Parse(args)
	for f.form != "" && err == nil && f.set.NArg() > 0 { // the flag package stops at the first word
		f.words = append(f.words, f.set.Arg(0))
		err = f.set.Parse(f.set.Args()[1:])
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return true, nil
	case err != nil:
		return false, wrong("%w\nsee \"neurograd help %s\"", f.explain(err), f.command)
	case f.set.NArg() > 0:
		return false, wrong("unexpected argument %q; %s takes flags only\nsee \"neurograd help %s\"", f.set.Arg(0), f.command, f.command)
	}
	return false, nil
}

// foreign is a flag that was given and is not among those named.
func (f *flags) foreign(names []string) (name string, found bool) {
	f.set.Visit(func(given *flag.Flag) {
		if !found && !slices.Contains(names, given.Name) {
			name, found = given.Name, true
		}
	})
	return name, found
}

// given reports whether a flag was given.
func (f *flags) given(name string) (found bool) {
	f.set.Visit(func(given *flag.Flag) { found = found || given.Name == name })
	return found
}

// explain puts an error of the flag package in the words of this program.
func (f *flags) explain(err error) error {
	if f.problem != nil {
		return f.problem
	}
	if name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); unknown {
		var known []string
		for _, v := range f.values {
			known = append(known, "--"+v.name)
		}
		return fmt.Errorf("unknown flag --%s%s", name, suggest.Hint("--"+name, known))
	}
	if name, bare := strings.CutPrefix(err.Error(), "flag needs an argument: -"); bare {
		for _, v := range f.values {
			if v.name == name {
				return fmt.Errorf("--%s needs a value: %s", name, v.left())
			}
		}
	}
	return err
}

// toggle declares a switch that is off by default.
func (f *flags) toggle(p *bool, name, meaning string) {
	f.add(name, "", meaning, "", func(text string) error {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("wanted true or false, or no value")
		}
		*p = on
		return nil
	})
}

// text declares a flag for a file, a folder or a name; empty values are refused.
func (f *flags) text(p *string, name, argument, meaning string) {
	f.add(name, argument, meaning, *p, func(text string) error {
		if text == "" {
			return fmt.Errorf("wanted the name of a %s", map[string]string{"DIR": "folder", "FILE": "file"}[argument])
		}
		*p = text
		return nil
	})
}

// number declares a flag for a finite number that passes ok; want says which numbers do.
func (f *flags) number(p *float64, name, argument, meaning, want string, ok func(float64) bool) {
	f.add(name, argument, meaning, shown(*p), func(text string) error {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || !ok(x) {
			return errors.New("wanted " + want)
		}
		*p = x
		return nil
	})
}

// shown is a default as help shows it; 0 stands for none.
func shown(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// count declares a flag for a whole number from least on.
func (f *flags) count(p *int, name, argument, meaning string, least int) {
	f.add(name, argument, meaning, strconv.Itoa(*p), func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < least {
			return fmt.Errorf("wanted a whole number, at least %d", least)
		}
		*p = n
		return nil
	})
}

func positive(x float64) bool    { return x > 0 }
func notNegative(x float64) bool { return x >= 0 }
func anyNumber(float64) bool     { return true }
