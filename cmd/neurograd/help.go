package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/neurograd/neurograd/internal/suggest"
)

// usage is the short text of the whole program.
func usage() string {
	var b strings.Builder
	b.WriteString("neurograd simulates networks of brain regions and fits their parameters by exact gradients.\n\nusage: neurograd COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.summary)
	}
	b.WriteString("  help      explain a command: neurograd help fit\n\nTo begin: neurograd fit\n")
	return b.String()
}

// help explains the command named in args, or the program.
func help(args []string, stdout io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(stdout, usage())
		return nil
	}
	c, ok := find(args[0])
	if !ok {
		return wrong("unknown command %q%s", args[0], suggest.Hint(args[0], commandNames()))
	}
	fmt.Fprint(stdout, c.help())
	return nil
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return append(names, "help")
}

// help is what the command does, its flags in the order of their declaration, and an example.
func (c command) help() string {
	f := newFlags(c.name)
	c.define(f)
	var b strings.Builder
	fmt.Fprintf(&b, "usage: neurograd %s", c.name)
	if f.form != "" {
		b.WriteString(" " + f.form)
	}
	if len(f.values) > 0 {
		b.WriteString(" [flags]")
	}
	fmt.Fprintf(&b, "\n\n%s\n", c.details)
	width := 0
	for _, v := range f.values {
		width = max(width, utf8.RuneCountInString(v.left()))
	}
	for i, v := range f.values {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "  %-*s  %s", width, v.left(), v.meaning)
		if v.initial != "" && v.initial != "false" {
			fmt.Fprintf(&b, " (default %s)", v.initial)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nexample:\n  %s\n", c.example)
	return b.String()
}
