// Package machine tells what the program runs on: the processor, its vector instructions and the memory. It
// measures nothing.
package machine

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/cpu"
)

// Info is what is known of the machine.
type Info struct {
	// Processor is the maker's name of it, "" where the system does not tell.
	Processor string
	// Features are its vector instructions that the system lets programs use, such as "AVX2".
	Features []string
	// Memory is what the machine has, and Available what a program may still take of it, or of what the program's
	// control group allows; in bytes, 0 where the system does not tell.
	Memory, Available uint64
}

// Read asks the system.
func Read() Info {
	info := Info{Processor: processor(), Features: features()}
	info.Memory, info.Available = memory()
	return info
}

// FMA reports whether the processor has a fused multiply-add, which math.FMA then is; without one it is some tens
// of times slower, with the same bits.
func FMA() bool { return runtime.GOARCH == "arm64" || cpu.X86.HasFMA }

// features lists those that decide how fast a step can be.
func features() []string {
	x86, arm := &cpu.X86, &cpu.ARM64
	var names []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"SSE4.1", x86.HasSSE41}, {"AVX", x86.HasAVX}, {"AVX2", x86.HasAVX2}, {"FMA", FMA()}, {"AVX-512F", x86.HasAVX512F},
		{"AVX-512DQ", x86.HasAVX512DQ}, {"AVX-512VL", x86.HasAVX512VL}, {"AVX-512BW", x86.HasAVX512BW},
		{"ASIMD", arm.HasASIMD || runtime.GOARCH == "arm64"}, {"SVE", arm.HasSVE}, {"SVE2", arm.HasSVE2},
	} {
		if f.has {
			names = append(names, f.name)
		}
	}
	return names
}

// field is the value of the first line "name : value" of a text that the Linux kernel keeps, "" if there is none.
func field(text, name string) string {
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// contents is the text of a file that may not be there.
func contents(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}
