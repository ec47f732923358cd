package ad

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota // of a statement or of the text
	tokenBreak                   // a line break outside parentheses, or a semicolon
	tokenNumber                  // value holds it
	tokenName                    // may be dotted: np.exp
	tokenMark                    // operator, parenthesis, comma or keyword; text is its canonical spelling
)

type token struct {
	kind     tokenKind
	text     string
	value    float64
	pos, end int // bytes of the source
}

func (t token) is(mark string) bool { return t.kind == tokenMark && t.text == mark }

// keywords can never be names. True and False are read as the numbers 1 and 0.
var keywords = map[string]bool{
	"and": true, "or": true, "not": true, "if": true, "else": true, "True": true, "False": true,
}

// marks lists the spellings of operators with their canonical form; longer ones come first. The signs of
// printed mathematics mean what they look like, since text is often copied from papers.
var marks = []struct{ spelling, canonical string }{
	{"**", "^"}, {"<=", "<="}, {">=", ">="}, {"==", "=="}, {"!=", "!="}, {"&&", "and"}, {"||", "or"},
	{"^", "^"}, {"+", "+"}, {"-", "-"}, {"*", "*"}, {"/", "/"}, {"%", "%"}, {"<", "<"}, {">", ">"},
	{"=", "="}, {"&", "and"}, {"|", "or"}, {"!", "!"}, {"~", "!"}, {"(", "("}, {")", ")"}, {",", ","},
	{"'", "'"}, {"−", "-"}, {"·", "*"}, {"⋅", "*"}, {"×", "*"}, {"≤", "<="}, {"≥", ">="}, {"≠", "!="},
	{"′", "'"},
}

// strays names the remedy for characters that have no meaning here but are likely to be tried.
var strays = map[rune]string{
	'[': "group with round parentheses ( )", ']': "group with round parentheses ( )",
	'{': "group with round parentheses ( )", '}': "group with round parentheses ( )",
	'²': "write a square as x^2", '³': "write a cube as x^3", '√': "write a root as sqrt(x)",
	'"': "text has no meaning in an equation", '\\': "a backslash continues a line only as its last character",
	'.': "write decimals as 0.5; names hold letters, digits and _", ':': "leave out units and types; write an equation with a single =",
}

// lexer cuts equation text into tokens in one pass.
type lexer struct {
	text      string
	pos       int
	wholeText bool  // a line break never ends anything: the text is one expression
	open      []int // offsets of the parentheses not yet closed
	tokens    []token
}

// lex is the tokens of the text, parentheses balanced, closed by an end token. With oneExpression set
// line breaks are blanks; otherwise they are tokens, except inside parentheses and after a backslash.
func lex(text string, oneExpression bool) ([]token, error) {
	l := &lexer{text: text, wholeText: oneExpression, pos: len(text) - len(strings.TrimPrefix(text, "\uFEFF"))}
	for l.pos < len(text) {
		if err := l.step(); err != nil {
			return nil, err
		}
	}
	if len(l.open) > 0 {
		return nil, l.unclosed()
	}
	l.add(tokenEnd, "", l.pos)
	return l.tokens, nil
}

func (l *lexer) add(kind tokenKind, text string, end int) {
	l.tokens = append(l.tokens, token{kind: kind, text: text, pos: l.pos, end: end})
	l.pos = end
}

func (l *lexer) fail(pos, end int, message, remedy string) error {
	return &ParseError{Text: l.text, Pos: pos, End: end, Message: message, Remedy: remedy}
}

func (l *lexer) unclosed() error {
	at := l.open[len(l.open)-1]
	return l.fail(at, at+1, "this parenthesis is never closed", "add the missing )")
}

// step reads one token or one stretch of blanks.
func (l *lexer) step() error {
	rest := l.text[l.pos:]
	r, width := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\n':
		if l.wholeText || len(l.open) > 0 {
			l.pos++
		} else {
			l.add(tokenBreak, "\n", l.pos+1)
		}
	case r == ';' && !l.wholeText:
		if len(l.open) > 0 {
			return l.unclosed()
		}
		l.add(tokenBreak, ";", l.pos+1)
	case unicode.IsSpace(r):
		l.pos += width
	case r == '#':
		if length := strings.IndexByte(rest, '\n'); length >= 0 {
			l.pos += length
		} else {
			l.pos = len(l.text)
		}
	case r == '\\':
		return l.continuation(rest)
	case isDigit(r) || r == '.' && len(rest) > 1 && isDigit(rune(rest[1])):
		return l.number()
	case r == '_' || unicode.IsLetter(r):
		return l.name()
	case strings.HasPrefix(rest, "//"):
		return l.fail(l.pos, l.pos+2, "// is not an operator here",
			"write a floor division as floor(a/b); a comment starts with #")
	default:
		return l.mark(rest, r, width)
	}
	return nil
}

// continuation skips a backslash and the line break that follows it.
func (l *lexer) continuation(rest string) error {
	line, _, more := strings.Cut(rest[1:], "\n")
	if !more || strings.TrimSpace(line) != "" {
		return l.stray('\\', 1)
	}
	l.pos += 1 + len(line) + 1
	return nil
}

func (l *lexer) stray(r rune, width int) error {
	remedy, known := strays[r]
	switch {
	case known:
	case r >= '₀' && r <= '₉':
		remedy = fmt.Sprintf("write a subscript as _%d", r-'₀')
	default:
		remedy = "use letters, digits, _ and the operators + - * / % ^ ( ) , < > = ! & |"
	}
	message := fmt.Sprintf("the character %q has no meaning here", r)
	if r == utf8.RuneError && width <= 1 {
		message, remedy = "the text is not valid UTF-8", "save it as UTF-8"
	}
	return l.fail(l.pos, l.pos+width, message, remedy)
}

// number reads 1, .5, 1., 1e-3 and 1E5.
func (l *lexer) number() error {
	end := l.digits(l.pos)
	if end < len(l.text) && l.text[end] == '.' {
		end = l.digits(end + 1)
	}
	if e := end; e < len(l.text) && (l.text[e] == 'e' || l.text[e] == 'E') {
		e++
		if e < len(l.text) && (l.text[e] == '+' || l.text[e] == '-') {
			e++
		}
		if last := l.digits(e); last > e {
			end = last
		}
	}
	if rest := l.text[end:]; rest != "" && (rest[0] == 'j' || rest[0] == 'J') && !isNamePart(second(rest)) {
		return l.fail(l.pos, end+1, "complex numbers are not supported", complexRemedy)
	}
	value, err := strconv.ParseFloat(l.text[l.pos:end], 64)
	if errors.Is(err, strconv.ErrRange) {
		return l.fail(l.pos, end, "this number is too large for float64", "the largest is about 1.8e308: rescale the equation")
	}
	l.add(tokenNumber, l.text[l.pos:end], end)
	l.tokens[len(l.tokens)-1].value = value
	return nil
}

// digits is the offset behind the decimal digits that start at from.
func (l *lexer) digits(from int) int {
	for from < len(l.text) && isDigit(rune(l.text[from])) {
		from++
	}
	return from
}

// name reads a name, a dotted name or a keyword.
func (l *lexer) name() error {
	end := l.pos
	for end < len(l.text) {
		r, width := utf8.DecodeRuneInString(l.text[end:])
		dot := r == '.' && (isNameStart(second(l.text[end:])))
		if !dot && !isNamePart(r) {
			break
		}
		end += width
	}
	word := l.text[l.pos:end]
	switch {
	case len(word) > maxName:
		return l.fail(l.pos, end, fmt.Sprintf("this name has %d bytes; at most %d are read", len(word), maxName), "choose a shorter name")
	case keywords[word]:
		l.add(tokenMark, word, end)
	default:
		l.add(tokenName, word, end)
	}
	return nil
}

// mark reads an operator, a parenthesis or a comma.
func (l *lexer) mark(rest string, r rune, width int) error {
	for _, m := range marks {
		if !strings.HasPrefix(rest, m.spelling) {
			continue
		}
		switch m.canonical {
		case "(":
			l.open = append(l.open, l.pos)
		case ")":
			if len(l.open) == 0 {
				return l.fail(l.pos, l.pos+1, "this parenthesis was never opened", "remove it, or add the missing (")
			}
			l.open = l.open[:len(l.open)-1]
		}
		l.add(tokenMark, m.canonical, l.pos+len(m.spelling))
		return nil
	}
	return l.stray(r, width)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func isNamePart(r rune) bool { return isNameStart(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// second is the rune behind the first byte of s, which is one ASCII character.
func second(s string) rune {
	r, width := utf8.DecodeRuneInString(s[1:])
	if width == 0 {
		return 0
	}
	return r
}
