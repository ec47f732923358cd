package space

import (
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Parse is the space that text says, for command lines. Texts, and parts of a text between blanks, are parts of a
// product, the first one slowest:
//
//	coupling.delayed.G=0:1:32            grid: lo:hi:n
//	noise.sigma=log:1e-4:1e-2:5          the same with equal ratios
//	dynamics.w=0.5,0.7,1                 a list
//	dynamics.J_N=uniform:0:0.5:32        draws: uniform or loguniform:lo:hi:n, normal or lognormal:mean:sd:n
//	zip(a=0:1:3 b=5,6,7)                 side by side; shortest(…) cuts to the shortest part
//	sobol(a=uniform:0:1:64 b=normal:0:1:64)   draws placed together; also latin(…), halton(…)
//	product(…), firstfastest(…)          every combination; the first part fastest
//	seed:42(…), slice:4:1:8(…)           with a seed; 8 points from number 4 on in steps of 1
//
// Behind values stands, after @, what else there is: @each:84 (a draw per element of the shape), @shape:84 (one
// number for all), @group:name, @free, @free:log, @free:bounded:0:1. Errors are [*ParseError].
func Parse(texts ...string) (*Space, error) {
	var parts []*Space
	for _, text := range texts {
		p := parser{text: text}
		parts = append(parts, p.items(false)...)
		if p.err != nil {
			return nil, p.err
		}
	}
	var s *Space
	switch len(parts) {
	case 0:
		return nil, &ParseError{Text: strings.Join(texts, " "), Message: "no axis", Remedy: "wanted at least one, such as coupling.delayed.G=0:1:32"}
	case 1:
		s = parts[0]
	default:
		s = Product(parts...)
	}
	if err := s.Err(); err != nil {
		text := strings.Join(texts, " ")
		return nil, &ParseError{Text: text, End: len(text), Message: strings.TrimPrefix(err.Error(), "space: ")}
	}
	return s, nil
}

// parser reads one text; the first error stays.
type parser struct {
	text  string
	at    int
	depth int // of parentheses
	err   error
}

// deepest is how deep parentheses may nest.
const deepest = 100

// fail notes what is wrong with bytes from … to.
func (p *parser) fail(from, to int, message, remedy string) {
	if p.err == nil {
		p.err = &ParseError{Text: p.text, Pos: from, End: to, Message: message, Remedy: remedy}
	}
}

// items reads parts up to the end, or to the closing parenthesis.
func (p *parser) items(inside bool) []*Space {
	var parts []*Space
	for p.err == nil {
		for p.at < len(p.text) && strings.ContainsRune(" \t\r\n", rune(p.text[p.at])) {
			p.at++
		}
		switch {
		case p.at == len(p.text):
			return parts
		case p.text[p.at] == ')':
			if !inside {
				p.fail(p.at, p.at+1, `")" without "("`, "take it out, or open it: sobol(…)")
			}
			return parts
		}
		parts = append(parts, p.item())
	}
	return nil
}

// item reads path=values or name(parts).
func (p *parser) item() *Space {
	start := p.at
	word := p.upTo("=( )\t\r\n")
	switch {
	case p.at < len(p.text) && p.text[p.at] == '(':
		return p.combination(start, word)
	case p.at < len(p.text) && p.text[p.at] == '=':
		p.at++
		from := p.at
		return p.axis(start, word, from, p.upTo("() \t\r\n"))
	}
	p.fail(start, p.at, "a path without values", "wanted path=values, such as "+word+"=0:1:32")
	return nil
}

// upTo reads up to one of the characters.
func (p *parser) upTo(stops string) string {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(stops, rune(p.text[p.at])) {
		p.at++
	}
	return p.text[start:p.at]
}

// combination reads what stands in parentheses behind a name, which has numbers if it is seed or slice.
func (p *parser) combination(start int, word string) *Space {
	open := p.at
	p.at++
	if p.depth++; p.depth > deepest {
		p.fail(open, p.at, "more than "+strconv.Itoa(deepest)+" open parentheses", "")
	}
	parts := p.items(true)
	p.depth--
	if p.err != nil {
		return nil
	}
	if p.at == len(p.text) {
		p.fail(open, open+1, `"(" without ")"`, "close it behind the last axis")
		return nil
	}
	p.at++
	fields := strings.Split(word, ":")
	switch fields[0] {
	case "seed":
		seed, err := strconv.ParseUint(strings.TrimPrefix(word, "seed:"), 10, 64)
		if err != nil {
			p.fail(start, open, "a seed that is no whole number from 0 on", "wanted seed:42(…)")
			return nil
		}
		return p.checked(start, one(parts).Seed(seed))
	case "slice":
		numbers, ok := integers(fields[1:])
		if !ok || len(numbers) != 3 {
			p.fail(start, open, "a slice without three whole numbers", "wanted slice:first:step:count(…)")
			return nil
		}
		return p.checked(start, sliceOf(one(parts), numbers[0], numbers[1], numbers[2]))
	}
	for _, c := range combinations {
		if c.name == word {
			return p.checked(start, c.of(parts...))
		}
	}
	p.fail(start, open, "unknown name "+strconv.Quote(word)+suggest.Hint(word, append(kinds()[len(families):], "seed", "slice")), "wanted one of these around axes: product, firstfastest, zip, shortest, latin, sobol, halton, seed:…, slice:…")
	return nil
}

// one is the only part, or the product of several.
func one(parts []*Space) *Space {
	if len(parts) == 1 {
		return parts[0]
	}
	return Product(parts...)
}

// checked notes what is wrong with a space that was read from start on.
func (p *parser) checked(start int, s *Space) *Space {
	if err := s.Err(); err != nil {
		message, remedy, _ := strings.Cut(strings.TrimPrefix(err.Error(), "space: "), "; ")
		p.fail(start, p.at, message, remedy)
	}
	return s
}

// axis makes the axis of a path whose values stand from byte from on.
func (p *parser) axis(start int, path string, from int, text string) *Space {
	f := form{Path: path}
	values, rest, more := strings.Cut(text, "@")
	if message := f.readValues(values); message != "" {
		p.fail(from, from+len(values), message, "wanted lo:hi:n, log:lo:hi:n, uniform:lo:hi:n, normal:mean:sd:n … or a list 0.1,0.2")
		return nil
	}
	at := from + len(values) + 1
	for more {
		var option string
		option, rest, more = strings.Cut(rest, "@")
		if !f.readOption(option) {
			p.fail(at-1, at+len(option), "unknown addition "+strconv.Quote("@"+option), "wanted @each:84, @shape:84, @group:name, @free, @free:log or @free:bounded:lo:hi")
			return nil
		}
		at += len(option) + 1
	}
	return p.checked(start, f.build(nil))
}

// readValues reads what stands behind the equals sign; the message says what is wrong.
func (f *form) readValues(text string) string {
	fields := strings.Split(text, ":")
	name := "grid"
	if _, err := strconv.ParseFloat(fields[0], 64); err != nil && len(fields) > 1 {
		name, fields = fields[0], fields[1:]
		if !isFamily(name) {
			return "unknown kind " + strconv.Quote(name) + suggest.Hint(name, kinds()[:len(families)])
		}
	} else if len(fields) == 1 {
		f.Kind = "values"
		var bad string
		f.Numbers, bad = floats(strings.Split(text, ","))
		f.N = len(f.Numbers)
		return bad
	}
	f.Kind = name
	if len(fields) != 3 {
		return "got " + strconv.Itoa(len(fields)) + " numbers for a " + name + ", wanted 3"
	}
	numbers, bad := floats(fields[:2])
	count, ok := integers(fields[2:])
	if !ok {
		return strconv.Quote(fields[2]) + " is no whole number of points"
	}
	f.Numbers, f.N = numbers, count[0]
	return bad
}

func isFamily(name string) bool {
	for _, family := range families {
		if family.name == name {
			return true
		}
	}
	return false
}

// readOption reads what stands behind an @, and says whether it is known.
func (f *form) readOption(text string) bool {
	name, rest, _ := strings.Cut(text, ":")
	switch name {
	case "each", "shape":
		extents, ok := integers(strings.Split(rest, "x"))
		f.Shape, f.Each = extents, name == "each"
		return ok
	case "group":
		f.Group = rest
		return rest != ""
	case "free":
		f.Free = true
		var bounds string
		f.Transform, bounds, _ = strings.Cut(rest, ":")
		if bounds != "" {
			var bad string
			if f.Bounds, bad = floats(strings.Split(bounds, ":")); bad != "" {
				return false
			}
		}
		return f.Transform == "" && bounds == "" || f.Transform == "log" && bounds == "" || f.Transform == "bounded" && len(f.Bounds) == 2
	}
	return false
}

// floats reads numbers; bad says which text is none.
func floats(texts []string) (numbers []float64, bad string) {
	for _, text := range texts {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, strconv.Quote(text) + " is no number"
		}
		numbers = append(numbers, x)
	}
	return numbers, ""
}

func integers(texts []string) (numbers []int, ok bool) {
	for _, text := range texts {
		x, err := strconv.Atoi(text)
		if err != nil {
			return nil, false
		}
		numbers = append(numbers, x)
	}
	return numbers, true
}
