package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/sweep"
)

// small is a sweep that takes no time.
var small = strings.Fields("sweep run --quiet --end 80 --axis coupling.delayed.G=0:1:3 --axis dynamics.J_N=0.1,0.3 --observe mean:last=10 --observe regions:last=10")

// A sweep, its continuation, and its shards merged give the same files; each format holds the table.
func TestSweep(t *testing.T) {
	inFolder(t)
	succeed(t, append(small, "--out", "whole")...)
	first := sameStore(t, "whole")
	succeed(t, append(small, "--out", "whole", "--workers", "1", "--lanes", "1")...)
	if sameStore(t, "whole") != first {
		t.Error("a second start changed the store")
	}
	for _, shard := range []string{"1/2", "2/2"} {
		succeed(t, append(small, "--out", "part"+shard[:1], "--shard", shard)...)
	}
	succeed(t, "sweep", "merge", "part2", "part1", "--out", "merged", "--quiet")
	if sameStore(t, "merged") != first {
		t.Error("the merged shards are not the whole")
	}
	text := succeed(t, "sweep", "show", "whole")
	if !strings.Contains(text, "whole: 6 rows\naxis coupling.delayed.G: 0 to 1,") || !strings.Contains(text, "result regions [84]:") {
		t.Errorf("show printed\n%s", text)
	}
	table, err := sweep.ReadCSV(strings.NewReader(succeed(t, "sweep", "show", "whole", "--format", "csv")))
	if err != nil || table.Len() != 6 {
		t.Errorf("CSV: error %v", err)
	}
	for _, format := range []string{"jsonl", "npz", "parquet"} {
		if succeed(t, "sweep", "show", "whole", "--format", format) == "" {
			t.Errorf("%s: nothing", format)
		}
	}
	if text := succeed(t, "sweep", "best", "whole", "--rows", "2", "--largest"); !strings.Contains(text, "\n5  ") || !strings.HasSuffix(text, "\nto go on from the first: neurograd run --set coupling.delayed.G=1 --set dynamics.J_N=0.3\n") {
		t.Errorf("best printed\n%s", text)
	}
	succeed(t, "sweep", "plot", "whole", "--out", "pictures", "--quiet")
	if info, err := os.Stat("pictures/sweep.png"); err != nil || info.Size() == 0 {
		t.Errorf("picture: %v", err)
	}
}

// sameStore is a store's files in one text.
func sameStore(t *testing.T, dir string) string {
	t.Helper()
	text := ""
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(dir + "/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		text += e.Name() + "\n" + string(data)
	}
	return text
}

// The seed and the step can be axes; progress is lines, JSON objects with --json.
func TestSweepSetups(t *testing.T) {
	inFolder(t)
	text := succeed(t, "sweep", "run", "--end", "40", "--axis", "seed=1,2", "--axis", "step=2,4", "--observe", "mean", "--out", "s")
	if !strings.Contains(text, "\n0/4 rows\n4/4 rows, ") || !strings.Contains(text, "axis step: 2 to 4") {
		t.Errorf("it printed\n%s", text)
	}
	lines := strings.Split(strings.TrimSpace(succeed(t, "sweep", "run", "--end", "40", "--axis", "seed=1,2", "--axis", "step=2,4", "--observe", "mean", "--out", "s", "--json", "--quiet")), "\n")
	var last progressReport
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Event != "done" || last.Resumed != 4 || last.Done != 4 || last.Total != 4 {
		t.Errorf("it printed\n%s", strings.Join(lines, "\n"))
	}
}

func TestSweepWrongInput(t *testing.T) {
	inFolder(t)
	succeed(t, append(small, "--out", "whole")...)
	succeed(t, append(small, "--out", "half", "--shard", "1/2")...)
	if err := os.Mkdir("full", 0o755); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"full/x.txt": "x", "file": "x"} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ready := strings.Join(small[:5], " ") + " --out new --observe mean "
	for _, c := range []struct{ args, want string }{
		{"sweep", "nothing to do is named; wanted one of: sweep run, sweep show, sweep best, sweep plot, sweep merge\nsee \"neurograd help sweep\""},
		{"sweep rnu", "unknown word \"rnu\", known: run, show, best, plot, merge\nsee \"neurograd help sweep\""},
		{"sweep show", "sweep show with 0 folders; wanted: neurograd sweep show DIR\nsee \"neurograd help sweep\""},
		{"sweep show nowhere", "nowhere is not the store of a sweep: it holds no manifest.json\nname a folder that a sweep has written"},
		{"sweep show full", "full is not the store of a sweep: it holds no manifest.json\nname a folder that a sweep has written"},
		{"sweep show whole --axis a=1", "sweep show takes no --axis; it takes --format, --json, --quiet\nsee \"neurograd help sweep\""},
		{strings.Join(small, " "), "no folder for the rows; name one that does not exist yet, or one to go on with: --out DIR"},
		{ready, "no axis; give one or more, such as --axis coupling.delayed.G=0:1:32"},
		{"sweep run --out new --axis coupling.delayed.G=0:1:3", "nothing is observed; give one or more, such as --observe mean:last=500"},
		{ready + "--axis coupling.delayed.GG=0:1:3", "--axis coupling.delayed.GG: there is no parameter \"coupling.delayed.GG\", did you mean \"coupling.delayed.G\"?"},
		{ready + "--axis graph.speed=1,2", "--axis graph.speed: there is no parameter \"graph.speed\" in a network without delays; --speed turns them on"},
		{ready + "--axis coupling.delayed.G=0:1:0", "axis \"coupling.delayed.G\": 0 values\n  coupling.delayed.G=0:1:0\n  ^^^^^^^^^^^^^^^^^^^^^^^^\n  wanted at least 1 and at most 2³¹−1"},
		{ready + "--axis coupling.delayed.G=0:1:1", "--axis \"coupling.delayed.G=0:1:1\": a grid of one value leaves out its upper bound; wanted at least 2 values, or coupling.delayed.G= and the one value\nsee \"neurograd help sweep\""},
		{ready + "--axis coupling.delayed.G=NaN,1", "axis \"coupling.delayed.G\": NaN among the values\n  coupling.delayed.G=NaN,1\n  ^^^^^^^^^^^^^^^^^^^^^^^^\n  wanted finite numbers: mend the data or leave the value out"},
		{ready + "--axis seed=1.5", "--axis seed: 1.5; wanted whole numbers, at least 0"},
		{ready + "--axis step=0", "--axis step: 0 ms; wanted numbers of ms above 0"},
		{ready + "--axis step=100", "setup 0, step=100: --step 100 ms is longer than the run of 80 ms; choose a smaller --step or a larger --end"},
		{ready + "--axis coupling.delayed.G=1 --observe mean", "--observe \"mean\": there is a result named \"mean\" already; add a name of its own, such as mean:name=mean2"},
		{ready + "--axis coupling.delayed.G=1 --observe maen", "--observe \"maen\": unknown observation; wanted mean, regions or error"},
		{ready + "--axis coupling.delayed.G=1 --observe error", "--observe \"error\": wanted target=X with error, and with nothing else, such as error:last=500:target=0.5"},
		{ready + "--axis coupling.delayed.G=1 --observe regions:last=500", "regions: observe: Last(500) on a run of 20 samples; wanted a window no longer than the run: let the run end later or take fewer samples"},
		{ready + "--shard 5/4", "--shard \"5/4\": shard 5/4; shards are counted from 1 to 4\nsee \"neurograd help sweep\""},
		{ready + "--shard 0/4", "--shard \"0/4\": shard 0/4; shards are counted from 1 to 4\nsee \"neurograd help sweep\""},
		{ready + "--shard 1/0", "--shard \"1/0\": shard 1/0; wanted a number of shards of at least 1, such as 1/4\nsee \"neurograd help sweep\""},
		{ready + "--axis coupling.delayed.G=1 --shard 1/2", "shard 1/2 of 1 rows has none; use at most 1 shards"},
		{strings.Join(small, " ") + " --out full", "the folder full holds x.txt and is no store; name an empty folder or one that does not exist"},
		{strings.Join(small, " ") + " --out file", "--out \"file\" is a file, a folder is wanted; choose another name"},
		{strings.Join(small, " ") + " --out whole --end 90", "the store whole is of another sweep:\n  grid.End: 80 there, 90 here\nchoose another folder, or go back to what was"},
		{strings.Join(small, " ") + " --out whole --axis dynamics.w=0.5,0.6", "the store whole is of another sweep:\n  space: product(coupling.delayed.G=0:1:3 dynamics.J_N=0.1,0.3) there, product(coupling.delayed.G=0:1:3 dynamics.J_N=0.1,0.3 dynami… here\nchoose another folder, or go back to what was"},
		{strings.Join(small, " ") + " --out half", "the store half holds rows 0 to 2, this shard has 0 to 5; give each shard a folder of its own"},
		{"sweep merge half --out new", "rows 3 to 5 are in none of the stores; name the folders of all shards"},
		{"sweep merge half half --out new", "half and half both hold row 0; name each shard once"},
		{"sweep merge whole --out half", "the folder half is not empty; name a new one for the merged store"},
		{"sweep best whole --result maen", "--result \"maen\": the table has no such result of one number, did you mean \"mean\"?"},
		{"sweep plot whole --x dynamics.w", "--x \"dynamics.w\" is no axis that varies, did you mean \"dynamics.J_N\"?"},
	} {
		stdout, stderr, code := neurograd(t, strings.Fields(c.args)...)
		if want := "neurograd sweep: " + c.want + "\n"; stderr != want || code != exitInput {
			t.Errorf("neurograd %s: exit code %d\n%s\nwant\n%s", c.args, code, stderr, want)
		}
		if stdout != "" {
			t.Errorf("neurograd %s: standard output\n%s", c.args, stdout)
		}
	}
	if _, err := os.Stat("new"); err == nil {
		t.Error("wrong input left a folder")
	}
}
