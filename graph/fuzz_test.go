package graph

import (
	"bytes"
	"encoding/base64"
	"runtime"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/npz"
)

// small is a budget that keeps fuzzing quick.
func small() *budget { return &budget{1 << 20, 1 << 16} }

// checkMemory reads under the small budget and holds that this takes memory in proportion to the input and to
// what it unpacks to. fixed is what decompressors may take.
func checkMemory(t *testing.T, input, fixed int, read func(b *budget) (*Graph, error)) {
	b := small()
	unpacked := b.bytes
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	g, err := read(b)
	runtime.ReadMemStats(&after)
	unpacked -= b.bytes
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(fixed+200*input)+100*uint64(unpacked) {
		t.Fatalf("%d bytes, unpacked %d, took %d bytes to read (%v)", input, unpacked, used, err)
	}
	checkRead(t, g, err)
}

// checkRead holds what a reader returns against what every reader promises: an error of at most four lines,
// or a graph that can be simulated and survives being written as tables and read again.
func checkRead(t *testing.T, g *Graph, err error) {
	if err == nil {
		err = g.Err()
	}
	if err != nil {
		if text := err.Error(); text == "" || strings.Count(text, "\n") > 3 || len(text) > 2000 {
			t.Fatalf("error %q", text)
		}
		return
	}
	n := g.N()
	if n == 0 || len(g.Weights()) != n*n || len(g.Labels()) != n || g.Lengths() != nil && len(g.Lengths()) != n*n || g.Centres() != nil && len(g.Centres()) != n {
		t.Fatalf("%d regions, %d weights, %d labels, %d lengths, %d centres", n, len(g.Weights()), len(g.Labels()), len(g.Lengths()), len(g.Centres()))
	}
	for e, w := range g.Weights() {
		if !finite(w) || g.Lengths() != nil && !(g.Lengths()[e] >= 0 && finite(g.Lengths()[e])) {
			t.Fatalf("edge %d: weight %v, lengths %v", e, w, g.Lengths())
		}
	}
	if g.checkLabels() != nil {
		return
	}
	for _, delimiter := range []byte{',', '\t', ' '} {
		labelled := g.labels != nil && delimiter != ' '
		var w, l, r bytes.Buffer
		g.writeMatrix(&w, g.weights, delimiter, labelled)
		g.writeRegions(&r, delimiter)
		files := [3]*textFile{memory("w", w.String()), nil, memory("r", r.String())}
		if g.lengths != nil {
			g.writeMatrix(&l, g.lengths, delimiter, labelled)
			files[1] = memory("l", l.String())
		}
		back, err := fromTables(files[0], files[1], files[2], newBudget())
		if err == nil {
			err = back.Err()
		}
		if err != nil {
			t.Fatalf("%v, reading %q %q %q", err, w.String(), l.String(), r.String())
		}
		sameBits(t, "written and read", back, g)
		if g.Centres() != nil {
			equal(t, "centres", back.Centres(), g.Centres())
		}
	}
}

// FuzzLoadCSV reads any text as weights, lengths and regions; an empty one is left out.
func FuzzLoadCSV(f *testing.F) {
	f.Add("0,2.5\n1.25,0\n", "0,30\n40,0\n", "a\nb\n")
	f.Add(",a,b\na,0,2.5\nb,1.25,0\n", "", "a 1 2 3\nb 4 5 6\n")
	f.Add("a b\na 0 2.5\nb 1.25 0\n", "", "x,y,z\n1,2,3\n3,4,5\n")
	f.Add("\ufeff\t\"a\"\tb\r\na\t0\t1e-3\r\nb\t1\t0\r\n", "0;1\n1;0", "")
	f.Add("# c\n 0 nan\n-inf 0x1p-3\n", "0 -1\n1e999 0", "\"a \"\"b\"\" \"\n#c\nb")
	f.Add("id,1,2\nV1,0,1\nV2,1,0", "1,2\n1,0\n", "é\n\xff")
	f.Fuzz(func(t *testing.T, weights, lengths, places string) {
		files := [3]*textFile{memory("w.csv", weights)}
		for i, text := range []string{lengths, places} {
			if text != "" {
				files[i+1] = memory("x", text)
			}
		}
		size := len(weights) + len(lengths) + len(places)
		checkMemory(t, size, 1<<18, func(b *budget) (*Graph, error) { return fromTables(files[0], files[1], files[2], b) })
		checkMemory(t, size, 1<<18, func(b *budget) (*Graph, error) { return fromTexts(weights, lengths, places, b) })
	})
}

// fromTexts reads the same texts as the files of an archive.
func fromTexts(weights, lengths, centres string, b *budget) (*Graph, error) {
	var members []member
	for name, text := range map[string]string{"weights": weights, "tract_lengths": lengths, "centres": centres} {
		members = addMember(members, name, name, memory(name, text).open)
	}
	return fromMembers(members, "fuzz.zip", b)
}

// FuzzLoadZip reads any bytes as an archive, of The Virtual Brain and of NumPy.
func FuzzLoadZip(f *testing.F) {
	for _, g := range []*Graph{FromDense([][]float64{{0, 1}, {2, 0}}), Example().NormalizeMax()} {
		var out bytes.Buffer
		if err := g.writeNPZ(&out); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes())
	}
	f.Add(zipped(f, "weights.txt", strings.Repeat(" ", 3_000_000), "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres))
	f.Add(zipped(f, "weights.txt.bz2", unpack(f, bz2Blanks), `..\..\tract_lengths.txt`, tvbLengths, "/etc/centres.txt", tvbCentres))
	f.Add(zipped(f, "weights.npy", "\x93NUMPY\x01\x00\x46\x00{'descr': '<f8', 'fortran_order': False, 'shape': (30000, 30000), }\n"))
	f.Add(zipped(f, "weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres))
	f.Add(zipped(f, "a/weights", tvbWeights, "../lengths.csv", "rA,lA\n0,1\n2,3\n", "centers.tsv", "1 2 3\n3 4 5\n", "labels.txt", "rA\nlA"))
	packed := []string{"weights.txt.bz2", bz2Weights, "lengths.bz2", bz2Lengths, "centres.txt.bz2", bz2Centres}
	for i := 1; i < len(packed); i += 2 {
		text, _ := base64.StdEncoding.DecodeString(packed[i])
		packed[i] = string(text)
	}
	f.Add(zipped(f, packed...))
	f.Add(zipped(f, "__MACOSX/weights.txt", "", "weights.npy", ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		const decompressors = 1 << 24 // four of bzip2
		checkMemory(t, len(data), decompressors, func(b *budget) (*Graph, error) {
			return fromZip(bytes.NewReader(data), int64(len(data)), "fuzz.zip", b)
		})
		if archive, err := npz.New(bytes.NewReader(data), int64(len(data)), "fuzz.npz"); err == nil {
			g, err := fromArchive(archive)
			checkRead(t, g, err)
		}
	})
}
