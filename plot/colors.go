package plot

import (
	"image/color"
	"strconv"
	"strings"
)

// The colour maps of Matplotlib (public domain, CC0), every eighth colour. Equal steps of a number look equal, in grey
// and to most colour-blind readers too.
const (
	viridis = `440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d 2f6a8e 2c728e 297a8e 26818e 23898e 21908c
		1f988b 1f9f88 21a685 28ae80 31b57b 3ebc74 4cc26c 5dc963 6ece58 82d34c 96d83f abdc32 c0df24 d5e21a eae51a fde725`
	cividis = `00224e 00285b 002e6a 043371 1a386f 273e6e 32436d 3b496c 434e6c 4b546c 52596d 5a5f6e 61656f 686a71 6f7073 757676 7c7b78
		848179 8b8778 938d78 9b9376 a39a75 aba072 b3a670 bbad6c c3b469 ccba64 d4c15f ddc958 e6d051 efd748 f8df3c fee838`
)

// Viridis is a colour map from dark violet by green to yellow, for [HeatMap.Colors].
func Viridis() []color.Color { return colorMap(viridis) }

// Cividis is a colour map from dark blue by grey to yellow that looks alike with and without colour blindness, for
// [HeatMap.Colors].
func Cividis() []color.Color { return colorMap(cividis) }

func colorMap(text string) []color.Color {
	var colors []color.Color
	for _, hex := range strings.Fields(text) {
		n, _ := strconv.ParseUint(hex, 16, 32) // the constants above
		colors = append(colors, color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255})
	}
	return colors
}

// mix is the colour at 0 ≤ at ≤ 1 of a map, on the straight line between two of its colours.
func mix(colors []color.Color, at float64) color.Color {
	position := min(max(at, 0), 1) * float64(len(colors)-1)
	k := min(int(position), max(len(colors)-2, 0))
	a := color.NRGBAModel.Convert(colors[k]).(color.NRGBA)
	b := color.NRGBAModel.Convert(colors[min(k+1, len(colors)-1)]).(color.NRGBA)
	part := func(x, y uint8) uint8 {
		return uint8(float64(x) + (position-float64(k))*(float64(y)-float64(x)) + 0.5)
	}
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: part(a.A, b.A)}
}
