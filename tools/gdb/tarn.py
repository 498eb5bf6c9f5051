"""Commands for gdb: symbols of programs, what the harts do."""
import glob
import os

import gdb

BUILD = os.path.join(os.environ.get("B", "build"), "rv" + os.environ.get("XLEN", "64"))


def value(expression):
    return int(gdb.parse_and_eval(expression))


def privilege():
    """Of the selected hart: U, S or M."""
    return "US?M"[value("$priv") & 3]


def thread_name():
    """Of the kernel's thread on the selected hart; a process's is its program's. None: there is none, or it cannot be told."""
    mode = privilege()
    pointer = {"U": "$sscratch", "S": "$tp"}.get(mode)
    try:
        if mode == "U":  # in which QEMU does not show the kernel's memory
            gdb.execute("set $priv = 1")
        name = gdb.parse_and_eval(f"((struct thread *){pointer})->name").string() if pointer else ""
    except (gdb.error, UnicodeDecodeError):  # not set up yet, or in the middle of a trap's entry
        return None
    finally:
        if mode == "U":
            gdb.execute("set $priv = 0")
    return name if name.isprintable() and name else None


class Tarn(gdb.Command):
    """Commands that know Tarn."""

    def __init__(self):
        super().__init__("tarn", gdb.COMMAND_USER, prefix=True)


class Program(gdb.Command):
    """tarn program [NAME]: load the symbols of /bin/NAME, or of the program that runs, in place of another's.

    The first time a hart stops in a program that happens by itself. All programs are linked at the same
    address, so a breakpoint in one is hit in others, too."""

    loaded = None

    def __init__(self):
        super().__init__("tarn program", gdb.COMMAND_FILES)
        gdb.events.stop.connect(Program.stopped)

    @staticmethod
    def load(name):
        path = os.path.realpath(os.path.join(BUILD, "bin", name))  # as gdb has it
        if not os.path.isfile(path):
            raise gdb.GdbError(f"there is no {path}")
        if Program.loaded:
            gdb.execute(f"remove-symbol-file {Program.loaded}", to_string=True)
        gdb.execute(f"add-symbol-file {path}", to_string=True)
        Program.loaded = path
        print(f"Symbols of {path} are loaded.")

    @staticmethod
    def stopped(_event):
        if Program.loaded is None and privilege() == "U":
            name = thread_name()
            if name and os.path.isfile(os.path.join(BUILD, "bin", name)):
                Program.load(name)

    def invoke(self, argument, from_tty):
        name = argument or thread_name()
        if not name:
            raise gdb.GdbError("tarn program NAME: there is no program on this hart now")
        self.load(name)

    def complete(self, text, word):
        names = (os.path.basename(path) for path in glob.glob(os.path.join(BUILD, "bin", "*")))
        return sorted(name for name in names if name.startswith(text) and not name.endswith(".stripped"))


class Out(gdb.Command):
    """tarn out: go on until the trap that the hart has just taken is over, and it is back where that came from.

    After `stepi` or `next` has come to a trap handler, by an ecall or a page that was not there yet.
    That is, while sepc and scause (in M-mode mepc and mcause) are still that trap's."""

    def __init__(self):
        super().__init__("tarn out", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        mode = privilege()
        if mode == "U":
            raise gdb.GdbError("this hart is in no trap")
        xlen = 8 * gdb.parse_and_eval("$pc").type.sizeof
        letter = mode.lower()
        cause, pc, status = (value(f"${letter}{name}") & (1 << xlen) - 1 for name in ("cause", "epc", "status"))
        before = status >> 8 & 1 if mode == "S" else status >> 11 & 3
        # An ecall is done then, and the handler may have said so already; anything else is tried again.
        places = (pc, pc + 4) if cause in (8, 9, 11) else (pc,)
        points = [self.point(place, before) for place in places]
        try:
            gdb.execute("continue", to_string=True)
            gdb.execute("frame")
        finally:
            for point in points:
                if point.is_valid():
                    point.delete()

    @staticmethod
    def point(pc, before):
        point = gdb.Breakpoint(f"*{pc:#x}", internal=True, temporary=True)
        point.silent = True
        # A process may go on on another hart, but in its address space; firmware and kernel stay where they are.
        if before == 0:
            point.condition = f"$priv == 0 && $satp == {value('$satp')}"
        else:
            point.condition = f"$priv == {before}"
            point.thread = gdb.selected_thread().num
        return point


class Where(gdb.Command):
    """tarn where: of each hart, its privilege, where it is, and the thread it runs."""

    def __init__(self):
        super().__init__("tarn where", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        before = gdb.selected_thread()
        if before is None:
            raise gdb.GdbError("there is no machine: target remote :1234")
        try:
            for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num):
                thread.switch()
                pc = value("(unsigned long)$pc")
                symbol, found, _ = gdb.execute(f"info symbol {pc}", to_string=True).partition(" in section")
                name = thread_name()
                print(f"hart {thread.num - 1}: {privilege()} {pc:#x}{' ' + symbol if found else ''}{f' ({name})' if name else ''}")
        finally:
            before.switch()


Tarn()
Program()
Out()
Where()
