//go:build amd64

package loader

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// mapping is the line of /proc/self/maps for the memory that begins at an address, "" if there is none.
func mapping(t *testing.T, at uintptr) string {
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		var from, to uintptr
		if _, err := fmt.Sscanf(line, "%x-%x", &from, &to); err == nil && from <= at && at < to {
			return line
		}
	}
	return ""
}

// Memory can be executed but not written, and is given back when nobody can call it any more.
func TestMemoryIsGivenBack(t *testing.T) {
	f := mustLoad(t, writeWork)
	at := uintptr(unsafe.Pointer(unsafe.SliceData(f.memory)))
	if line := mapping(t, at); !strings.Contains(line, " r-xp ") {
		t.Errorf("the code is in memory %q", line)
	}
	check(t, f, 1, 1)
	runtime.KeepAlive(f)
	f = nil
	for end := time.Now().Add(5 * time.Second); strings.Contains(mapping(t, at), "r-xp"); {
		if time.Now().After(end) {
			t.Fatal("the memory is still there")
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

// A system that refuses executable memory gives an error. The refusal is asked of the kernel in a process of its own, for
// it lasts.
func TestRefusedMemory(t *testing.T) {
	const refusing = "NEUROGRAD_TEST_REFUSE"
	if os.Getenv(refusing) != "" {
		const setMDWE, refuseExecGain = 65, 1 // prctl: memory once writable must not become executable
		if _, _, errno := syscall.Syscall6(syscall.SYS_PRCTL, setMDWE, refuseExecGain, 0, 0, 0, 0); errno != 0 {
			t.Skipf("this kernel cannot refuse: %v", errno)
		}
		f, err := Load([]byte{0xC3})
		if !errors.Is(err, syscall.EACCES) || !strings.Contains(err.Error(), "refuses executable memory") {
			t.Errorf("%v, error %v", f, err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRefusedMemory$", "-test.v")
	cmd.Env = append(os.Environ(), refusing+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "cannot refuse") {
		t.Skip("this kernel cannot refuse executable memory")
	}
}
