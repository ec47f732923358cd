//go:build !linux && !darwin && !windows

package machine

func processor() string { return "" }

func memory() (total, available uint64) { return 0, 0 }
