package machine

import "golang.org/x/sys/cpu"

// AVX2 reports whether programs may use AVX2 with fused multiply-adds: the processor has them and the system keeps
// their registers.
func AVX2() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA }

// AVX512 reports whether programs may use the parts of AVX-512 that every processor with AVX-512 for servers and
// desktops has: F, DQ, VL and BW.
func AVX512() bool {
	x := &cpu.X86
	return AVX2() && x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512BW
}
