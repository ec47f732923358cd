// Package space holds axes and spaces of parameters: which values to try along which paths, for explorations, sweeps and
// starts of fits. It runs nothing.
//
// An axis is a path of a parameter tree with values: on a grid ([Grid], [LogGrid]), given ([Data]) or drawn ([Uniform],
// [Normal] …, [Draw] from any distribution with a quantile function). Axes combine to spaces:
//
//	s := space.Product(
//		space.Axis("coupling.delayed.G", space.Grid(0, 1, 32)),
//		space.Axis("dynamics.J_N", space.Uniform(0, 0.5, 32)),
//	).Seed(42)
//
// [Product] is every combination, [Zip] is side by side, a Zip inside a Product is a group of axes that vary together;
// [LatinHypercube], [Sobol] and [Halton] place draws of several axes together. All of them nest. A space has a length and
// an order, an index from either end, slices that are spaces, and iterators. Point i of a product of axes with n_1, …, n_k points
// takes the digits of i as positions, the last axis fastest:
//
//	i = (…(i_1·n_2 + i_2)·n_3 + …)·n_k + i_k
//
// A [Point] has the values by path; [Space.Tree] puts them into a copy of a parameter tree, where a path that is not there
// is an error, with a suggestion. Values made free ([Values.Free]) are the starts of a multi-start. Nothing is tabulated: a point costs time in
// proportion to the number of axes, so a space of 10⁹ points costs no more than one of ten.
//
// # Shapes
//
// A value is a number or an array. A number fills a leaf that is an array. [Values.Broadcast] gives the number to every
// element of a shape, such as [N] for one value per region; [Values.Each] draws every element on its own: N draws per point.
//
// # Draws
//
// A draw is the quantile of its distribution at a uniform number u of (0, 1). Without a design, u of value i, element e, of
// an axis is
//
//	u = b + 2⁻⁵³,  b from Philox4x32-10 as in docs/NUMERICS.md
//	key     = seed ⊕ 0x7370616365, low word first
//	counter = (i, 0, h), h the 64-bit FNV-1a hash of the path, a byte 0 and the bytes of e up to its
//	          highest, lowest first; of h the low word first
//
// so it depends on seed, path, position and element and on nothing else: other axes, the order of axes, slices and
// workers change no draw. [LatinHypercube], [Sobol] and [Halton] say how theirs are placed. The same seed gives the same bits on every
// machine, for distributions of this package.
//
// # Text and data
//
// [Parse] reads spaces from command lines, "coupling.delayed.G=0:1:32 dynamics.J_N=uniform:0:0.5:32". [Space.MarshalJSON]
// writes a space as data in a form that is always the same for the same space; [Decode] reads it and [Space.Hash] is
// its fingerprint.
//
// The paths "seed", "step" and "graph" are not leaves of a tree; they are kept for axes along the seed of a run, the
// step of its grid and the graph. Points can have them already; [Point.Set] refuses them.
package space
