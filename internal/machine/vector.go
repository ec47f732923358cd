package machine

import "golang.org/x/sys/cpu"

// AVX2 reports whether programs may use AVX2 with fused multiply-adds: the processor has them and the system keeps
// their registers.
func AVX2() bool { return len(LacksAVX2()) == 0 }

// AVX512 reports whether programs may use the parts of AVX-512 that every processor with AVX-512 for servers and
// desktops has: F, DQ, VL and BW.
func AVX512() bool { return len(LacksAVX512()) == 0 }

// LacksAVX2 names what of AVX2 and FMA programs may not use.
func LacksAVX2() []string {
	return lacking([]feature{{"AVX2", cpu.X86.HasAVX2}, {"FMA", cpu.X86.HasFMA}})
}

// LacksAVX512 names what programs may not use of AVX2 and FMA and the parts of AVX-512.
func LacksAVX512() []string {
	x := &cpu.X86
	return append(LacksAVX2(), lacking([]feature{{"AVX-512F", x.HasAVX512F}, {"AVX-512DQ", x.HasAVX512DQ},
		{"AVX-512VL", x.HasAVX512VL}, {"AVX-512BW", x.HasAVX512BW}})...)
}

type feature struct {
	name string
	has  bool
}

func lacking(features []feature) (names []string) {
	for _, f := range features {
		if !f.has {
			names = append(names, f.name)
		}
	}
	return names
}
