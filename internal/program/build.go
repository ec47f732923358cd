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

	levels := b.levels(needed)
	loaded := make([]uint8, len(b.values)) // bit l: by level l
	load := func(l int, ref Ref) {
		v := &b.values[ref]
		if loaded[ref]>>l&1 == 1 || v.op < input && levelOf(v.rate, v.kind) == l {
			return
		}
		loaded[ref] |= 1 << l
		from := Load{Dst: ref, Kind: v.kind}
		switch v.op {
		case input:
			from.From, from.Index = FromInput, int(v.index)
		case constant:
			from.From, from.Value = FromConstant, v.konst
		default:
			from.From, from.Index = FromSlot, int(slotOf[ref])
		}
		levels[l].Loads = append(levels[l].Loads, from)
	}
	for ref := range b.values {
		v := &b.values[ref]
		if !needed[ref] || v.op >= input {
			continue
		}
		l := levelOf(v.rate, v.kind)
		for _, a := range v.args[:v.arity] {
			load(l, a)
		}
		levels[l].Code = append(levels[l].Code, Instr{v.op, Ref(ref), v.args[0], v.args[1], v.args[2]})
		if s := slotOf[ref]; s != noSlot {
			levels[l].Stores = append(levels[l].Stores, Store{Src: Ref(ref), Slot: true, Index: int(s), Kind: v.kind, Source: v.kind})
		}
	}
	for i, out := range outputs {
		v := &b.values[out.Value]
		l := levelOf(v.rate, out.Kind|v.kind)
		load(l, out.Value)
		levels[l].Stores = append(levels[l].Stores, Store{Src: out.Value, Index: i, Kind: out.Kind, Source: v.kind})
	}
	for _, l := range levels {
		if len(l.Stores) > 0 {
			p.Levels = append(p.Levels, l)
		}
	}
	p.assigned = make([]assigned, len(p.Levels))
	for i := range p.Levels {
		p.assigned[i].Level = &p.Levels[i]
	}
	return p
}

// levels are all there may be, without code, but with memory for it.
func (b *Builder) levels(needed []bool) (levels [8]Level) {
	var size [8]int
	for ref := range b.values {
		if v := &b.values[ref]; needed[ref] && v.op < input {
			size[levelOf(v.rate, v.kind)]++
		}
	}
	for r := Once; r <= Step; r++ {
		for k := Uniform; k <= Full; k++ {
			l := levelOf(r, k)
			levels[l] = Level{Rate: r, Kind: k, Code: make([]Instr, 0, size[l])}
		}
	}
	return levels
}

func (b *Builder) reachable(outputs []Output) []bool {
	needed := make([]bool, len(b.values))
	for _, o := range outputs {
		needed[o.Value] = true
	}
	for ref := len(b.values) - 1; ref >= 0; ref-- {
		if needed[ref] {
			v := &b.values[ref]
			for _, a := range v.args[:v.arity] {
				needed[a] = true
			}
		}
	}
	return needed
}

// noSlot is what a value has that no other level reads.
const noSlot = -1

// slots gives a slot to every value that another level reads, and returns them by value.
func (b *Builder) slots(p *Program, needed []bool) []int32 {
	slotOf := make([]int32, len(b.values))
	for ref := range slotOf {
		slotOf[ref] = noSlot
	}
	give := func(ref Ref, reader int) {
		v := &b.values[ref]
		if slotOf[ref] == noSlot && v.op < input && levelOf(v.rate, v.kind) != reader {
			slotOf[ref] = int32(len(p.Slots))
			p.Slots = append(p.Slots, v.kind)
		}
	}
	for ref := range b.values {
		v := &b.values[ref]
		if !needed[ref] || v.op >= input {
			continue
		}
		for _, a := range v.args[:v.arity] {
			give(a, levelOf(v.rate, v.kind))
		}
	}
	for _, o := range p.Outputs {
		v := &b.values[o.Value]
		give(o.Value, levelOf(v.rate, o.Kind|v.kind))
	}
	return slotOf
}
