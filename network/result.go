package network

import "fmt"

// Result is a recorded run.
type Result struct {
	Time      []float64 // ms, of every sample
	Variables []string
	Regions   []string
	Data      [][][]float64 // [time][variable][region]

	origin origin // the run, for History
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
	y := Trajectory{From: from, Rows: s.Steps() - from, Variables: len(s.assembly.spec.Record), Nodes: s.assembly.nodes}
	bytes := 8 * float64(y.Rows) * float64(y.Variables) * float64(y.Nodes)
	if bytes > float64(s.memory()) {
		return y, fmt.Errorf("network: %d samples of %d variables in %d regions take %.4g MiB, Options.Memory is %d MiB; give more memory, shorten the run, or record less", y.Rows, y.Variables, y.Nodes, bytes/(1<<20), s.memory()>>20)
	}
	y.Data = make([]float64, y.Rows*y.Variables*y.Nodes)
	return y, nil
}

func (s *Simulation) result(y Trajectory) *Result {
	r := &Result{origin: s.origin(), Variables: s.Variables(), Regions: s.Regions(), Time: make([]float64, y.Rows), Data: make([][][]float64, y.Rows)}
	rows := make([][]float64, y.Rows*y.Variables)
	for k := range rows {
		rows[k] = y.Data[k*y.Nodes : (k+1)*y.Nodes : (k+1)*y.Nodes]
	}
	grid, first := s.assembly.grid, s.assembly.spec.First+y.From
	if grid.Record == AfterStep {
		first++
	}
	for t := range r.Data {
		r.Time[t] = grid.Start + float64(float64(first+t)*grid.Step)
		r.Data[t] = rows[t*y.Variables : (t+1)*y.Variables : (t+1)*y.Variables]
	}
	return r
}
