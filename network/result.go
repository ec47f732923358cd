package network

import (
	"fmt"
	"math"
)

// Result is a recorded run. With groups, variables of the same name share a place, and where a region's group
// does not have a variable its data are NaN; see [Result.Group].
type Result struct {
	Time      []float64 // ms, of every sample
	Variables []string
	Regions   []string
	Data      [][][]float64 // [time][variable][region]

	origin origin // the run, for History
	groups []part
}

// part is what belongs to a group.
type part struct {
	name      string
	states    []string // of the group's model
	variables []int    // numbers of those that the group has
	nodes     []int32
}

// Group is the part of the result that belongs to a group: its variables in its regions; nil for an unknown
// name.
func (r *Result) Group(name string) *Result {
	for _, g := range r.groups {
		if g.name == name {
			return r.part(g)
		}
	}
	return nil
}

func (r *Result) part(g part) *Result {
	own := &Result{Time: r.Time, Data: make([][][]float64, len(r.Data)), origin: r.origin}
	own.origin.states = g.states
	for _, node := range g.nodes {
		own.Regions = append(own.Regions, r.Regions[node])
	}
	for _, v := range g.variables {
		own.Variables = append(own.Variables, r.Variables[v])
	}
	for t := range r.Data {
		own.Data[t] = make([][]float64, len(g.variables))
		for k, v := range g.variables {
			row := make([]float64, len(g.nodes))
			for i, node := range g.nodes {
				row[i] = r.Data[t][v][node]
			}
			own.Data[t][k] = row
		}
	}
	return own
}

// Series returns the samples of a variable region by region: [region][time]; nil for an unknown name.
func (r *Result) Series(variable string) [][]float64 {
	for v, name := range r.Variables {
		if name != variable {
			continue
		}
		series := make([][]float64, len(r.Regions))
		for i := range series {
			series[i] = make([]float64, len(r.Data))
			for t := range r.Data {
				series[i][t] = r.Data[t][v][i]
			}
		}
		return series
	}
	return nil
}

// trajectory is memory for the samples from number from on; an error if they do not fit Options.Memory.
func (s *Simulation) trajectory(from int) (Trajectory, error) {
	y := Trajectory{From: from, Rows: s.Samples() - from, Variables: len(s.assembly.variables), Nodes: s.assembly.nodes}
	bytes := 8 * float64(y.Rows) * float64(y.Variables) * float64(y.Nodes)
	if bytes > float64(s.memory()) {
		return y, fmt.Errorf("network: %d samples of %d variables in %d regions take %.4g MiB, Options.Memory is %d MiB; give more memory, shorten the run, or record less", y.Rows, y.Variables, y.Nodes, bytes/(1<<20), s.memory()>>20)
	}
	y.Data = make([]float64, y.Rows*y.Variables*y.Nodes)
	if s.assembly.absent {
		for i := range y.Data {
			y.Data[i] = math.NaN()
		}
	}
	return y, nil
}

func (s *Simulation) result(y Trajectory) *Result {
	r := &Result{origin: s.origin(), Variables: s.Variables(), Regions: s.Regions(), Time: make([]float64, y.Rows), Data: make([][][]float64, y.Rows)}
	rows := make([][]float64, y.Rows*y.Variables)
	for k := range rows {
		rows[k] = y.Data[k*y.Nodes : (k+1)*y.Nodes : (k+1)*y.Nodes]
	}
	for _, g := range s.assembly.groups {
		p := part{name: g.Name, states: g.states(), nodes: g.nodes}
		for v, name := range r.Variables {
			if g.has(name) {
				p.variables = append(p.variables, v)
			}
		}
		r.groups = append(r.groups, p)
	}
	for t := range r.Data {
		r.Time[t] = s.assembly.time(y.From + t)
		r.Data[t] = rows[t*y.Variables : (t+1)*y.Variables : (t+1)*y.Variables]
	}
	return r
}
