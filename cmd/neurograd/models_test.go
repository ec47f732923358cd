package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/models"
)

func TestModelsList(t *testing.T) {
	stdout := succeed(t, "models")
	want := "model                states  parameters  source\nReducedWongWang      1       8           Deco, Ponce-Alvarez, "
	if !strings.HasPrefix(stdout, want) || strings.Count(stdout, "\n") != 1+len(models.All()) {
		t.Errorf("got:\n%s", stdout)
	}
	var r struct{ Models []modelLine }
	if err := json.Unmarshal([]byte(succeed(t, "models", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	for k, m := range models.All() {
		if got := r.Models[k]; got.Name != m.Name || got.States != len(m.States) || got.Parameters != len(m.Params) || got.DOI != m.DOI {
			t.Errorf("%s: %+v", m.Name, got)
		}
	}
}

func TestModelsShow(t *testing.T) {
	want := `ReducedWongWang
Deco, Ponce-Alvarez, Mantini, Romani, Hagmann, Corbetta (2013): Resting-state functional connectivity emerges from structurally and dynamically shaped slow linear fluctuations. J Neurosci 33
DOI 10.1523/JNEUROSCI.1091-13.2013

state  initial  unit  range   meaning
S      0.1      -     0 to 1  fraction of open NMDA channels (synaptic gating)

parameter  default  unit    range      meaning
a          0.27     kHz/nA  0 to 0.27  slope of the input function H
b          0.108    kHz     0 to 1     threshold of the input function H
d          154      ms      0 to 200   curvature of the input function H
gamma      0.641    -       0 to 1     kinetic parameter
tau_s      100      ms      50 to 150  NMDA decay time
w          0.6      -       0 to 1     excitatory recurrence
J_N        0.2609   nA      0 to 0.5   synaptic coupling
I_o        0.33     nA      0 to 1     external input current

input    kind     symbols
instant  instant  c_instant
delayed  delayed  c_delayed

auxiliaries (can be recorded): H

equations
  x = w*J_N*S + I_o + J_N*c_instant + J_N*c_delayed
  H = linoid(d*(a*x - b)) * (1/d)
  dS/dt = -S/tau_s + (1 - S)*H*gamma
`
	if got := succeed(t, "models", "show", "reducedWONGwang"); got != want {
		t.Errorf("got:\n%s", got)
	}
}

// Every model can be shown in each form; flags may stand before and after the words.
func TestModelsShowAll(t *testing.T) {
	for _, m := range models.All() {
		text := succeed(t, "models", "show", m.Name)
		for _, p := range m.Params {
			if !strings.Contains(text, "\n"+p.Name+" ") || !strings.Contains(text, p.Meaning) {
				t.Errorf("%s: %s is missing:\n%s", m.Name, p.Name, text)
			}
		}
		latex := succeed(t, "models", "--latex", "show", m.Name)
		if rows := strings.Count(latex, `\dot{`); rows != len(m.States) || !strings.HasPrefix(latex, `\begin{align}`) {
			t.Errorf("%s: %d derivatives:\n%s", m.Name, rows, latex)
		}
		var r modelReport
		if err := json.Unmarshal([]byte(succeed(t, "models", "show", m.Name, "--json")), &r); err != nil {
			t.Fatal(err)
		}
		if r.LaTeX+"\n" != latex || len(r.States) != len(m.States) || len(r.Parameters) != len(m.Params) || len(r.Inputs) != len(m.Inputs)+len(m.External) {
			t.Errorf("%s: %+v", m.Name, r)
		}
	}
}
