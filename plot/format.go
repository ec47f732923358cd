package plot

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// sheet is what a picture is drawn on, with the origin at the lower left and lengths in points.
type sheet interface {
	vg.Canvas

	// encode writes the finished picture.
	encode(w io.Writer) error
}

// format is a kind of picture file; open makes a sheet of the given size in inches.
type format struct {
	extension string
	open      func(width, height float64) sheet
}

var formats = []format{{".png", openPNG}, {".svg", openSVG}, {".pdf", openPDF}}

// formatOf is the format that the extension of path, in capitals or not, asks for.
func formatOf(path string) (format, error) {
	ext := filepath.Ext(path)
	for _, f := range formats {
		if strings.EqualFold(ext, f.extension) {
			return f, nil
		}
	}
	got := fmt.Sprintf("has the extension %q", ext)
	if ext == "" {
		got = "has no extension"
	}
	return format{}, fmt.Errorf("plot: the path %q %s; pictures are written as .png, .svg or .pdf: change the extension", path, got)
}

type svgSheet struct{ *vgsvg.Canvas }

func openSVG(width, height float64) sheet {
	return svgSheet{vgsvg.New(vg.Length(width)*vg.Inch, vg.Length(height)*vg.Inch)}
}

// encode asks for round joins, which the canvas has no way to say: the default, pointed ones, turn noise into spikes.
// Where the reader's machine lacks the font, those of equal widths take its place.
func (s svgSheet) encode(w io.Writer) error {
	var b bytes.Buffer
	if _, err := s.WriteTo(&b); err != nil {
		return err
	}
	text := bytes.Replace(b.Bytes(), []byte("<svg "), []byte(`<svg stroke-linejoin="round" `), 1)
	text = bytes.ReplaceAll(text, []byte("font-family:Liberation Sans;"),
		[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
	_, err := w.Write(text)
	return err
}
