"""Batches of cases: their image, running it on the emulator and on QEMU, and what came out."""
import os
import struct
import subprocess

from insn import ROOT

B = os.environ.get("B", "build")
CROSS = os.environ.get("CROSS", "riscv64-unknown-elf-")
CACHE = os.environ.get("CACHE", ".cache")
HERE = os.path.dirname(os.path.abspath(__file__))

RUNTIME, TABLES, LOG = 0x80000000, 0x80020000, 0x80030000
WINDOW_TABLE = TABLES + 0x5000
CODE, CODE_SIZE = 0x80400000, 0x400000
# Jumps to x31: c.jr twice, and where there are no compressed instructions jr.
PADS = {True: 0x8f828f82, False: 0x000f8067}
# All of these, but for the stubs of jumps that need room around them.
FAR, FAR_SIZE = 0x80800000, 0x400000
DATA, DATA_PAGES, CODE_PAGES = 0x80c00000, 2, 2
HEADER, DESCRIPTORS, STUBS = 0x81000000, 0x81000100, 0x81c00000
WINDOW, WINDOW_PAGES = 0x01800000, 16
NOWHERE = 0x01c00000  # no device, no memory
R_WINDOW, R_DATA, R_RESUME = 29, 30, 31

# Of mstatus and sstatus: FS and SD, which an implementation may set more often than it must
# (privileged specification, 3.1.6.6), are not compared.
STATUS_MASK = 0x7fff9fff

INIT_CSRS = ["medeleg", "mideleg", "mcounteren", "scounteren", "menvcfg", "senvcfg", "sepc", "scause", "stval",
             *[f"pmpaddr{i}" for i in range(8)], "pmpcfg0"]
FINAL_CSRS = ["mstatus", "sscratch", "sepc", "scause", "stval", "medeleg", "mideleg", "mcounteren", "scounteren", "stvec",
              "mtvec", "mscratch", "pmpaddr1", "pmpcfg0"]


def init_csrs(xlen):
    return INIT_CSRS + (["pmpcfg1", "menvcfgh"] if xlen == 32 else [])


def fields(xlen):
    """The descriptor's fields in order, each with its size in XLEN-bit words."""
    plain = ["code", "end", "mode", "own", "mstatus", "satp", "seed", "rounds", "mix", "fp", "fcsr", "stubs", "stub_count", "mvectored", "svectored"]
    csrs = init_csrs(xlen)
    out = [(name, 1) for name in plain + csrs] + [("window", WINDOW_PAGES), ("regs", 30)]
    words = sum(size for _, size in out)
    out += [("pad", words % 2)] * (words % 2) + [("fregs", 32 * 64 // xlen)]
    return out


def layout(xlen, compressed):
    """layout.h for runtime.S."""
    lines = {"RUNTIME": RUNTIME, "LOG": LOG, "PROG": CODE, "DATA": DATA, "DATA_PAGES": DATA_PAGES, "CODE_PAGES": CODE_PAGES,
             "HEADER": HEADER, "DESCRIPTORS": DESCRIPTORS, "WINDOW_PAGES": WINDOW_PAGES, "WINDOW_TABLE": WINDOW_TABLE,
             "OWN_FIRST": TABLES + (0x4010 if xlen == 64 else 513 * 4), "OWN_COUNT": 5 if xlen == 64 else 3,
             "COMPRESSED": int(compressed), "PAD": PADS[compressed], "STATUS_MASK": STATUS_MASK, "FINAL_CSR_COUNT": len(FINAL_CSRS)}
    at = 0
    for name, size in fields(xlen):
        lines["D_" + name.upper()] = at
        at += size * xlen // 8
    lines["D_SIZE"] = at
    text = "".join(f"#define {name} {value:#x}\n" for name, value in lines.items())
    init = init_csrs(xlen)
    text += "#define INIT_CSRS " + "; ".join(f"L t1, D_{c.upper()}(s0); csrw {c}, t1" for c in init) + "\n"
    final = f"la t0, csr_save; li t2, {STATUS_MASK:#x}"
    for i, name in enumerate(FINAL_CSRS):
        mask = "and t1, t1, t2; " if name == "mstatus" else ""
        final += f"; csrr t1, {name}; {mask}S t1, {i}*SZ(t0)"
    return text + f"#define FINAL_CSRS {final}\n"


def page_tables(xlen):
    """The page tables, from TABLES on: Sv32, or Sv39 with Sv48 and Sv57 above it."""
    out = bytearray(6 * 4096)
    size, width, form = (8, 9, "<Q") if xlen == 64 else (4, 10, "<I")

    def put(page, index, address, flags):
        struct.pack_into(form, out, page * 4096 + index * size, address >> 12 << 10 | flags)

    leaf = 0xcf  # D A X W R V
    large = 12 + width
    if xlen == 64:
        put(0, 0, TABLES + 0x3000, 1)
        put(0, 2, TABLES + 0x4000, 1)
        put(1, 0, TABLES, 1)
        put(2, 0, TABLES + 0x1000, 1)
        put(3, WINDOW >> large, WINDOW_TABLE, 1)
        put(4, 0, RUNTIME, leaf)
        for i in range(2, 16):
            put(4, i, RUNTIME + (i << large), 0 if i < 7 else leaf)
    else:
        put(0, WINDOW >> large, WINDOW_TABLE, 1)
        for i in range(8):
            put(0, (RUNTIME >> large) + i, RUNTIME + (i << large), 0 if 1 <= i < 4 else leaf)
    return bytes(out)


def satp(xlen, mode):
    """satp for "bare", 32, 39, 48 or 57."""
    if mode == "bare":
        return 0
    number, page = {32: (1, 0), 39: (8, 0), 48: (9, 1), 57: (10, 2)}[mode]
    return number << (31 if xlen == 32 else 60) | (TABLES + page * 4096) >> 12


def elf(xlen, segments):
    """An ELF file that puts each (address, bytes) where it belongs and starts at RUNTIME."""
    wide = xlen == 64
    head, entry = (64, 56) if wide else (52, 32)
    at = head + entry * len(segments)
    headers, body = b"", b""
    for address, data in segments:
        size = len(data)
        headers += (struct.pack("<IIQQQQQQ", 1, 7, at, address, address, size, size, 1) if wide else
                    struct.pack("<IIIIIIII", 1, at, address, address, size, size, 7, 1))
        body += data
        at += size
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1, 1]) + bytes(9)
    out = ident + struct.pack("<HHIQQQIHHHHHH" if wide else "<HHIIIIIHHHHHH", 2, 243, 1, RUNTIME, head, 0, 0, head, entry,
                              len(segments), 0, 0, 0)
    return out + headers + body


class Machines:
    """What the batches run on. `where` is a folder for the images."""

    def __init__(self, where, emu):
        self.where, self.emu = where, emu
        self.runtimes = {}

    def runtime(self, xlen, compressed):
        """runtime.S as bytes."""
        key = f"rv{xlen}{'gc' if compressed else 'g'}"
        if key not in self.runtimes:
            folder = os.path.join(self.where, key)
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "layout.h"), "w", encoding="utf-8") as file:
                file.write(layout(xlen, compressed))
            abi = ["-march=" + key, "-mabi=lp64" if xlen == 64 else "-mabi=ilp32"]
            linked, flat = os.path.join(folder, "runtime.elf"), os.path.join(folder, "runtime.bin")
            subprocess.run([CROSS + "gcc", *abi, "-nostdlib", "-static", "-I" + folder, "-I" + os.path.join(ROOT, "include"),
                            "-Wl,-n", "-Wl,--no-relax", "-Wl,--no-warn-rwx-segments", f"-Wl,-Ttext={RUNTIME:#x}",
                            os.path.join(HERE, "runtime.S"), "-o", linked], check=True)
            subprocess.run([CROSS + "objcopy", "-O", "binary", linked, flat], check=True)
            with open(flat, "rb") as file:
                self.runtimes[key] = file.read()
        return self.runtimes[key]

    def write(self, xlen, cases, witness, verbose, name):
        """The image of these cases; returns its path."""
        code, stubs, descriptors = bytearray(), bytearray(), bytearray()
        for case in cases:
            binary = case.assemble(CODE + len(code))
            words = case.descriptor(CODE + len(code), CODE + len(code) + case.end_offset)
            words.update(stubs=STUBS + len(stubs), stub_count=len(case.stubs()))
            for address, word in case.stubs():
                stubs += address.to_bytes(xlen // 8, "little") + word.to_bytes(xlen // 8, "little")
            for field, size in fields(xlen):
                value = words.get(field, [0] * size if size > 1 else 0)
                for word in value if size > 1 else [value]:
                    descriptors += (word & ((1 << xlen) - 1)).to_bytes(xlen // 8, "little")
            code += binary
        assert len(code) <= CODE_SIZE
        header = b"".join(v.to_bytes(xlen // 8, "little") for v in (len(cases), int(verbose), int(witness.forget)))
        data = elf(xlen, [(RUNTIME, self.runtime(xlen, witness.compressed)), (TABLES, page_tables(xlen)), (CODE, bytes(code)), (FAR, PADS[witness.compressed].to_bytes(4, "little") * (FAR_SIZE // 4)),
                          (HEADER, header), (DESCRIPTORS, bytes(descriptors)), (STUBS, bytes(stubs))])
        path = os.path.join(self.where, f"{name}{xlen}.elf")
        with open(path, "wb") as file:
            file.write(data)
        return path

    def argv_emu(self, xlen, image, witness):
        return [self.emu, "-M", "virt", "-m", "32", "--isa", witness.isa.string(xlen), "-nographic", "-bios", "none", "-kernel",
                image]

    @staticmethod
    def argv_qemu(xlen, image, witness):
        # With one hart QEMU makes an AMO of a load and a store, and faults as a load.
        return [witness.program(xlen), "-M", "virt", "-m", "32", "-smp", "2", "-nographic", "-bios", "none", "-cpu",
                witness.cpu(xlen), "-kernel", image]

    def run(self, argv, limit):
        try:
            p = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit)
            out = p.stdout.decode("latin-1").replace("\r", "").split("\n")
            return [line.strip() for line in out if line] + ([f"exit {p.returncode}"] if p.returncode else [])
        except subprocess.TimeoutExpired as late:
            out = (late.stdout or b"").decode("latin-1").replace("\r", "").split("\n")
            return [line.strip() for line in out if line] + ["out of time"]

    def both(self, xlen, cases, witness, verbose=False, name="batch", limit=120):
        """The lines that the emulator and the witness print for these cases."""
        image = self.write(xlen, cases, witness, verbose, name)
        return self.run(self.argv_emu(xlen, image, witness), limit), self.run(self.argv_qemu(xlen, image, witness), limit)
