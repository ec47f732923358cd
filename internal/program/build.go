package program

// levelOf orders the levels: what is computed once comes before what is computed in every step, and
// within a rate a level comes after those of smaller kinds.
func levelOf(r Rate, k Kind) int { return int(r)*4 + int(k) }

// Build splits the recorded values that the outputs need into levels. A value belongs to the level of
// its own rate and kind; a level reads what earlier ones left in slots.
func (b *Builder) Build(outputs []Output) *Program {
	p := &Program{Inputs: b.inputs, Outputs: outputs, values: len(b.values)}
	needed := b.reachable(outputs)
	slotOf := b.slots(p, needed)

	var levels [8]Level
	var loaded [8]map[Ref]bool
	for r := Once; r <= Step; r++ {
		for k := Uniform; k <= Full; k++ {
			levels[levelOf(r, k)] = Level{Rate: r, Kind: k}
			loaded[levelOf(r, k)] = map[Ref]bool{}
		}
	}
	load := func(l int, ref Ref) {
		v := b.values[ref]
		if loaded[l][ref] || v.op < input && levelOf(v.rate, v.kind) == l {
			return
		}
		loaded[l][ref] = true
		from := Load{Dst: ref, Kind: v.kind}
		switch v.op {
		case input:
			from.From, from.Index = FromInput, v.index
		case constant:
			from.From, from.Value = FromConstant, v.konst
		default:
			from.From, from.Index = FromSlot, slotOf[ref]
		}
		levels[l].Loads = append(levels[l].Loads, from)
	}
	for ref, v := range b.values {
		if !needed[ref] || v.op >= input {
			continue
		}
		l := levelOf(v.rate, v.kind)
		for _, a := range v.args[:v.arity] {
			load(l, a)
		}
		levels[l].Code = append(levels[l].Code, Instr{v.op, Ref(ref), v.args[0], v.args[1], v.args[2]})
		if s, ok := slotOf[Ref(ref)]; ok {
			levels[l].Stores = append(levels[l].Stores, Store{Src: Ref(ref), Slot: true, Index: s, Kind: v.kind, Source: v.kind})
		}
	}
	for i, out := range outputs {
		v := b.values[out.Value]
		l := levelOf(v.rate, out.Kind|v.kind)
		load(l, out.Value)
		levels[l].Stores = append(levels[l].Stores, Store{Src: out.Value, Index: i, Kind: out.Kind, Source: v.kind})
	}
	for _, l := range levels {
		if len(l.Stores) > 0 {
			p.Levels = append(p.Levels, l)
		}
	}
	for i := range p.Levels {
		p.assigned = append(p.assigned, assign(&p.Levels[i], p.values))
	}
	return p
}

func (b *Builder) reachable(outputs []Output) []bool {
	needed := make([]bool, len(b.values))
	for _, o := range outputs {
		needed[o.Value] = true
	}
	for ref := len(b.values) - 1; ref >= 0; ref-- {
		if needed[ref] {
			v := b.values[ref]
			for _, a := range v.args[:v.arity] {
				needed[a] = true
			}
		}
	}
	return needed
}

// slots gives a slot to every value that another level reads.
func (b *Builder) slots(p *Program, needed []bool) map[Ref]int {
	slotOf := map[Ref]int{}
	give := func(ref Ref, reader int) {
		v := b.values[ref]
		if v.op >= input || levelOf(v.rate, v.kind) == reader {
			return
		}
		if _, ok := slotOf[ref]; !ok {
			slotOf[ref] = len(p.Slots)
			p.Slots = append(p.Slots, v.kind)
		}
	}
	for ref, v := range b.values {
		if !needed[ref] || v.op >= input {
			continue
		}
		for _, a := range v.args[:v.arity] {
			give(a, levelOf(v.rate, v.kind))
		}
	}
	for _, o := range p.Outputs {
		v := b.values[o.Value]
		give(o.Value, levelOf(v.rate, o.Kind|v.kind))
	}
	return slotOf
}
