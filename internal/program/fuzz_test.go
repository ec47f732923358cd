package program_test

import (
	"testing"

	"github.com/neurograd/neurograd/internal/program/programtest"
)

// FuzzPrograms builds a program out of the bytes and compares the portable backend with the interpreter.
func FuzzPrograms(f *testing.F) {
	f.Add([]byte("\x03\x00\x01\x02\x03\x01\x07\x05\x01\x00\x02"), uint8(65), uint8(3))
	f.Add([]byte("straight-line code over exact primitives, in levels"), uint8(84), uint8(1))
	f.Add([]byte{}, uint8(1), uint8(16))
	f.Fuzz(func(t *testing.T, data []byte, nodes, lanes uint8) {
		if len(data) > 4096 {
			return
		}
		at := 0
		choose := programtest.Source(func(n int) int {
			v := 0
			for range 1 + (n-1)>>8 {
				if v >= n || len(data) == 0 {
					break
				}
				v = v<<8 | int(data[at%len(data)]) + at/len(data)
				at++
			}
			return v % n
		})
		if err := programtest.Generate(choose).Check(choose, 1+int(nodes), 1+int(lanes)%32); err != nil {
			t.Error(err)
		}
	})
}
