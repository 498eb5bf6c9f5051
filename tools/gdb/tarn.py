"""Commands for gdb: symbols of programs, the kernel's threads."""
import glob
import os

import gdb

BUILD = os.path.join(os.environ.get("B", "build"), "rv" + os.environ.get("XLEN", "64"))


class Tarn(gdb.Command):
    """Commands that know Tarn."""

    def __init__(self):
        super().__init__("tarn", gdb.COMMAND_USER, prefix=True)


class Program(gdb.Command):
    """tarn program NAME: load the symbols of /bin/NAME, in place of another program's.

    All programs are linked at the same address, so a breakpoint in one is hit in others, too."""

    loaded = None

    def __init__(self):
        super().__init__("tarn program", gdb.COMMAND_FILES)

    def invoke(self, argument, from_tty):
        path = os.path.join(BUILD, "bin", argument)
        if not argument or not os.path.isfile(path):
            raise gdb.GdbError(f"there is no {path}")
        if Program.loaded:
            gdb.execute(f"remove-symbol-file {Program.loaded}", to_string=True)
        gdb.execute(f"add-symbol-file {path}", to_string=True)
        Program.loaded = path

    def complete(self, text, word):
        names = (os.path.basename(path) for path in glob.glob(os.path.join(BUILD, "bin", "*")))
        return sorted(name for name in names if name.startswith(text) and not name.endswith(".stripped"))


class Where(gdb.Command):
    """tarn where: of each hart, its privilege, and where it is."""

    def __init__(self):
        super().__init__("tarn where", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        before = gdb.selected_thread()
        try:
            for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num):
                thread.switch()
                pc = int(gdb.parse_and_eval("(unsigned long)$pc"))
                priv = "US?M"[int(gdb.parse_and_eval("$priv")) & 3]
                name = gdb.execute(f"info symbol {pc}", to_string=True).split(" in section")[0].strip()
                print(f"hart {thread.num - 1}: {priv} {pc:#x} {name}")
        finally:
            before.switch()


Tarn()
Program()
Where()
