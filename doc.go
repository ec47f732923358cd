// Package neurograd is the root of the module and holds nothing but the tests of its structure: which
// package may import which, how long a file may be, that every name is explained, and that compiled code
// rounds as written.
//
// A program begins with package graph (the brain network), models and coupling (what runs on it), network
// (simulation and gradients), observe and optim (loss and fit). README.md has the first page of one,
// docs/ARCHITECTURE.md the map.
package neurograd
