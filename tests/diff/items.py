"""Random items for each class of insn.def rows. A class that is not in CLASSES stops the generator."""
from case import Insn, Item, far_slot
from csr_items import CsrItems
from image import NOWHERE, R_DATA, R_RESUME, R_WINDOW, WINDOW_PAGES
from insn import PLACES
from special_items import SpecialItems

FAVOURITES = [0, 1, 2, 5, 8, 9, 10, 11, 12, 15]
# Columns of the coverage table besides "any".
RD0, ALIAS, IMM, FAULT = "rd=x0", "alias", "imm", "fault"
# With rd=x0 these make QEMU 10 take other instructions' zeros for the number that was read.
RD0_EXCUSED = ("amocas_w", "amocas_d", "amocas_d2", "amocas_q")
# Classes of which QEMU does something else where there is no memory.
NOT_NOWHERE = ("AMO", "SC", "CBO")


class Generator(CsrItems, SpecialItems):
    """Makes items for one case, of what the source (generate.Source) offers."""

    def __init__(self, rng, source, config):
        self.rng, self.source, self.config = rng, source, config
        self.xlen, self.rows, self.csrs, self.witness = source.xlen, source.rows, source.csrs, source.witness
        self.mode, self.paged = config["mode"], config["paging"] != "bare" and config["mode"] != 3
        self.item = Item()

    # --- encoding

    def emit(self, row, word, to=None, base=None):
        self.item.code.append(Insn(row, word, row.len, to, base))
        return len(self.item.code) - 1

    def reg(self):
        """A register to read: often one of few, so that values meet."""
        return self.rng.choice(FAVOURITES) if self.rng.random() < 0.7 else self.rng.randrange(32)

    def dest(self):
        r = self.reg()
        return r if r < R_WINDOW else 10

    def random_word(self, row):
        return row.match | self.rng.getrandbits(8 * row.len) & row.free

    def fill(self, row, column=None):
        """A random word of the row that writes none of the reserved registers; for that column if possible."""
        for _ in range(200):
            word = self.random_word(row)
            for place in (row.rs1, row.rs2):
                if self.rng.random() < 0.8:
                    word = row.put_reg(word, place, self.reg())
            word = row.put_reg(word, row.rd, self.reg() if row.float_rd else self.dest())
            if column == RD0:
                word = row.put_reg(word, row.rd, 0)
            elif column == ALIAS:
                word = self.alias(row, word)
            if row.scatter and (column == IMM or self.rng.random() < 0.2):
                word = row.put_imm(word, self.rng.choice(row.boundaries()))
            if row.reserved == "RM" and self.rng.random() < 0.9:
                word = word & ~0x7000 | self.rng.choice([0, 1, 2, 3, 4, 7, 7]) << 12 & row.free | row.match & 0x7000
            if row.reserved == "PAIR" and self.rng.random() < 0.9:
                word = row.put_reg(word, row.rd, row.get_reg(word, row.rd) & 0x1e)
                word = row.put_reg(word, row.rs2, row.get_reg(word, row.rs2) & 0x1e)
            if row.id in RD0_EXCUSED and row.get_reg(word, row.rd) == 0:
                word = row.put_reg(word, row.rd, 10)
            last = R_WINDOW if row.reserved != "PAIR" else R_WINDOW - 1  # a pair has one more
            if (row.float_rd or row.get_reg(word, row.rd) < last) and row.owns(word):
                return word
        raise SystemExit(f"tests/diff: no word for row {row.id}, column {column}")

    def alias(self, row, word):
        places = row.places()
        a, b = self.rng.sample(places, 2)
        narrow = any(PLACES[p][1] == 7 for p in (a, b))
        reg = self.rng.randrange(8, 16) if narrow else self.rng.choice([1, 2, 5, 8, 10, 12, 15, 28])
        return row.put_reg(row.put_reg(word, a, reg), b, reg)

    def op(self, name, rd=0, rs1=0, rs2=0, imm=0, to=None, base=None):
        row = self.rows[name]
        word = row.match
        for place, value in ((row.rd, rd), (row.rs1, rs1), (row.rs2, rs2)):
            word = row.put_reg(word, place, value)
        return self.emit(row, row.put_imm(word, imm), to, base)

    def load_value(self, rd, value):
        """rd := value, sign-extended from 32 bits."""
        value &= 0xffffffff
        low = (value & 0xfff) - (value & 0x800) * 2
        self.op("lui", rd, imm=(value - low) & 0xfffff000)
        self.op("addiw" if self.xlen == 64 else "addi", rd, rd, imm=low)

    def load_wide(self, rd, value):
        """rd := value, all of XLEN's bits."""
        self.load_value(rd, value >> 32 if self.xlen == 64 else value)
        if self.xlen == 64:
            other = 27 if rd != 27 else 26
            self.op("slli", rd, rd, imm=32)
            self.load_value(other, value)
            self.op("slli", other, other, imm=32)
            self.op("srli", other, other, imm=32)
            self.op("or", rd, rd, other)

    def resume_here(self):
        """x31 := the item after this one."""
        at = self.op("auipc", R_RESUME, imm=0)
        self.op("addi", R_RESUME, R_RESUME, to=(1, 0, 0), base=at)

    # --- one item

    @staticmethod
    def possible_columns(row):
        """The columns of the coverage table that this row has."""
        out = ["any"]
        if row.rd in PLACES and PLACES[row.rd][1] == 31 and not row.float_rd and \
                row.id not in RD0_EXCUSED:
            out.append(RD0)
        if len(row.places()) > 1:
            out.append(ALIAS)
        if row.scatter and not row.imm_is_register and row.cls not in ("CSR", "CSRI", "FENCE"):
            out.append(IMM)
        if CLASSES[row.cls] is Generator.memory:
            out.append(FAULT)
        return out

    def columns(self, row):
        """Those that can be had here. Where there is no memory at all QEMU takes an AMO for a load."""
        out = self.possible_columns(row)
        if FAULT in out and not self.paged and row.cls.startswith(NOT_NOWHERE):
            out.remove(FAULT)
        return out

    def make(self, row, column="any"):
        """An item about this row."""
        self.item = Item()
        CLASSES[row.cls](self, row, column)
        if any(insn.row is row for insn in self.item.code) or self.item.stub:
            self.item.counts += [(row.id, c) for c in {column, "any"}]
        return self.item

    def special(self):
        """An item that is not about one row."""
        self.item = Item()
        weights = {"wild_jump": 6, "illegal": 6, "value": 8, "float_value": 12, "self_modifying": 5, "middle": 4, "interrupt": 3, "change_mode": 3,
                   "status": 5, "remap": 6}
        getattr(self, self.rng.choices(list(weights), list(weights.values()))[0])()
        return self.item

    def plain_word(self, length):
        """A row that only computes, of so many bytes, and a word of it."""
        row = self.rng.choice([r for r in self.rows.values() if r.len == length and CLASSES[r.cls] is Generator.plain])
        return row, self.fill(row)

    # --- items of classes

    def plain(self, row, column):
        self.emit(row, self.fill(row, column))

    def base_page(self, fault):
        """A page of the window; one that faults for certain, or any."""
        faulting = [i for i, sure in enumerate(self.config["faulting"]) if sure]
        return self.rng.choice(faulting) if fault else self.rng.randrange(WINDOW_PAGES)

    def set_base(self, reg, kind, column):
        """
        Points `reg` at data, into the window, or nowhere. Returns whether the access may have an offset.
        Where there is no memory QEMU reports misaligned accesses at another address, takes an AMO for a
        load and a CBO for nothing, so there they are aligned and plain. Nor are accesses misaligned that meet
        PMP entries: whether the parts are looked at or the whole may be chosen (privileged specification, 3.7.1.3).
        """
        rng, nowhere = self.rng, self.config["nowhere"]
        align = 64 if kind == "CBO" else 8 if self.config["entries"] else rng.choice([1, 4, 8, 8, 8, 8])
        atomic = kind.startswith(NOT_NOWHERE)
        where = rng.random()
        page = self.base_page(column == FAULT and self.paged)
        if column != FAULT and (where < 0.6 or atomic and (where > 0.92 or nowhere[page])):
            self.op("addi", reg, R_DATA, imm=rng.randrange(-2000, 2000) // align * align)
            return True
        if where < 0.92 or column == FAULT:
            # QEMU 7.2 takes a page-crossing access for one of contiguous addresses when it looks at PMP entries.
            cross = not nowhere[page + 1] and not self.config["entries"]
            offset = rng.choice([0, 8, 0xfe8, rng.randrange(0xfe8)] + [0xff8, 0xffc, 0xfff, 0xffd] * cross) // align * align
            if nowhere[page]:
                offset &= ~7
            self.load_value(reg, page * 4096 + offset)
            self.op("add", reg, reg, R_WINDOW)
        else:
            self.load_value(reg, NOWHERE + rng.randrange(8) * 8)
        return False

    def free_base(self, row, word, spare):
        """The word with a base register that may be written, and that register."""
        base = row.get_reg(word, row.rs1)
        if base == 0 or base >= R_WINDOW:
            return row.put_reg(word, row.rs1, spare), spare
        return word, base

    def memory(self, row, column):
        word, base = self.free_base(row, self.fill(row, column), 10)
        if row.cls == "CBO" and self.config["entries"]:
            self.op("fence")  # QEMU looks at the PMP entries for one byte, not for the block
            return
        if column == FAULT and row.cls == "SC":
            self.reserved_store(row, word, base)
            return
        far = row.put_imm(word, 0) if row.scatter else word
        may_offset = self.set_base(base, row.cls, column)
        if column == IMM:
            # The address stays where it was: what the immediate adds is taken away before.
            self.reach(row, word, base)
        elif row.scatter and (not may_offset or self.config["entries"] or self.rng.random() < 0.6):
            word = row.put_imm(word, self.rng.choice([0, 8, 16, 64] + [4] * (not self.config["entries"]))) if may_offset else far
        if row.cls == "SC":
            # A misaligned one traps; QEMU 7.2 looks at the reservation first.
            self.op("andi", base, base, imm=-8)
        if row.cls == "AMOCAS" and may_offset:
            word = self.expected(row, word, base)
        self.emit(row, word)
        if row.cls == "LR" and self.rng.random() < 0.8:
            other = self.rows["sc_w" if row.arg == "WORD" else "sc_d"]
            word = self.fill(other)
            self.op("andi", base, base, imm=-4 if row.arg == "WORD" else -8)
            self.emit(other, other.put_reg(word, other.rs1, base))

    def expected(self, row, word, base):
        """Often loads what amocas is going to find, so that it stores; at times zeros, from x0."""
        if self.rng.random() < 0.2:
            word = row.put_reg(word, row.rs2, 0)
        rd, pair = row.get_reg(word, row.rd), row.arg == "PAIR"
        if rd and not {rd, rd + pair} & {0, base} and not (pair and rd & 1) and self.rng.random() < 0.7:
            wide = row.arg == "DOUBLE" or pair and self.xlen == 64
            for k in range(1 + pair):
                self.op("ld" if wide else "lw", rd + k, base, imm=self.xlen // 8 * k)
        return word

    def reach(self, row, word, base):
        imm = 0
        for (src_high, src_low), (_, dst_low) in row.scatter:
            imm |= (word >> src_low & (1 << (src_high - src_low + 1)) - 1) << dst_low
        top = max(row.imm_bits)
        if row.imm_sign and imm >> top & 1:
            imm -= 2 << top
        for part in (imm // 2, imm - imm // 2):
            self.op("addi", base, base, imm=-part)

    def reserved_store(self, row, word, base):
        """A reservation on a page that can only be read; sc then faults."""
        lr = self.rows["lr_w" if row.arg == "WORD" else "lr_d"]
        self.load_value(base, self.config["readonly"] * 4096 + self.rng.randrange(512) * 8)
        self.op("add", base, base, R_WINDOW)
        self.op(lr.id, 10 if base != 10 else 11, base)
        self.emit(row, word)

    def ahead(self):
        """How many items to jump ahead; mostly none is left out."""
        n = self.rng.choice([1, 1, 1, 1, 2, 3, 4])
        self.item.skips = n - 1
        return n

    def branch(self, row, column):
        word = self.fill(row, column)
        if column == IMM:
            self.far(row, word)
        else:
            self.emit(row, word, to=(self.ahead(), 0, 0))

    def jal(self, row, column):
        word = self.fill(row, column)
        if column == IMM:
            self.far(row, word)
        else:
            self.emit(row, word, to=(self.ahead(), 0, 0))

    def load_address(self, rd, address):
        """rd := a physical address below 4 GiB."""
        self.load_value(rd, address)
        if self.xlen == 64:
            self.op("slli", rd, rd, imm=32)
            self.op("srli", rd, rd, imm=32)

    def far(self, row, word):
        """The word among c.jr x31, so that its immediate may be anything that does not lead to itself."""
        word = row.put_imm(word, self.rng.choice([b for b in row.boundaries() if abs(b) > 2] + [4, -4]))
        address = far_slot(self.rng)
        self.item.stub = (address, word if row.len == 4 else 0x8f82 << 16 | word)
        reads = {row.get_reg(word, p) for p in (row.rs1, row.rs2)}
        spare = next(r for r in (12, 13, 14) if r not in reads)
        self.resume_here()
        self.load_address(spare, address)
        self.op("jalr", 0, spare, imm=0)

    def jalr(self, row, column):
        word, base = self.free_base(row, self.fill(row, column), 11)
        at = self.op("auipc", base, imm=0)
        if not row.scatter:
            self.op("addi", base, base, to=(self.ahead(), 0, 0), base=at)
            self.emit(row, word)
        elif column == IMM:
            self.op("addi", base, base, to=(self.ahead(), 0, 0), base=at)
            self.reach(row, word, base)
            self.emit(row, word)
        else:
            self.emit(row, word, to=(self.ahead(), 0, 0), base=at)

    def system(self, row, column):
        if row.arg == "SFENCE_INVAL" and self.mode == 0:
            self.op("fence")  # QEMU lets U-mode execute it
        elif row.arg == "WRS_NTO" and self.mode != 3:
            self.op("wrs_sto")  # with mstatus.TW QEMU always traps, we never wait that long
        elif row.arg == "WFI":
            self.wfi(row)
        elif row.arg == "MRET":
            self.mret(row)
        elif row.arg == "SRET":
            self.sret(row)
        else:
            if row.arg == "ECALL":
                self.op("addi", 17, 0, imm=0)
            self.emit(row, self.fill(row, column))

    def wfi(self, row):
        """Something is pending and enabled but not taken, or it would wait for ever."""
        if self.mode == 1 and not self.config["mideleg"] & 2:
            self.op("fence")
            return
        names = ("sstatus", "sie", "sip") if self.mode == 1 else ("mstatus", "mie", "mip")
        if self.mode != 0:
            self.csri("csrrci", names[0], 2 if self.mode == 1 else 8)
            self.csri("csrrsi", names[1], 2)
            self.csri("csrrsi", names[2], 2)
        self.emit(row, row.match)
        if self.mode != 0:
            self.csri("csrrci", names[1], 2)
            self.csri("csrrci", names[2], 2)

    def mret(self, row):
        if self.mode == 3:
            self.leave(row, "mepc", "mstatus", 0x1800, 11)
        else:
            self.emit(row, row.match)

    def sret(self, row):
        if self.mode == 0:
            self.emit(row, row.match)
        else:
            self.leave(row, "sepc", "sstatus", 0x100, 8)

    def leave(self, row, epc, status, mask, shift):
        """An xRET to the next instruction; if that is in another mode, a call from there leads back."""
        mix = self.config["mix"]
        mode = self.rng.choice([0, 1, 3] if status == "mstatus" else [0, 1]) if mix else self.mode
        at = self.op("auipc", 12, imm=0)
        target = self.op("addi", 12, 12)
        self.csrw("csrrw", epc, 12)
        self.load_value(13, mask)
        self.csrw("csrrc", status, 13)
        self.load_value(13, mode << shift & mask)
        self.csrw("csrrs", status, 13)
        end = self.emit(row, row.match) + 1
        self.item.code[target].to, self.item.code[target].base = (0, end, 0), at
        self.op("addi", 17, 0, imm=0)
        if mix:
            self.op("ecall")


CLASSES = {
    "FLI": Generator.plain, "FLOAD": Generator.memory, "FSTORE": Generator.memory,
    **{f"{kind}_{fmt}": Generator.plain for kind in ("FF", "FMA", "FX", "XF") for fmt in "HSD"},
    "ALU": Generator.plain, "ALUI": Generator.plain, "LI": Generator.plain, "AUIPC": Generator.plain,
    "FENCE": Generator.plain, "LOAD": Generator.memory, "STORE": Generator.memory, "LR": Generator.memory,
    "AMOCAS": Generator.memory, "CBO": Generator.memory,
    "SC": Generator.memory, "AMO_W": Generator.memory, "AMO_D": Generator.memory, "BRANCH": Generator.branch,
    "JAL": Generator.jal, "JALR": Generator.jalr, "CSR": Generator.csr, "CSRI": Generator.csr, "SYSTEM": Generator.system,
}
