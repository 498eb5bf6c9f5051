"""A case: items of a few instructions each, and the state of the machine around them."""
from image import FAR, FAR_SIZE, satp


class Insn:
    """
    One instruction: its word and, if its immediate depends on where things are, `to` = (items
    ahead, instruction in that item, bytes on) and `base`, the instruction of its own item that the
    immediate counts from (None = itself). row None: not an instruction of ours.
    """
    __slots__ = ("row", "word", "len", "to", "base")

    def __init__(self, row, word, length, to=None, base=None):
        self.row, self.word, self.len, self.to, self.base = row, word, length, to, base


class Item:
    """Instructions that belong together, what of the coverage table they count for, and far stubs."""

    def __init__(self):
        self.code = []
        self.counts = []    # (row id or other name, column)
        self.stub = None    # (address in FAR, word)
        self.skips = 0      # how many of the following items may be jumped over


class Case:
    """
    config: mode (0 U, 1 S, 3 M), paging ("bare", 32, 39, 48, 57), window (page table entries), regs
    (x1-x30), and the descriptor's other fields (image.fields).
    """

    def __init__(self, xlen, config, items, name=""):
        self.xlen, self.config, self.items, self.name = xlen, config, items, name
        self.end_offset = 0

    def assemble(self, at):
        """The program's bytes for this address, padded to 64; sets end_offset, where its last ecall is."""
        where = []
        pc = at
        for item in self.items:
            places = []
            for insn in item.code:
                places.append(pc)
                pc += insn.len
            where.append(places)
        self.end_offset = pc - at
        where.append([pc])
        out = bytearray()
        for i, item in enumerate(self.items):
            for k, insn in enumerate(item.code):
                word = insn.word
                if insn.to:
                    ahead, index, more = insn.to
                    target = min(i + ahead, len(self.items))
                    goal = where[target][index if target < len(self.items) else 0] + more
                    word = insn.row.put_imm(word, goal - where[i][k if insn.base is None else insn.base])
                out += word.to_bytes(insn.len, "little")
        out += (0x73).to_bytes(4, "little")
        return bytes(out) + bytes(-len(out) % 64)

    def stubs(self):
        return [item.stub for item in self.items if item.stub]

    def descriptor(self, code, end):
        words = dict(self.config)
        mode = words["mode"]
        words.update(code=code, end=end, satp=satp(self.xlen, words["paging"]), own=0xdf if mode == 0 else 0xcf)
        return words

    def instructions(self):
        """How many instructions one round executes, jumped-over ones left out."""
        total = skip = 0
        for item in self.items:
            if skip:
                skip -= 1
            else:
                total += len(item.code)
            skip = max(skip, item.skips)
        return total

    def counts(self):
        """What one round does for the coverage table: names with columns, jumped-over items left out."""
        skip = 0
        for item in self.items:
            if skip:
                skip -= 1
            else:
                yield from item.counts
            skip = max(skip, item.skips)


def far_slot(rng):
    """A place for a stub that has a MiB of landing ground on both sides."""
    return FAR + rng.randrange(FAR_SIZE // 16, FAR_SIZE * 3 // 16) * 4
