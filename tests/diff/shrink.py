"""From a case that differs to a short one, shown as assembly with what came out of either machine."""
import os
import subprocess
import tempfile

from case import Case
from image import CODE, CROSS, FINAL_CSRS

LETTERS = {"T": "trap", "X": "registers", "F": "floating point", "C": "CSRs", "P": "page table", "M": "memory page"}


def differing(machines, xlen, cases, witness):
    """Which of these cases differ, as a list of truth values; None where a machine did not end in time."""
    ours, theirs = machines.both(xlen, cases, witness, name="shrink", limit=10)
    out = []
    for i in range(len(cases)):
        a = ours[i] if i < len(ours) else "lost"
        b = theirs[i] if i < len(theirs) else "lost"
        out.append(a != b)
    return out


def first_bad(machines, xlen, candidates, witness):
    """The index of the first candidate that differs, or None."""
    for i, bad in enumerate(differing(machines, xlen, candidates, witness)):
        if bad:
            return i
    return None


def with_config(case, **changes):
    return Case(case.xlen, {**case.config, **changes}, case.items, case.name)


def shrink(machines, case, witness):
    """The case without the items that the difference does not need."""
    xlen, items, size = case.xlen, case.items, max(1, len(case.items) // 2)
    if not differing(machines, xlen, [case], witness)[0]:
        return None
    for rounds in (1, 2):
        if rounds < case.config["rounds"]:
            fewer = with_config(case, rounds=rounds)
            if differing(machines, xlen, [fewer], witness)[0]:
                case = fewer
                break
    while True:
        pieces = [items[:i] + items[i + size:] for i in range(0, len(items), size)]
        candidates = [Case(xlen, case.config, piece, case.name) for piece in pieces]
        found = first_bad(machines, xlen, candidates, witness) if len(items) > 1 else None
        if found is not None:
            items = pieces[found]
            size = min(size, max(1, len(items) // 2))
        elif size > 1:
            size //= 2
        else:
            return Case(xlen, case.config, items, case.name)


def disassemble(case):
    """The case's program as objdump shows it."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(case.assemble(CODE)[:case.end_offset + 4])
        file.flush()
        p = subprocess.run([CROSS + "objdump", "-D", "-b", "binary", "-m", f"riscv:rv{case.xlen}", f"--adjust-vma={CODE:#x}",
                            "-M", "numeric,no-aliases", file.name], capture_output=True, text=True, check=True)
    return [line.strip().replace("\t", "  ") for line in p.stdout.splitlines() if line.startswith((" ", "8"))]


def difference(machines, case, witness):
    """Lines that say what differs first."""
    ours, theirs = machines.both(case.xlen, [case], witness, verbose=True, name="verbose", limit=10)
    for i, (a, b) in enumerate(zip(ours + [""], theirs + [""])):
        if a == b:
            continue
        kind = LETTERS.get(a[:1] or b[:1], "output")
        if a[:1] != b[:1] or kind in ("trap", "output"):
            names = "  (cause epc tval status ip handler)" if kind == "trap" else ""
            return [f"{kind} {i}{names}", "  emulator " + a[:200], "  QEMU     " + b[:200]]
        out = []
        for k, (x, y) in enumerate(zip(a[1:].split(), b[1:].split())):
            if x != y:
                name = {"registers": f"x{k + 1}", "CSRs": FINAL_CSRS[k] if k < len(FINAL_CSRS) else "?"}.get(kind, f"{kind} {k}")
                out.append(f"  {name}: emulator {x}, QEMU {y}")
        return [kind] + out
    return ["no difference when everything is printed"]


def report(machines, case, witness):
    """What to tell about a case that differs, as lines."""
    small = shrink(machines, case, witness)
    if small is None:
        return [f"{case.name}: differs only in the company of the cases before it"]
    config = {k: v for k, v in small.config.items() if k not in ("faulting", "nowhere", "regs", "fregs", "window", "readonly")}
    out = [f"{case.name}: rv{case.xlen}, {len(small.items)} of {len(case.items)} items are left"]
    out += [", ".join(f"{k}={v:#x}" if isinstance(v, int) else f"{k}={v}" for k, v in config.items() if v)]
    out += ["window: " + " ".join(f"{pte:#x}" for pte in small.config["window"])]
    out += disassemble(small)
    used = {insn.row.get_reg(insn.word, place) for item in small.items for insn in item.code if insn.row
            for place in (insn.row.rs1, insn.row.rs2)} - {0, 31}
    out += ["  ".join(f"x{r}={small.config['regs'][r - 1] & (1 << small.xlen) - 1:#x}" for r in sorted(used))]
    floats = {insn.row.get_reg(insn.word, place) for item in small.items for insn in item.code
              if insn.row and insn.row.cls.startswith("F") and insn.row.cls != "FENCE" for place in (insn.row.rs1, insn.row.rs2)}
    out += ["  ".join(f"f{r}={value(small, r):#x}" for r in sorted(floats))] * bool(floats)
    return out + difference(machines, small, witness)


def value(case, register):
    """What an f register starts with."""
    fregs = case.config["fregs"]
    return fregs[register] if case.xlen == 64 else fregs[2 * register] | fregs[2 * register + 1] << 32
