"""Random items that access CSRs, and what is known of CSRs whose value or effect is special."""
from image import R_WINDOW
from special_items import SPECIAL

# Not compared, since the value is the implementation's choice: which counters there are and how fast they
# run (privileged specification, 3.1.10), who made the machine (3.1.2 to 3.1.4), where its description is
# (3.1.17), which extensions it says it has (3.1.1).
CHOICES = ("cycle", "time", "instret", "mcycle", "minstret", "hpmcounter", "mhpm", "mvendorid", "marchid", "mimpid",
           "mconfigptr", "misa", "tselect", "tdata", "tinfo", "tcontrol", "mcontext", "scontext", "scountovf", "mcyclecfg", "minstretcfg")
# Never written: what the runtime stands on; triggers, since some values end QEMU 10 with a failed assertion
# (target/riscv/debug.c:919).
READ_ONLY_HERE = ("satp", "stimecmp", "stimecmph", "mseccfg", "tselect", "tdata1", "tdata2", "tdata3")
# Compared only in these bits; the others depend on which extensions there are, or are 0 but not in QEMU (bit 0
# of mepc and sepc, privileged specification, 3.1.14).
COMPARED = {"mstatus": 0x7e19aa, "sstatus": 0xc0122, "mcountinhibit": 5, "mcounteren": 7, "scounteren": 7,
            "medeleg": 0xb1ff, "mideleg": 0x222,
            "mepc": -2 & (1 << 64) - 1, "sepc": -2 & (1 << 64) - 1}
# Written without being put back, these bits only.
LIMITS = {"mie": 0xaaa, "mip": 0x222, "sie": 0x222, "sip": 2}
UART_IRQ = 10
ABSENT = [0x7c0, 0x800, 0x5c0, 0xcc0, 0x6c0, 0x9c0, 0x3c0, 0xfc0, 0x3ff, 0x0]


def choice_csr(name):
    return name.startswith(CHOICES)


def harmless_entries(value):
    """Eight bytes of pmpcfg without lock, and readable where they are writable."""
    value &= 0x7f7f7f7f7f7f7f7f
    return value | value >> 1 & 0x0101010101010101


class CsrItems:
    """Part of items.Generator."""

    def csri(self, kind, csr, value):
        """kind: csrrwi, csrrsi or csrrci, with x0."""
        row = self.rows[kind]
        self.emit(row, row.put_imm(row.put_reg(row.match, "R19_15", value), self.csrs[csr].number))

    def csrw(self, kind, csr, rs1, rd=0):
        self.op(kind, rd, rs1, imm=self.csrs[csr].number)

    def csr(self, row, column):
        """Any CSR, from whatever mode."""
        if self.rng.random() < 0.05:
            self.emit(row, row.put_imm(self.fill(row, column), self.rng.choice(ABSENT)))
        else:
            wanted = self.source.wanted_csrs["US-M"[self.mode]]
            names = wanted if wanted and self.rng.random() < 0.8 else list(self.csrs)
            self.csr_access(row, column, self.csrs[self.rng.choice(names)])

    def csr_access(self, row, column, csr):
        """One access; what it writes is undone if the runtime depends on it."""
        self.item.counts.append((csr.name, "US-M"[self.mode]))
        kept = 0 if choice_csr(csr.name) else {**COMPARED, **self.witness.compared}.get(csr.name, -1)
        if csr.name.startswith("pmpcfg"):
            kept = 0x9f9f9f9f9f9f9f9f  # QEMU keeps bits 5 and 6 as well
        if csr.name.startswith("pmpaddr") and self.xlen == 64:
            kept = (1 << 54) - 1  # QEMU 7.2 keeps the other bits
        word = row.put_imm(self.fill(row, column), csr.number)
        rd = row.get_reg(word, row.rd)
        if rd in (26, 27):
            rd = 10
            word = row.put_reg(word, row.rd, rd)
        if csr.number >> 10 == 3 and row.cls == "CSR" and row.get_reg(word, row.rs1):
            word = row.put_reg(word, row.rs1, R_WINDOW)  # setting no bits is a write too, but not for QEMU 7.2
        if self.mode < csr.number >> 8 & 3 or csr.number >> 10 == 3:
            self.emit(row, word)
        elif csr.name in READ_ONLY_HERE:
            self.csrw("csrrs", csr.name, 0, rd)
        elif csr.name in LIMITS:
            self.load_value(13, self.rng.getrandbits(32) & LIMITS[csr.name])
            self.csrw(row.id[:5], csr.name, 13, rd)
        else:
            self.undone(row, word, csr, rd, kept)
            return
        if not kept:
            self.op("addi", rd, 0, imm=0)

    def undone(self, row, word, csr, rd, kept):
        """Saves, accesses, reads and restores the CSR; no interrupt in between."""
        if csr.name.startswith("pmpcfg"):  # no writable entry that cannot be read: what becomes of it may be chosen
            row = self.rows["csrrw"]
            word = row.put_imm(row.put_reg(row.match, row.rd, rd), csr.number)
        self.csri("csrrci", "mstatus" if self.mode == 3 else "sstatus", 10 if self.mode == 3 else 2)
        save, back = [r for r in (13, 14, 15) if r != rd][:2]
        self.csrw("csrrs", csr.name, 0, save)
        if row.cls == "CSR":
            source = row.get_reg(word, row.rs1)
            if source in (save, back, rd, 0) or source >= R_WINDOW:
                source = 12 if rd != 12 else 11
                word = row.put_reg(word, row.rs1, source)
            value = self.rng.choice(SPECIAL) if self.rng.random() < 0.5 else self.rng.getrandbits(64)
            # Locked entries would stay for the cases after this one.
            self.load_wide(source, harmless_entries(value) if csr.name.startswith("pmpcfg") else value)
        self.emit(row, word)
        self.csrw("csrrs", csr.name, 0, back)
        self.csrw("csrrw", csr.name, save)
        for reg in sorted({rd, back, save} - {0}):
            if not kept:
                self.op("addi", reg, 0, imm=0)
            elif kept != -1:
                other = next(r for r in (11, 12) if r != reg)
                self.load_wide(other, kept)
                self.op("and", reg, reg, other)

    def status(self):
        """mstatus or sstatus: what loads, stores and fetches may do."""
        rng = self.rng
        if self.mode != 3:
            self.load_value(12, rng.getrandbits(32) & 0xc0122)
            self.csrw(rng.choice(["csrrs", "csrrc"]), "sstatus", 12, 0)
            return
        value = rng.getrandbits(32) & (0xe01aa | 0x200000) | rng.choice([0, 0x800, 0x1800])
        if rng.random() < 0.7 or not self.witness.mprv:
            value &= ~0x20000  # MPRV seldom: it makes nearly everything fault
        self.load_value(12, value | 0x6000)
        self.csrw("csrrw", "mstatus", 12)

    def interrupt(self):
        """Makes an interrupt pending and enables it: of those that software can raise."""
        if self.mode != 3:
            for csr in ("sip", "sie", "sstatus"):
                self.csri("csrrsi", csr, 2)
            return
        self.csri("csrrci", "mstatus", 8)
        which = self.rng.choice([0x2, 0x8, 0x20, 0x80, 0x200, 0x800] + [0x2000] * self.witness.isa.has("SSCOFPMF"))
        self.raise_interrupt(which, True)
        self.load_value(13, which)
        self.csrw("csrrs", "mie", 13)
        self.csri("csrrsi", "mstatus", 8)
        self.op("addi", 0, 0)
        self.raise_interrupt(which, False)

    def raise_interrupt(self, which, up):
        if which == 0x8:
            self.op("lui", 12, imm=0x02000000)
            self.op("addi", 13, 0, imm=int(up))
            self.op("sw", 0, 12, 13, imm=0)
        elif which == 0x80:
            self.op("lui", 12, imm=0x02004000)
            self.op("addi", 13, 0, imm=0 if up else -1)
            for imm in ((0, 4) if up else (4, 0)):
                self.op("sw", 0, 12, 13, imm=imm)
        elif which == 0x800:
            self.external_interrupt(up)
        else:
            self.load_value(13, which)
            self.csrw("csrrs" if up else "csrrc", "mip", 13)

    def external_interrupt(self, up):
        """The UART's, for an empty transmitter, by way of the PLIC; when it goes down, claimed and completed."""
        self.op("lui", 12, imm=0x0c000000)
        self.op("addi", 13, 0, imm=int(up))
        self.op("sw", 0, 12, 13, imm=UART_IRQ * 4)
        self.op("lui", 12, imm=0x0c002000)
        self.op("addi", 13, 0, imm=int(up) << UART_IRQ)
        self.op("sw", 0, 12, 13, imm=0)
        self.op("lui", 11, imm=0x10000000)
        self.op("lui", 12, imm=0x0c200000)
        self.op("addi", 13, 0, imm=2 * int(up))
        if up:
            self.op("sw", 0, 12, 0, imm=0)
            self.op("sb", 0, 11, 13, imm=1)
        else:
            self.op("sb", 0, 11, 13, imm=1)
            self.op("lw", 13, 12, imm=4)
            self.op("sw", 0, 12, 13, imm=4)
