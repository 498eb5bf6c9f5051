"""What has agreed: counts per cell of the coverage table, kept in a file from run to run."""
import fcntl
import json
import os

from image import B
from insn import load_causes, load_csrs
from items import Generator

GOAL = 1000
FILE = os.path.join(B, "diff", "coverage.json")
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

    def save(self):
        """Adds the counts to the file."""
        os.makedirs(os.path.dirname(FILE), exist_ok=True)
        with open(FILE, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            old = json.loads(file.read() or "{}")
            for key, n in self.counts.items():
                old[key] = old.get(key, 0) + n
            file.truncate(0)
            json.dump(old, file, indent=0, sort_keys=True)

    def load(self):
        if os.path.exists(FILE):
            with open(FILE, encoding="utf-8") as file:
                self.counts = json.load(file)
        return self


def row_columns(row):
    """The columns that count for a row."""
    return Generator.possible_columns(row)


def wanted(xlen, rows, csrs):
    """All cells of the table as (group, name, column); a row, a CSR or a cause each."""
    out = [("row", row.id, column) for row in rows.values() for column in row_columns(row)]
    out += [("CSR", name, mode) for name in csrs for mode in MODES]
    return out + [("cause", f"cause {number}", "all") for number in load_causes().values()]
