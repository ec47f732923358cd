package main

import (
	"strings"
	"testing"
)

// Wrong input: the exit code is 2, nothing goes to standard output, and the text, of at most four lines,
// says what was got, what was wanted, and what to do.
func TestWrongInput(t *testing.T) {
	inFolder(t)
	for _, c := range []struct{ args, want string }{
		{"ft", `neurograd: unknown command "ft", did you mean "fit"?
see "neurograd help"`},
		{"simulate", `neurograd: unknown command "simulate", known: fit, run, sweep, models, graph, gradcheck, doctor, version, help
see "neurograd help"`},
		{"help ft", `neurograd help: unknown command "ft", did you mean "fit"?`},
		{"fit --sped 3", `neurograd fit: unknown flag --sped, did you mean "--speed"?
see "neurograd help fit"`},
		{"run --target 1", `neurograd run: unknown flag --target, known: --model, --solver, --record, --every, --average, --connectome, --speed, --end, --step, --sigma, --seed, --set, --params, --memory, --out, --no-plots, --json, --quiet
see "neurograd help run"`},
		{"version --json", `neurograd version: unknown flag --json
see "neurograd help version"`},
		{"fit --speed", `neurograd fit: --speed needs a value: --speed MM_PER_MS
see "neurograd help fit"`},
		{"fit now", `neurograd fit: unexpected argument "now"; fit takes flags only
see "neurograd help fit"`},
		{"fit --json=maybe", `neurograd fit: --json "maybe": wanted true or false, or no value
see "neurograd help fit"`},

		{"fit --speed fast", `neurograd fit: --speed "fast": wanted a speed in mm/ms above 0, such as 3
see "neurograd help fit"`},
		{"fit --speed 0", `neurograd fit: --speed "0": wanted a speed in mm/ms above 0, such as 3
see "neurograd help fit"`},
		{"fit --speed Inf", `neurograd fit: --speed "Inf": wanted a speed in mm/ms above 0, such as 3
see "neurograd help fit"`},
		{"run --end 10,000", `neurograd run: --end "10,000": wanted a number of ms above 0, such as 10000
see "neurograd help run"`},
		{"run --step 0", `neurograd run: --step "0": wanted a number of ms above 0, such as 4
see "neurograd help run"`},
		{"run --step 20 --end 10", `neurograd run: --step 20 ms is longer than the run of 10 ms; choose a smaller --step or a larger --end`},
		{"fit --step 20 --end 10", `neurograd fit: --step 20 ms is longer than the run of 10 ms; choose a smaller --step or a larger --end`},
		{"fit --sigma -1", `neurograd fit: --sigma "-1": wanted a number not below 0, such as 0.002
see "neurograd help fit"`},
		{"fit --seed -1", `neurograd fit: --seed "-1": wanted a whole number, at least 0
see "neurograd help fit"`},
		{"fit --end 400", `neurograd fit: the loss looks at the last 500 samples, but 400 ms in steps of 4 ms are only 100
choose --end 2000 or more, a smaller --step, or a smaller --window`},
		{"fit --window 0", `neurograd fit: --window "0": wanted a whole number, at least 1
see "neurograd help fit"`},
		{"fit --target NaN", `neurograd fit: --target "NaN": wanted a number, such as 0.5
see "neurograd help fit"`},
		{"fit --rate 0", `neurograd fit: --rate "0": wanted a number above 0, such as 0.005
see "neurograd help fit"`},
		{"fit --steps-scalar 1.5", `neurograd fit: --steps-scalar "1.5": wanted a whole number, at least 0
see "neurograd help fit"`},
		{"fit --steps-scalar 0 --steps-regional 0", `neurograd fit: --steps-scalar 0 and --steps-regional 0 leave nothing to fit; set one of them, or use "neurograd run"`},
		{"run --end 1e12", `neurograd run: 2.5e+11 steps of 4 ms with 84 recorded numbers each take 1.602e+08 MiB, --memory allows 512
choose a smaller --end or a larger --step, or raise --memory`},
		{"run --end 1e12 --memory 999999999999", `neurograd run: network: 2.5e+11 steps of 4 ms; at most 2147483648 are possible: choose a larger Step or an earlier End`},

		{"run --set dynamics.w", `neurograd run: --set "dynamics.w": wanted PATH=VALUE with a finite number, such as dynamics.w=0.6
see "neurograd help run"`},
		{"run --set dynamics.w=NaN", `neurograd run: --set "dynamics.w=NaN": wanted PATH=VALUE with a finite number, such as dynamics.w=0.6
see "neurograd help run"`},
		{"run --set dynamics.ww=1", `neurograd run: --set dynamics.ww=1: there is no parameter "dynamics.ww", did you mean "dynamics.w"?`},
		{"run --set J_N=1", `neurograd run: --set J_N=1: there is no parameter "J_N", did you mean "dynamics.J_N"?`},
		{"run --set graph.speed=3", `neurograd run: --set graph.speed=3: there is no parameter "graph.speed" in a network without delays; --speed turns them on`},
		{"run --quiet --speed 3 --set graph.speed=-3", `neurograd run: network: graph.speed is -3 mm/ms; it must be > 0`},
		{"run --quiet --set noise.sigma=-1", `neurograd run: network: noise.sigma is -1; it must not be negative`},
		{"run --params nowhere.json", `neurograd run: --params "nowhere.json": there is no such file; give a parameters.json that fit has written`},
		{"run --params text.json", `neurograd run: --params "text.json": param: JSON, before byte 0: invalid character 'h' looking for beginning of value; wanted {"path": {"value": …}, …} as Tree.WriteJSON writes it
give a parameters.json that fit has written, and the same --connectome and --speed`},
		{"run --params other.json", `neurograd run: --params "other.json": param: no leaf "dynamics.A", did you mean "dynamics.a"? Tree.Paths lists all
give a parameters.json that fit has written, and the same --connectome and --speed`},

		{"run --model JansenRitt", `neurograd run: --model "JansenRitt": unknown model, did you mean "JansenRit"?
see "neurograd help run"`},
		{"run --solver hune", `neurograd run: --solver "hune": unknown solver, did you mean "heun"?
see "neurograd help run"`},
		{"run --record S,,", `neurograd run: --record "S,,": wanted names separated by commas, such as S,H
see "neurograd help run"`},
		{"run --record s", `neurograd run: network: cannot record "s": model ReducedWongWang has no such state or auxiliary, did you mean "S"?`},
		{"run --record S,S", `neurograd run: network: "S" is to be recorded twice; name it once`},

		{"models show wongwang", `neurograd models: unknown model "wongwang", did you mean "ReducedWongWang"?`},
		{"models show", `neurograd models: show takes the name of one model, got 0; known: ReducedWongWang, JansenRit, Generic2dOscillator`},
		{"models list", `neurograd models: unknown word "list", wanted "show"; to show a model: neurograd models show ReducedWongWang`},
		{"models --latex", `neurograd models: --latex prints the equations of one model; name it: neurograd models show ReducedWongWang --latex`},
		{"graph", `neurograd graph: nothing to do is named
wanted: neurograd graph show FILE, or: neurograd graph convert FILE OUT`},
		{"graph convert three.npz", `neurograd graph: convert takes two files, got 1
wanted: neurograd graph show FILE, or: neurograd graph convert FILE OUT`},
		{"graph show nowhere.npz", `neurograd graph: "nowhere.npz": there is no such file; check the path`},
		{"graph show nolengths.npz --speed 3", `neurograd graph: --speed 3: nolengths.npz has no tract lengths, so there are no delays; leave out --speed, or add lengths in mm`},
		{"graph convert three.npz x.npz --speed 3", `neurograd graph: --speed 3: files hold lengths, no speed; leave it out, and give it to the command that reads x.npz`},
		{"graph convert nan.npz x.npz", `neurograd graph: graph: weight from "middle" to "left" is NaN; weights must be finite numbers: mend the data or set it to 0
(in nan.npz)`},
		{"gradcheck --free J_N", `neurograd gradcheck: --free J_N: there is no parameter "J_N", did you mean "dynamics.J_N"?`},
		{"gradcheck --free a,,b", `neurograd gradcheck: --free "a,,b": wanted paths separated by commas, such as dynamics.w,noise.sigma
see "neurograd help gradcheck"`},
		{"gradcheck --quiet --connectome three.npz --speed 3 --free graph.speed", `neurograd gradcheck: --free graph.speed: network: graph.speed is free, but delays are read at the nearest step, whose derivative with respect to delays is 0
leave it out of --free`},

		{"run --out file", `neurograd run: --out "file" is a file, a folder is wanted; choose another name`},
		{"run --out=", `neurograd run: --out "": wanted the name of a folder
see "neurograd help run"`},

		{"run --connectome nowhere.npz", `neurograd run: --connectome "nowhere.npz": there is no such file; check the path, or leave it out for the example`},
		{"run --connectome table.csv", `neurograd run: graph: table.csv holds 1 rows of 2 numbers;
a square matrix is wanted, one line per target, one column per source (cells are separated by ",")`},
		{"run --connectome folder.npz", `neurograd run: graph: npz: folder.npz is not a regular file`},
		{"run --connectome garbage.npz", `neurograd run: graph: npz: garbage.npz (18 bytes) is no .npz archive: zip: not a valid zip file
it may be truncated or of another format: write it with numpy.savez`},
		{"run --connectome truncated.npz", `neurograd run: graph: npz: truncated.npz (515 bytes) is no .npz archive: zip: not a valid zip file
it may be truncated or of another format: write it with numpy.savez`},
		{"run --connectome noweights.npz", `neurograd run: graph: noweights.npz: no member "weights"; it holds: "lengths"`},
		{"run --connectome nan.npz", `neurograd run: graph: weight from "middle" to "left" is NaN; weights must be finite numbers: mend the data or set it to 0
(in nan.npz)`},
		{"run --connectome negative.npz", `neurograd run: graph: length from "right" to "middle" is -30 mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract
(in negative.npz)`},
		{"run --connectome oblong.npz", `neurograd run: graph: row 1 ("R01") of the weights has 3 entries, 2 are wanted: the matrix must be square, one row per target, one column per source
(in oblong.npz)`},
		{"run --connectome zero.npz", `neurograd run: --connectome "zero.npz": all weights are 0, so no region receives anything; mend the member "weights"`},
		{"run --connectome twice.npz", `neurograd run: graph: regions 1 and 2 are both labelled "left": labels must differ
(in twice.npz)`},
		{"run --connectome two_labels.npz", `neurograd run: graph: 2 labels for 3 regions: give one label per region
(in two_labels.npz)`},
		{"run --connectome nolengths.npz --speed 3", `neurograd run: --speed 3: nolengths.npz has no tract lengths, so there are no delays; leave out --speed, or add the member "lengths" in mm`},
		{"run --connectome three.npz --speed 1e-9", `neurograd run: network: the delay of 1e+10 ms from middle to left takes a history of 2.5e+09 steps, more than --memory (512 MiB) holds
raise the speed or the step, or give more memory`},
	} {
		stdout, stderr, code := neurograd(t, strings.Fields(c.args)...)
		if code != exitInput || stdout != "" || stderr != c.want+"\n" {
			t.Errorf("neurograd %s: exit code %d, standard output %q\ngot:\n%swant:\n%s", c.args, code, stdout, stderr, c.want)
		}
		if lines := strings.Count(stderr, "\n"); lines > 4 {
			t.Errorf("neurograd %s: %d lines", c.args, lines)
		}
	}
}

// The reason why a folder cannot be made is in the words of the operating system.
func TestUnwritableFolder(t *testing.T) {
	inFolder(t)
	_, stderr, code := neurograd(t, "run", "--out", "file/below")
	if code != exitInput || !strings.HasPrefix(stderr, `neurograd run: --out "file/below": `) || !strings.HasSuffix(stderr, "; choose a folder that can be written\n") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// A run that fails: the exit code is 1, and the text names what went wrong, when and where.
func TestFailedRuns(t *testing.T) {
	inFolder(t)
	for _, c := range []struct{ args, want string }{
		{"run --set dynamics.I_o=1e308", `neurograd run: network: the run diverged: S of left is not finite at 4 ms
first not finite: dynamics.d*(dynamics.a*(…*x.S + dynamics.I_o + dynamics.J_N*(… + coupling.delayed.b)) - dynamics.b) = +Inf
try a smaller step, or parameters nearer to their ranges`},
		{"fit --set dynamics.I_o=1e308", `neurograd fit: network: the run diverged: S of left is not finite at 4 ms
first not finite: dynamics.d*(dynamics.a*(…*x.S + dynamics.I_o + dynamics.J_N*(… + coupling.delayed.b)) - dynamics.b) = +Inf
try a smaller step, or parameters nearer to their ranges`},
		{"run --model generic2doscillator --step 200", `neurograd run: network: the run diverged: V of left is not finite at 800 ms
first not finite: x.V^3 = -Inf
try a smaller step, or parameters nearer to their ranges`},
	} {
		args := append(strings.Fields(c.args), "--connectome", "three.npz", "--quiet")
		stdout, stderr, code := neurograd(t, args...)
		if code != exitFailed || stdout != "" || stderr != c.want+"\n" {
			t.Errorf("neurograd %s: exit code %d, standard output %q\ngot:\n%swant:\n%s", c.args, code, stdout, stderr, c.want)
		}
	}
}

// A fit that fails on its way keeps the best parameters it found.
func TestFailedFit(t *testing.T) {
	inFolder(t)
	_, stderr, code := neurograd(t, "fit", "--connectome", "three.npz", "--end", "2000", "--rate", "1e300", "--quiet")
	if code != exitFailed || !strings.HasPrefix(stderr, "neurograd fit: optim: fit failed at step 1 of 50: loss is +Inf") ||
		!strings.Contains(stderr, "\nthe best parameters so far (loss 0.0") || !strings.Contains(stderr, "parameters.json\n") {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
	succeed(t, "run", "--connectome", "three.npz", "--end", "40", "--quiet", "--params", "neurograd-out/parameters.json")
}
