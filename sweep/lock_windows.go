package sweep

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock keeps other processes from a file until it is closed, also by the end of the process.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{})
}
