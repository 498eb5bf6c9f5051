"""Random cases: the state of the machine, and items around it."""
import random

from case import Case
from image import CODE_PAGES, DATA, DATA_PAGES, NOWHERE, R_DATA, R_RESUME, R_WINDOW, WINDOW, WINDOW_PAGES
from insn import load_csrs, rows_for
from items import CLASSES, Generator
from special_items import SPECIAL, float_bits

CSR_ROWS = ["csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"]
DATA_MID = DATA + DATA_PAGES * 2048
ABSENT_PAGE, READONLY_PAGE = 3, 5
PAGING = {32: [32], 64: [39, 39, 48, 57]}
# Bits of a page table entry above the page number: N, which asks for 64 KiB pages, PBMT (not 3, which QEMU
# takes for a page like any other), reserved ones.
HIGH_BITS = [1 << 63, 1 << 61, 2 << 61, 1 << 54, 1 << 60]


def window(rng, high_bits, mode, paged):
    """The window's page table entries, and what accesses by this mode are sure to meet there."""
    pages = [rng.choice([DATA + rng.randrange(DATA_PAGES + CODE_PAGES) * 4096] * 7 + [NOWHERE]) for _ in range(WINDOW_PAGES)]
    pages[READONLY_PAGE] = DATA
    ptes = []
    for page in pages:
        flags = rng.choice([0xcf, 0xdf, 0xc7, 0xd7, 0xcb, 0xdb, 0xd9, 0xc9, rng.getrandbits(8)])
        if DATA <= page < DATA + DATA_PAGES * 4096:
            flags &= ~8  # data may hold anything, so it is not executed
        elif page != NOWHERE:
            flags = flags & ~4 | 8  # nor is code changed
        # A user's page that SUM let S-mode read, QEMU 7.2 lets it execute too.
        if mode == 1 and flags & 0x18 == 0x18:
            flags &= ~8
        if flags & 0xe == 0:  # not a table: what is in data must not be taken for one
            flags &= ~1
        high = rng.choice(high_bits) if high_bits and flags & 1 and rng.random() < 0.1 else 0
        if high == 1 << 63:
            flags |= 0xc0  # QEMU 10 would set A and D before it sees that this is no 64 KiB page
        ptes.append(high | page >> 12 << 10 | flags)
    ptes[ABSENT_PAGE] &= ~rng.choice([1, 1, 2 | 8])  # not valid, or what is left of W and X
    if ptes[ABSENT_PAGE] & 0xe == 0:
        ptes[ABSENT_PAGE] &= ~1
    ptes[READONLY_PAGE] = pages[READONLY_PAGE] >> 12 << 10 | (0xd3 if mode == 0 else 0xc3)
    faulting = [i == ABSENT_PAGE or pte & 1 == 0 for i, pte in enumerate(ptes)]
    return {"window": ptes, "faulting": faulting, "readonly": READONLY_PAGE,
            "nowhere": [not paged or page == NOWHERE for page in pages] + [True]}


def protection(rng, xlen, entries):
    """`entries` PMP entries over data; the last of eight lets everybody at everything."""
    addresses, configs = [0] * 8, [0] * 8
    for i in range(entries):
        cfg = rng.choice([0x8, 0x10, 0x18] if i else [0x10, 0x18]) | rng.choice([0, 1, 3, 4, 5, 7])
        low = rng.choice([0, 1, 3, 7, 0xf, 0x1ff, 0x3ff])
        address = (DATA + rng.randrange((DATA_PAGES + CODE_PAGES) * 4096)) >> 2
        addresses[i] = address & ~(low + 1) | low if cfg & 0x18 == 0x18 else address
        configs[i] = cfg
    addresses[7], configs[7] = (1 << (32 if xlen == 32 else 54)) - 1, 0x1f
    out = {f"pmpaddr{i}": value for i, value in enumerate(addresses)}
    whole = sum(cfg << 8 * i for i, cfg in enumerate(configs))
    return {**out, "pmpcfg0": whole & 0xffffffff, "pmpcfg1": whole >> 32} if xlen == 32 else {**out, "pmpcfg0": whole}


def state(rng, xlen, mode, adue):
    """A case's config."""
    paging = rng.choice(PAGING[xlen] * (7 if mode != 3 else 2) + ["bare"])
    mix, entries = mode == 3 or rng.random() < 0.5, rng.choice([0, 0, 2, 4])
    # Calls from S-mode are the way out of the handler there.
    medeleg = rng.choice([0, rng.getrandbits(16) & 0xb1ff, 0xb1ff, 0xb0ff])
    if mix:
        medeleg &= ~0x100
    high_bits = HIGH_BITS if xlen == 64 and adue else []  # QEMU 7.2 does not look at the reserved ones
    regs = [rng.choice(SPECIAL) if rng.random() < 0.5 else rng.getrandbits(64) for _ in range(30)]
    regs[R_WINDOW - 1], regs[R_DATA - 1] = WINDOW, DATA_MID
    floats = [float_bits(rng) for _ in range(32)]
    fregs = floats if xlen == 64 else [half for f in floats for half in (f & 0xffffffff, f >> 32)]
    assert R_RESUME == 31
    return {
        "mode": mode, "paging": paging, "mix": int(mix), "medeleg": medeleg, "mideleg": rng.choice([0, 0x222, rng.getrandbits(12) & 0x222]),
        "mcounteren": rng.getrandbits(3), "scounteren": rng.getrandbits(3), "menvcfg": rng.choice([0, 0xd1, rng.getrandbits(8) & 0xd1]),
        "menvcfg_high": rng.choice([0, 1, 2, 3]),
        "senvcfg": rng.choice([0, 0xd1, rng.getrandbits(8) & 0xd1]), "mvectored": rng.randrange(2), "svectored": rng.randrange(2),
        "mstatus": mode << 11 | rng.getrandbits(32) & 0x2c00a2 | 0x6000,
        "entries": entries, "seed": rng.getrandbits(32), "rounds": 4, "regs": regs, "fregs": fregs, "fcsr": rng.getrandbits(8),
        **window(rng, high_bits, mode, paging != "bare" and mode != 3), **protection(rng, xlen, entries),
    }


class Source:
    """Cases for one XLEN and witness. want() makes it prefer some cells of the coverage table."""

    def __init__(self, xlen, witness):
        self.xlen, self.witness = xlen, witness
        self.rows = {name: row for name, row in rows_for(xlen, witness.isa).items() if name not in witness.broken}
        self.csrs = {n: c for n, c in load_csrs(xlen, witness.isa).items() if n not in witness.lacks}
        self.wanted_rows, self.wanted_csrs = [], {mode: [] for mode in "USM"}
        unknown = sorted({row.cls for row in self.rows.values()} - set(CLASSES))
        if unknown:
            raise SystemExit(f"tests/diff: insn.def has classes that items.py does not know: {' '.join(unknown)}")

    def want(self, cells):
        """cells: (group, name, column) as coverage.wanted() has them."""
        self.wanted_rows = [(self.rows[name], column) for group, name, column in cells if group == "row" and name in self.rows]
        self.wanted_csrs = {mode: [name for group, name, column in cells if group == "CSR" and column == mode and name in self.csrs]
                            for mode in "USM"}

    def choose(self, rng, generator, rows):
        """A row and a column that it has here."""
        if self.wanted_rows and rng.random() < 0.6:
            row, column = rng.choice(self.wanted_rows)
            if column in generator.columns(row):
                return row, column
        row = rng.choice(rows)
        return row, rng.choice(generator.columns(row))

    def case(self, seed, size):
        rng = random.Random(f"{self.xlen} {seed}")
        config = state(rng, self.xlen, rng.choice([0, 1, 1, 3]), self.witness.adue)
        high = config.pop("menvcfg_high") << 29 if self.witness.adue else 0
        if self.xlen == 64:
            config["menvcfg"] |= high << 32
        else:
            config["menvcfgh"] = high & 1 << 29
        config["fp"] = int(self.witness.isa.has("D"))
        generator = Generator(rng, self, config)
        rows = [row for row in self.rows.values() for _ in generator.columns(row)]
        items = []
        while len(items) < size:
            if rng.random() < 0.2:
                items.append(generator.special())
            elif self.wanted_csrs["M"] and rng.random() < 0.3:
                items.append(generator.make(self.rows[rng.choice(CSR_ROWS)], "any"))
            else:
                items.append(generator.make(*self.choose(rng, generator, rows)))
        return Case(self.xlen, config, items, f"seed {seed}")
