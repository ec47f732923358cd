package machine

import (
	"path"
	"strconv"
	"strings"
)

func processor() string { return processorOf(contents("/proc/cpuinfo")) }

// processorOf reads /proc/cpuinfo, which has a name on amd64 and numbers on arm64.
func processorOf(text string) string {
	if name := field(text, "model name"); name != "" {
		return name
	}
	implementer, part := field(text, "CPU implementer"), field(text, "CPU part")
	if implementer == "" || part == "" {
		return ""
	}
	return "ARM, implementer " + implementer + ", part " + part
}

func memory() (total, available uint64) {
	total, available = memoryOf(contents("/proc/meminfo"))
	// Within a container the limit of its control group counts, or of a group around that.
	for group := ownGroup(contents("/proc/self/cgroup")); available > 0; group = path.Dir(group) {
		folder := path.Join("/sys/fs/cgroup", group)
		limit, limited := number(contents(folder + "/memory.max"))
		used, known := number(contents(folder + "/memory.current"))
		if limited && known {
			available = min(available, limit-min(used, limit))
		}
		if group == "/" {
			break
		}
	}
	return total, available
}

// memoryOf reads /proc/meminfo.
func memoryOf(text string) (total, available uint64) {
	kibibytes := func(name string) uint64 {
		n, _ := number(strings.TrimSuffix(field(text, name), " kB"))
		return n << 10
	}
	return kibibytes("MemTotal"), kibibytes("MemAvailable")
}

// ownGroup reads /proc/self/cgroup, whose line of version 2 is "0::/path".
func ownGroup(text string) string {
	for line := range strings.Lines(text) {
		if group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/"); ok {
			return path.Clean("/" + group)
		}
	}
	return "/"
}

func number(text string) (uint64, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	return n, err == nil
}
