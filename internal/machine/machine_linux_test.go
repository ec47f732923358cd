package machine

import "testing"

func TestProcessorOf(t *testing.T) {
	for text, want := range map[string]string{
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\nflags\t\t: fpu\n\nprocessor\t: 1\nmodel name\t: other\n": "Intel(R) Xeon(R) CPU @ 2.20GHz",
		"processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\n":                                          "ARM, implementer 0x41, part 0xd0c",
		"": "",
	} {
		if got := processorOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMemoryOf(t *testing.T) {
	total, available := memoryOf("MemTotal:       16374584 kB\nMemFree:         1000000 kB\nMemAvailable:   15000000 kB\n")
	if total != 16374584*1024 || available != 15000000*1024 {
		t.Errorf("%d, %d", total, available)
	}
	if total, available = memoryOf("MemTotal: many\n"); total != 0 || available != 0 {
		t.Errorf("of nonsense %d, %d", total, available)
	}
}

func TestOwnGroup(t *testing.T) {
	for text, want := range map[string]string{"0::/\n": "/", "12:memory:/a\n0::/user.slice/b.scope\n": "/user.slice/b.scope", "0::/../x\n": "/x", "": "/"} {
		if got := ownGroup(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What this machine says must be possible.
func TestRead(t *testing.T) {
	info := Read()
	if info.Memory < 1<<26 || info.Available == 0 || info.Available > info.Memory {
		t.Errorf("%d bytes of memory, %d available", info.Memory, info.Available)
	}
	t.Logf("%+v", info)
}
