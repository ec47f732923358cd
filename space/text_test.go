package space

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/neurograd/neurograd/param"
)

func parse(t *testing.T, texts ...string) *Space {
	t.Helper()
	s, err := Parse(texts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want *Space
	}{
		{"coupling.delayed.G=0:1:32", Axis("coupling.delayed.G", Grid(0, 1, 32))},
		{"a=log:1e-4:1e-2:5", Axis("a", LogGrid(1e-4, 1e-2, 5))},
		{"a=-0.5,1,+1e3", Axis("a", Data(-0.5, 1, 1e3))},
		{"a=7", Axis("a", Data(7))},
		{"a=uniform:-1:1:8", Axis("a", Uniform(-1, 1, 8))},
		{"a=loguniform:0.1:1:8", Axis("a", LogUniform(0.1, 1, 8))},
		{"a=normal:0.5:0.15:8", Axis("a", Normal(0.5, 0.15, 8))},
		{"a=lognormal:0:0.5:8", Axis("a", LogNormal(0, 0.5, 8))},
		{" a=0:1:3\tb=0:1:2 ", Product(Axis("a", Grid(0, 1, 3)), Axis("b", Grid(0, 1, 2)))},
		{"zip(a=0:1:3 b=5,6,7) c=1,2", Product(Zip(Axis("a", Grid(0, 1, 3)), Axis("b", Data(5, 6, 7))), Axis("c", Data(1, 2)))},
		{"shortest(a=0:1:3 b=5,6)", ZipShortest(Axis("a", Grid(0, 1, 3)), Axis("b", Data(5, 6)))},
		{"sobol(a=uniform:0:1:8 b=normal:0:1:8)", Sobol(Axis("a", Uniform(0, 1, 8)), Axis("b", Normal(0, 1, 8)))},
		{"latin(a=uniform:0:1:8)", LatinHypercube(Axis("a", Uniform(0, 1, 8)))},
		{"halton(a=uniform:0:1:8)", Halton(Axis("a", Uniform(0, 1, 8)))},
		{"firstfastest(a=0:1:3 b=0:1:2)", Product(Axis("a", Grid(0, 1, 3)), Axis("b", Grid(0, 1, 2))).FirstFastest()},
		{"seed:7(a=uniform:0:1:3 b=0:1:2)", Product(Axis("a", Uniform(0, 1, 3)), Axis("b", Grid(0, 1, 2))).Seed(7)},
		{"slice:4:-2:3(a=0:1:9)", Axis("a", Grid(0, 1, 9)).Slice(0, 5).Every(-2)},
		{"a=uniform:0:1:3@each:2x3@free:bounded:-1:2", Axis("a", Uniform(0, 1, 3).Each(2, 3).Free(param.Bounded{Lo: -1, Hi: 2}))},
		{"a=0:1:3@shape:84@group:g@free", Axis("a", Grid(0, 1, 3).Broadcast(84).Group("g").Free(nil))},
		{"a=log:1:2:3@free:log", Axis("a", LogGrid(1, 2, 3).Free(param.Log{}))},
	} {
		got := parse(t, c.text)
		same(t, c.text, got, c.want)
		if a, b := string(encoded(t, got)), string(encoded(t, c.want)); a != b {
			t.Errorf("%s is %s, want %s", c.text, a, b)
		}
	}
	same(t, "several texts", parse(t, "a=0:1:3", "b=0:1:2 c=1"), parse(t, "a=0:1:3 b=0:1:2 c=1"))
	same(t, "groups", parse(t, "c=1,2 a=1,2,3@group:g b=4,5,6@group:g"), parse(t, "zip(a=1,2,3 b=4,5,6) c=1,2"))
}

func encoded(t *testing.T, s *Space) []byte {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What is written is read back: the same points, the same text, the same bytes.
func TestRoundTrip(t *testing.T) {
	arrays := 0
	eachRandom(t, func(t *testing.T, g *generator, s *Space) {
		data := encoded(t, s)
		again, err := Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		same(t, "JSON", again, s)
		if back := encoded(t, again); string(back) != string(data) {
			t.Errorf("JSON %s, read and written again %s", data, back)
		}
		first, err1 := s.Hash()
		second, err2 := again.Hash()
		if other, _ := s.Seed(12345).Hash(); first != second || first == other || len(first) != 64 || err1 != nil || err2 != nil {
			t.Errorf("hashes %s, %s, with another seed %s; %v, %v", first, second, other, err1, err2)
		}
		if strings.Contains(s.String(), "arrays") {
			arrays++
			return
		}
		same(t, "text", parse(t, s.String()), s)
		if back := parse(t, s.String()).String(); back != s.String() {
			t.Errorf("text %s, read and written again %s", s, back)
		}
	})
	six := Axis("a", Grid(0, 1, 6))
	for _, s := range []*Space{six.Every(100), six.Every(-100), six.Every(math.MinInt), six.Every(math.MaxInt).Every(-7), six.Every(-2).Every(3), six.Slice(5, 6).Every(2)} {
		again, err := Decode(encoded(t, s))
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		same(t, "one point", again, s)
		same(t, "one point as text", parse(t, s.String()), s)
	}
	if arrays == 0 || arrays > 50 {
		t.Errorf("%d of 60 spaces have arrays", arrays)
	}
}

// The bytes of a space must not change from version to version: manifests of sweeps hold their hash.
func TestEncoding(t *testing.T) {
	s := Product(
		Zip(Axis("x", Data([]float64{1, 2}, []float64{3, 4.5})), Axis("y", Grid(0, 1, 2).Broadcast(3))),
		Sobol(Axis("z", Draw(wedge{2}, 4)), Axis("w", Normal(0, 1, 4).Each(2).Free(param.Bounded{Lo: -9, Hi: 9}))).Seed(5),
	).FirstFastest().Slice(1, 7)
	const want = `{"version":1,"seed":0,"kind":"slice","slice":[1,1,6],"of":[{"kind":"firstfastest","of":[` +
		`{"kind":"zip","of":[{"kind":"values","path":"x","numbers":[1,2,3,4.5],"n":2,"shape":[2]},{"kind":"grid","path":"y","numbers":[0,1],"n":2,"shape":[3]}]},` +
		`{"seed":5,"kind":"sobol","of":[{"kind":"quantile","path":"z","distribution":"space.wedge","numbers":[0.3535533905932738,1,1.4142135623730951,1.7320508075688772,1.9685019685029528],"n":4},` +
		`{"kind":"normal","path":"w","numbers":[0,1],"n":4,"shape":[2],"each":true,"free":true,"transform":"bounded","bounds":[-9,9]}]}]}]}`
	if got := string(encoded(t, s)); got != want {
		t.Errorf("encoding\n%s\nwant\n%s", got, want)
	}
	again, err := Decode([]byte(want), wedge{3}, wedge{2})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "with a foreign distribution", again, s)
	if hash, err := s.Hash(); hash != "db77278b7dc269adc18469ace3298219c009046a212832f717a135abf54036b8" || err != nil {
		t.Errorf("hash %s, %v", hash, err)
	}
	if !reflect.DeepEqual(again.Paths(), []string{"x", "y", "z", "w"}) {
		t.Errorf("paths %q", again.Paths())
	}
}

// lines are the lines of an error; there are at most four.
func checkMessage(t *testing.T, what string, err error, wants ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want %q", what, wants)
		return
	}
	if !strings.HasPrefix(err.Error(), "space: ") || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("%s: error %q", what, err)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %q, want %q", what, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string][2]string{
		"":                                     {"no axis", "wanted at least one"},
		"a=0:1:0":                              {`axis "a": 0 values`, "\n  ^^^^^^^\n"},
		"b=1 a=1:0:5":                          {`axis "a": bounds 1 and 0`, "\n      ^^^^^^^\n"},
		"a=0:1":                                {"got 2 numbers for a grid, wanted 3", "\n    ^^^\n"},
		"a=uniforn:0:1:3":                      {`unknown kind "uniforn", did you mean "uniform"?`, "\n    ^^^^^^^^^^^^^\n"},
		"a=1,2,x":                              {`"x" is no number`, "\n    ^^^^^\n"},
		"a=":                                   {`"" is no number`, "\n    ^\n"},
		"a=0:y:3":                              {`"y" is no number`, "\n    ^^^^^\n"},
		"a=0:1:2.5":                            {`"2.5" is no whole number of points`, ""},
		"a=nan":                                {"NaN", ""},
		"a=0:inf:3":                            {"bounds 0 and +Inf", ""},
		"=0:1:3":                               {"not a path", ""},
		"a..b=0:1:3":                           {"not a path", ""},
		"a":                                    {"a path without values", "such as a=0:1:32"},
		"a=0:1:3)":                             {`")" without "("`, "\n         ^\n"},
		"zip(a=0:1:3":                          {`"(" without ")"`, "\n     ^\n"},
		"sobl(a=1)":                            {`unknown name "sobl", did you mean "sobol"?`, "\n  ^^^^\n"},
		"a=1,2 a=3":                            {`two axes along "a"`, ""},
		"a=0:1:3@fre":                          {`unknown addition "@fre"`, "\n         ^^^^\n"},
		"a=0:1:3@each:84":                      {"Each of values that are not drawn", ""},
		"a=0:1:3@shape:0":                      {"shape [0]", ""},
		"a=0:1:3@free:bounded:1":               {`unknown addition "@free:bounded:1"`, ""},
		"a=2,3@free:bounded:9:1":               {"bounds 9 and 1", ""},
		"zip(a=0:1:3 b=0:1:4)":                 {`zip of unequal lengths: "a" 3, "b" 4`, "ZipShortest"},
		"sobol(a=0:1:3)":                       {`the values of "a" are not drawn`, ""},
		"sobol()":                              {"sobol of no axes", ""},
		"seed:x(a=1)":                          {"a seed that is no whole number", "seed:42(…)"},
		"slice:1:2(a=1)":                       {"a slice without three whole numbers", ""},
		"slice:0:1:9(a=0:1:3)":                 {"slice of 9 points from point 0 by steps of 1, of a space of 3 points", ""},
		"slice:1:1:3(a=0:1:3)":                 {"slice of 3 points", ""},
		"slice:0:-1:2(a=0:1:3)":                {"slice of 2 points", ""},
		strings.Repeat("a(", 200):              {"more than 100 open parentheses", ""},
		"a=" + strings.Repeat("1,", 500) + "x": {`"x" is no number`, "…"},
	} {
		_, err := Parse(text)
		var where *ParseError
		if !errors.As(err, &where) {
			t.Errorf("%q: %v is no *ParseError", text, err)
			continue
		}
		checkMessage(t, text, err, want[0], want[1])
	}
}

func TestDecodeErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:   "space: JSON, before byte 0: EOF; wanted what Space.MarshalJSON writes",
		`{}`: "JSON of version 0; wanted 1",
		`[]`: "JSON, before byte",
		`{"version":1,"kind":"grid","path":"a","numbers":[0,1],"n":3} 4`:                                                         "more than one object",
		`{"version":1,"kind":"grid","path":"a","numbers":[0,1],"m":3}`:                                                           `unknown field "m"`,
		`{"version":2,"kind":"grid","path":"a","numbers":[0,1],"n":3}`:                                                           "JSON of version 2; wanted 1",
		`{"version":1,"kind":"grit","path":"a","numbers":[0,1],"n":3}`:                                                           `unknown kind "grit", did you mean "grid"?`,
		`{"version":1,"kind":"grid","path":"a","numbers":[0],"n":3}`:                                                             "1 numbers for grid; wanted two, lo:hi",
		`{"version":1,"kind":"grid","path":"a","numbers":[0,1],"n":-3}`:                                                          "-3 values",
		`{"version":1,"kind":"values","path":"a","numbers":[0,1],"n":3}`:                                                         "2 numbers for 3 values of shape scalar",
		`{"version":1,"kind":"values","path":"a","numbers":[0,1],"n":1,"shape":[3]}`:                                             "2 numbers for 1 values of shape [3]",
		`{"version":1,"kind":"quantile","path":"a","distribution":"distuv.Beta","numbers":[1],"n":1}`:                            "draws from a distuv.Beta with the quantiles [1]",
		`{"version":1,"kind":"slice","slice":[0,1],"of":[]}`:                                                                     "slice of 0 spaces by 2 numbers",
		`{"version":1,"kind":"slice","slice":[0,4611686018427387904,3],"of":[{"kind":"grid","path":"a","numbers":[0,1],"n":3}]}`: "slice of 3 points",
		`{"version":1,"kind":"slice","slice":[0,4294967296,4294967297],"of":[{"kind":"product","of":[{"kind":"grid","path":"a","numbers":[0,1],"n":2147483647},{"kind":"grid","path":"b","numbers":[0,1],"n":2147483647}]}]}`: "slice of 4294967297 points",
		`{"version":1,"kind":"zip","of":[{"kind":"grid","path":"a","numbers":[0,1],"n":0}]}`:             `axis "a": 0 values`,
		`{"version":1,"kind":"grid","path":"a","numbers":[0,1],"n":3,"free":true,"transform":"tied"}`:    `free under "tied"`,
		`{"version":1,"kind":"values","path":"a","numbers":[0,1],"n":1,"shape":[4611686018427387904,4]}`: "numbers for 1 values",
	} {
		_, err := Decode([]byte(text))
		checkMessage(t, text, err, want)
	}
	tied := Axis("a", Data([]float64{1, 2}).Free(param.Tied{Groups: []int{0, 0}}))
	_, err := json.Marshal(tied)
	if err == nil || !strings.Contains(err.Error(), `axis "a" is free under tied(2 in 1 group)`) {
		t.Errorf("error %v", err)
	}
	if _, err := tied.Hash(); err == nil {
		t.Error("a hash of what cannot be written")
	}
}

// Whatever text is read is written and read again as the same space; errors have their form.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a=0:1:3 b=uniform:0:1:4@each:2", "zip(a=1,2 b=log:1:2:2)", "slice:8:-2:3(firstfastest(a=1,2,3 b=0:1:4))",
		"seed:4(sobol(a=uniform:0:1:8@free:bounded:0:1 b=normal:0:1:8@free:log))", "a(", "a=1)", "=", "x=1@", "x=1@group:y z=2@group:y", "π=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		s, err := Parse(text)
		if err != nil {
			checkMessage(t, text, err)
			return
		}
		again, err := Parse(s.String())
		if err != nil {
			t.Fatalf("%q, written %q: %v", text, s, err)
		}
		a, err1 := s.MarshalJSON()
		b, err2 := again.MarshalJSON()
		if string(a) != string(b) || err1 != nil || err2 != nil {
			t.Fatalf("%q is %s, written %q, read %s; %v, %v", text, a, s, b, err1, err2)
		}
		if s.size > 1000 {
			return
		}
		if p, err := s.Point(-1); err == nil && p.Index != s.Len()-1 {
			t.Fatalf("%q: the last point is %d of %d", text, p.Index, s.Len())
		}
	})
}
