// Package suggest finds the name a user probably meant. It holds nothing else.
package suggest

import (
	"fmt"
	"strings"
)

// longest is the most bytes of a name that anybody misspells; the time to compare two names is quadratic in
// it, and names may come from files.
const longest = 256

// Closest is the candidate nearest to name by edit distance (letter case counts for half of an edit); if
// none is near enough to be a likely misspelling, the only one that name is a part of, whatever its case;
// else "".
func Closest(name string, candidates []string) string {
	if len(name) > longest {
		return ""
	}
	best, bestCost := "", len(name)+3 // costs are in half edits
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		limit := 2 * ((max(len(name), len(c)) + 2) / 3)
		if cost := distance(name, c); cost <= limit && cost < bestCost {
			best, bestCost = c, cost
		}
	}
	if best == "" && len(name) >= 3 {
		return only(name, candidates)
	}
	return best
}

// only is the one candidate that name is a part of, "" if there is none or more.
func only(name string, candidates []string) string {
	found := ""
	for _, c := range candidates {
		if strings.Contains(strings.ToLower(c), strings.ToLower(name)) {
			if found != "" {
				return ""
			}
			found = c
		}
	}
	return found
}

// Hint is ", did you mean \"X\"?" for the closest candidate, and ", known: a, b, c" where none is near.
func Hint(name string, candidates []string) string {
	if c := Closest(name, candidates); c != "" {
		return fmt.Sprintf(", did you mean %q?", c)
	}
	if len(candidates) == 0 {
		return ""
	}
	shown := candidates
	if len(shown) > 20 {
		shown = shown[:20]
	}
	more := ""
	if len(shown) < len(candidates) {
		more = ", …"
	}
	return ", known: " + strings.Join(shown, ", ") + more
}

// distance is the Levenshtein distance in half edits: a change of letter case costs 1, any other edit 2.
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = 2 * j
	}
	for i, x := range ra {
		diagonal := row[0]
		row[0] = 2 * (i + 1)
		for j, y := range rb {
			substitute := diagonal
			if x != y {
				substitute++
				if !strings.EqualFold(string(x), string(y)) {
					substitute++
				}
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+2, row[j+1]+2)
		}
	}
	return row[len(rb)]
}
