package network

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/stimulus"
)

// Group is a part of a network's regions that have a model in common. Its values have paths that begin
// with groups.<Name>, for example groups.thalamus.dynamics.a.
type Group struct {
	Name string
	// Regions are labels of the graph; every region belongs to exactly one group. Arrays with one value per
	// region list the group's regions in the order of the graph.
	Regions  []string
	Dynamics models.Model
	Noise    noise.Additive
	Stimulus stimulus.Set
	History  [][][]float64 // as Network.History, [row][state][region of the group]; for all groups or none
}

// Route couples the senders of one group to the receivers of another, or of the same, along the graph's
// edges between them. Several routes may enter the same input and add up.
type Route struct {
	From, To string
	Coupling coupling.Coupling
	// Name is the coupling's in paths, coupling.<Name>.G; "" stands for From_To. The coupling enters the
	// input of that name unless its Into says otherwise.
	Name string
}

// group is a group in its place.
type group struct {
	Group
	number    int
	prefix    string  // of its paths: "groups.<name>.", or "" in a network without groups
	mark      string  // of its symbols: "<name>.", or ""
	nodes     []int32 // numbers of its regions in the graph
	equations *ad.Equations
	stimuli   map[string]*ad.Equations
	sampled   map[string]*sampled // by external input
	noisy     []string            // noisy states, in the order of sigma's rows
	firstX    int                 // place of its first state among those of all groups

	auxiliaries map[string]ad.Expr // of the first stage
	firstStage  int                // the operation that evaluates it
}

// link is a route between groups in their places.
type link struct {
	name     string
	from, to *group
	coupling coupling.Coupling
}

// declare turns what the network says into groups and links: a network without groups is one group.
func (a *assembly) declare() error {
	n := a.net
	if n.Groups == nil {
		if n.Routes != nil {
			return errors.New("network: Routes without Groups; name the groups that the routes join, or use Coupling")
		}
		return a.declareOne()
	}
	if n.Dynamics.States != nil || n.Coupling != nil || n.Noise.Sigma != nil || n.Noise.States != nil || n.Stimulus != nil || n.History != nil {
		return errors.New("network: both Groups and a network-wide Dynamics, Coupling, Noise, Stimulus or History are given\ngive each group its own, and couplings as Routes")
	}
	owner := make([]string, a.net.Graph.N())
	for _, declared := range n.Groups {
		g, err := a.declareGroup(declared, owner)
		if err != nil {
			return err
		}
		a.groups = append(a.groups, g)
	}
	for node, name := range owner {
		if name == "" {
			return fmt.Errorf("network: region %q is in no group; every region belongs to one", a.net.Graph.Labels()[node])
		}
	}
	return a.declareRoutes()
}

func (a *assembly) declareOne() error {
	n := a.net
	g := &group{Group: Group{Dynamics: n.Dynamics, Noise: n.Noise, Stimulus: n.Stimulus, History: n.History}}
	for node := range n.Graph.N() {
		g.nodes = append(g.nodes, int32(node))
	}
	a.groups = []*group{g}
	names := make([]string, 0, len(n.Coupling))
	for name := range n.Coupling {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a.links = append(a.links, link{name, g, g, n.Coupling[name]})
	}
	return nil
}

// declareGroup checks a group and marks its regions in owner.
func (a *assembly) declareGroup(declared Group, owner []string) (*group, error) {
	name := declared.Name
	if !isWord(name) {
		return nil, fmt.Errorf("network: %q cannot name a group; use a word such as \"cortex\"", name)
	}
	if a.group(name) != nil {
		return nil, fmt.Errorf("network: two groups are named %q; name them differently", name)
	}
	g := &group{Group: declared, number: len(a.groups), prefix: "groups." + name + ".", mark: name + "."}
	labels := a.net.Graph.Labels()
	if len(declared.Regions) == 0 {
		return nil, fmt.Errorf("network: group %q has no regions; give labels of the graph, such as %q", name, labels[0])
	}
	for _, label := range declared.Regions {
		node := slices.Index(labels, label)
		if node < 0 {
			return nil, fmt.Errorf("network: group %q names region %q, which the graph does not have%s", name, label, suggest.Hint(label, labels))
		}
		if owner[node] != "" {
			return nil, fmt.Errorf("network: region %q is in group %q and again in %q; every region belongs to one", label, owner[node], name)
		}
		owner[node] = name
		g.nodes = append(g.nodes, int32(node))
	}
	slices.Sort(g.nodes)
	return g, nil
}

func (a *assembly) declareRoutes() error {
	groups := make([]string, len(a.groups))
	for i, g := range a.groups {
		groups[i] = g.Name
	}
	for i, r := range a.net.Routes {
		l := link{r.Name, a.group(r.From), a.group(r.To), r.Coupling}
		for k, end := range []*group{l.from, l.to} {
			if name := []string{r.From, r.To}[k]; end == nil {
				return fmt.Errorf("network: route %d names group %q, which there is not%s", i, name, suggest.Hint(name, groups))
			}
		}
		if l.name == "" {
			l.name = r.From + "_" + r.To
		}
		if slices.ContainsFunc(a.links, func(other link) bool { return other.name == l.name }) {
			return fmt.Errorf("network: two routes are named %q; give each its own Name", l.name)
		}
		a.links = append(a.links, l)
	}
	return nil
}

// group is the group of a name, nil if there is none.
func (a *assembly) group(name string) *group {
	for _, g := range a.groups {
		if g.Name == name {
			return g
		}
	}
	return nil
}

// isWord reports whether a name can be a part of a path and of a symbol.
func isWord(name string) bool { return name != "" && !strings.ContainsAny(name, ".*:@# \t\n") }

func (g *group) states() []string { return stateNames(g.Dynamics) }

func stateNames(m models.Model) []string {
	names := make([]string, len(m.States))
	for i, s := range m.States {
		names[i] = s.Name
	}
	return names
}

// x is the state at the start of a step as a symbol, n at its end, z its unit normal.
func (g *group) x(state string) string { return "x." + g.mark + state }
func (g *group) n(state string) string { return "n." + g.mark + state }
func (g *group) z(state string) string { return "z." + g.mark + state }

// at marks a symbol with the stage that it belongs to.
func at(stage int) string { return "@" + strconv.Itoa(stage) }

// of is the part of all groups' states, or of expressions for them, that belongs to the group.
func of[T any](g *group, all []T) []T { return all[g.firstX : g.firstX+len(g.Dynamics.States)] }
