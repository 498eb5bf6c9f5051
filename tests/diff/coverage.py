"""What has agreed: counts per cell of the coverage table, kept in a file from run to run."""
import fcntl
import json
import os

from image import B
from insn import load_causes
from items import Generator
from witness import Qemu10

GOALS = {"row": 1000, "CSR": 100, "cause": 100}
FILE = os.path.join(B, "diff", "coverage.json")
# CSRs that no witness has; tests/isa tries them.
NO_WITNESS = Qemu10.lacks - {"medelegh"}
MODES = ("U", "S", "M")


class Coverage:
    """counts: {"64 addi rd=x0": 1234, ...}; `64 instructions` is how many instructions have agreed."""

    def __init__(self):
        self.counts = {}

    def add(self, xlen, name, column, n=1):
        key = f"{xlen} {name} {column}"
        self.counts[key] = self.counts.get(key, 0) + n

    def get(self, xlen, name, column):
        return self.counts.get(f"{xlen} {name} {column}", 0)

    def take(self, case):
        """A case that agreed."""
        rounds = case.config["rounds"]
        for name, column in case.counts():
            self.add(case.xlen, name, column, rounds)
        self.add(case.xlen, "instructions", "all", rounds * case.instructions())

    def take_causes(self, xlen, line):
        """The line of counts that the runtime prints at its end."""
        for number, count in enumerate(line[1:].split()):
            if int(count, 16):
                self.add(xlen, f"cause {number}", "all", int(count, 16))

    def merge(self, other):
        for key, n in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + n

    def save(self):
        """Adds the counts to the file."""
        os.makedirs(os.path.dirname(FILE), exist_ok=True)
        with open(FILE, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            both = Coverage()
            both.counts = json.loads(file.read() or "{}")
            both.merge(self)
            file.truncate(0)
            json.dump(both.counts, file, indent=0, sort_keys=True)

    def load(self):
        if os.path.exists(FILE):
            with open(FILE, encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                self.counts = json.loads(file.read() or "{}")
        return self


def wanted(xlen, rows, csrs):
    """All cells of the table as (group, name, column); a row, a CSR or a cause each."""
    out = [("row", row.id, column) for row in rows.values() for column in Generator.possible_columns(row)]
    out += [("CSR", name, mode) for name in csrs if name not in NO_WITNESS for mode in MODES]
    return out + [("cause", f"cause {number}", "all") for number in load_causes().values()]


def missing(table, xlen, cells):
    """Those of the cells that have not reached their goal."""
    return [cell for cell in cells if table.get(xlen, *cell[1:]) < GOALS[cell[0]]]
