package graph

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/neurograd/neurograd/internal/npz"
	"github.com/neurograd/neurograd/internal/wholefile"
)

// Save writes the graph to files that [Load] reads, with the same bits. What path looks like tells the
// format, as for Load:
//
//	connectome.npz                         members weights, lengths, region_labels, centres
//	weights.csv,lengths.csv                two matrices with the labels in the first line and column
//	weights.csv,lengths.csv,regions.csv    and a line "label" or "label x y z" for each region
//
// Tables are separated by commas (.csv), tabs (.tsv) or blanks (.txt). Matrices in .txt have no labels beside
// them, so a graph with labels or centres needs the third file there. The Virtual Brain reads a zip of
// "weights.txt,tract_lengths.txt,centres.txt" where the labels are without blanks.
//
// A sparse graph becomes dense: edges that are not there have weight 0 and length 0. The speed is not
// written, nor are centres without a third file. A graph with an error, with delays given themselves, with
// lengths where the path has no place for them, or of more numbers than Load reads (2²⁷ in .npz, 4·10⁷ in
// tables) is refused.
//
// Each file is written under another name and renamed when complete: a crash leaves the former one whole.
func (g *Graph) Save(path string) error {
	err := g.checkSave()
	if err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(path), ".npz") {
		return writeFiles([]output{{path, g.writeNPZ}})
	}
	outputs, err := g.tables(path)
	if err != nil {
		return err
	}
	return writeFiles(outputs)
}

// checkSave is what no format can hold.
func (g *Graph) checkSave() error {
	switch {
	case g.err != nil:
		return g.err
	case g.delays != nil:
		return errors.New("graph: Save: the delays were given themselves, and files hold lengths: save WithoutDelays and give them again after Load")
	}
	return g.checkSize("", maxNumbers)
}

// checkSize refuses what Load would not read again; form is a kind of file.
func (g *Graph) checkSize(form string, most int64) error {
	count := int64(g.n) * int64(g.n)
	if g.lengths != nil {
		count *= 2
	}
	if count > most {
		return fmt.Errorf("graph: Save: %d regions make matrices of %d numbers, and Load reads at most %d%s: keep the list of edges in a file of your own, or save parts", g.n, count, most, form)
	}
	return nil
}

// tables are the files of a list: weights, lengths, regions.
func (g *Graph) tables(path string) ([]output, error) {
	paths := strings.Split(path, ",")
	if len(paths) > 3 {
		return nil, fmt.Errorf("graph: Save: %q lists %d files; at most three are wanted: \"weights.csv,lengths.csv,regions.csv\"", path, len(paths))
	}
	paths = append(paths, "", "")[:3]
	for i, p := range paths {
		paths[i] = strings.TrimSpace(p)
		if _, ok := delimiters[strings.ToLower(filepath.Ext(paths[i]))]; !ok && (i == 0 || paths[i] != "") {
			return nil, fmt.Errorf("graph: Save: %q has the extension %q; .npz, .csv, .tsv or .txt is wanted, as in \"net.npz\" or \"weights.csv,lengths.csv\"", p, filepath.Ext(p))
		}
		for j := range i {
			if paths[i] != "" && filepath.Clean(paths[i]) == filepath.Clean(paths[j]) {
				return nil, fmt.Errorf("graph: Save: %q stands twice in the list: give each file a name of its own", paths[i])
			}
		}
	}
	if g.lengths != nil && paths[1] == "" {
		return nil, fmt.Errorf("graph: Save: %q has no place for the lengths: write \"weights.csv,lengths.csv\", or .npz", path)
	}
	if g.lengths == nil && paths[1] != "" {
		return nil, fmt.Errorf("graph: Save: the graph has no lengths for %q: write %q alone, or \"weights.csv,,regions.csv\"", paths[1], paths[0])
	}
	if strings.EqualFold(filepath.Ext(paths[0]), ".txt") && paths[2] == "" && (g.labels != nil || g.centres != nil) {
		return nil, fmt.Errorf("graph: Save: a matrix in .txt has no place for labels: write %q, or .csv", paths[0]+","+paths[1]+",centres.txt")
	}
	if err := g.checkSize(" of text (.npz takes more)", maxTextBytes/widestNumber); err != nil {
		return nil, err
	}
	if err := g.checkLabels(); err != nil {
		return nil, err
	}
	outputs := []output{{paths[0], g.matrixWriter(paths[0], g.weights)}}
	if paths[1] != "" {
		outputs = append(outputs, output{paths[1], g.matrixWriter(paths[1], g.lengths)})
	}
	if paths[2] != "" {
		outputs = append(outputs, output{paths[2], g.regionWriter(paths[2])})
	}
	return outputs, nil
}

// writeNPZ writes the graph as an archive of NumPy.
func (g *Graph) writeNPZ(w io.Writer) error {
	square := []int{g.n, g.n}
	arrays := []npz.Array{{Name: weightNames[0], Shape: square, Floats: g.matrix(g.weights)}}
	if g.lengths != nil {
		arrays = append(arrays, npz.Array{Name: lengthNames[0], Shape: square, Floats: g.matrix(g.lengths)})
	}
	if g.labels != nil {
		arrays = append(arrays, npz.Array{Name: labelNames[0], Shape: []int{g.n}, Strings: g.labels})
	}
	if g.centres != nil {
		flat := make([]float64, 0, 3*g.n)
		for _, centre := range g.centres {
			flat = append(flat, centre[:]...)
		}
		arrays = append(arrays, npz.Array{Name: centreNames[0], Shape: []int{g.n, 3}, Floats: flat})
	}
	return npz.Write(w, arrays...)
}

// matrix is the matrix [target][source], row by row, of values listed by edge.
func (g *Graph) matrix(values []float64) []float64 {
	if g.dense {
		return values
	}
	full := make([]float64, g.n*g.n)
	for e, v := range values {
		full[int(g.targets[e])*g.n+int(g.sources[e])] = v
	}
	return full
}

// output is a file to be written.
type output struct {
	path  string
	write func(io.Writer) error
}

// writeFiles writes all files beside their places, and renames them only when all are complete.
func writeFiles(outputs []output) error {
	var written []string
	defer func() {
		for _, name := range written {
			os.Remove(name) // not there any more once renamed
		}
	}()
	for _, o := range outputs {
		name, err := wholefile.Beside(o.path, o.write)
		if err != nil {
			return saveError(o.path, err)
		}
		written = append(written, name)
	}
	for i, o := range outputs {
		if err := os.Rename(written[i], o.path); err != nil {
			return saveError(o.path, err)
		}
	}
	return nil
}

// saveError says what is wrong with the place of a file.
func saveError(path string, err error) error {
	var place *fs.PathError
	var link *os.LinkError
	if !errors.As(err, &place) && !errors.As(err, &link) {
		return fmt.Errorf("graph: Save: %s: %w", path, err)
	}
	folder := filepath.Dir(path)
	remedy := "check the disk and the path"
	info, stat := os.Stat(folder)
	switch {
	case errors.Is(stat, fs.ErrNotExist):
		remedy = fmt.Sprintf("the folder %q does not exist; create it or choose another path", folder)
	case stat == nil && !info.IsDir():
		remedy = fmt.Sprintf("%q is a file, not a folder; choose another path", folder)
	case errors.Is(err, fs.ErrPermission):
		remedy = fmt.Sprintf("no permission to write in the folder %q; change its rights or choose another path", folder)
	}
	if info, stat := os.Stat(path); stat == nil && info.IsDir() {
		remedy = "it is a folder; add a file name such as connectome.npz"
	}
	return fmt.Errorf("graph: Save: cannot write %q: %s: %w", path, remedy, err)
}
