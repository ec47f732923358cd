package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name:    "version",
		summary: "print the version",
		details: "Prints the version of the program, of the Go compiler that built it, and the platform.",
		example: "neurograd version",
		define: func(*flags) action {
			return func(_ context.Context, stdout, _ io.Writer) error {
				_, err := fmt.Fprintf(stdout, "neurograd %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
				return err
			}
		},
	}
}

// version is that of the module as built, "devel" where it was not built from a version.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
