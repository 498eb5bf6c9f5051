"""Systems that others wrote: where they are, and a machine whose console is read and written to."""
import glob
import os
import re
import selectors
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "emu"))
from support import B, EMU, ROOT, T, done, equal, ok, path, skip, write  # noqa: E402, F401 (for the tests)

CACHE = os.environ.get("CACHE", ".cache")
GUESTS = os.path.join(ROOT, CACHE, "guests")
FIRMWARE = os.path.join(B, "rv64", "fw_dynamic.bin")
UBOOT = os.path.join(GUESTS, "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin")
LIMIT = 120  # seconds for one text to come


def require(*files):
    """Ends the test as skipped unless all files are here."""
    for file in files:
        if not glob.glob(file):
            print(f"1..0 # SKIP {os.path.basename(file)} is not here: tools/bootstrap --guests fetches it")
            sys.exit(0)


class Silence(Exception):
    """What was waited for did not come."""


class Machine:
    """A running emulator or QEMU: `machine` is "emu" or "qemu"."""

    def __init__(self, machine, *args, firmware=FIRMWARE):
        if machine == "emu":
            argv = [EMU, "-bios", firmware, *args]
        else:
            argv = ["qemu-system-riscv64", "-M", "virt", "-nographic", "-bios", firmware, *args]
        self.started = time.monotonic()
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, cwd=ROOT)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.text = ""  # all that came
        self.seen = 0   # of it, up to where something was waited for

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def _read(self, timeout):
        """More of the console: False at its end, or when the time is over."""
        if not self.selector.select(timeout):
            return False
        data = self.process.stdout.read()
        if data:
            self.text += data.decode("utf-8", "replace").replace("\r", "")
        return bool(data)

    def expect(self, pattern, limit=LIMIT):
        """Waits until the pattern comes; returns its match."""
        end = time.monotonic() + limit
        while True:
            match = re.compile(pattern, re.M).search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if not self._read(max(0, end - time.monotonic())):
                raise Silence(f"/{pattern}/ does not come after:\n" + self.text[-3000:])

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def wait(self, limit=LIMIT):
        """Reads to the end; returns the exit status."""
        end = time.monotonic() + limit
        while self._read(max(0, end - time.monotonic())):
            pass
        try:
            return self.process.wait(max(1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Silence("does not end after:\n" + self.text[-3000:])


def attempt(text, function, *args):
    """One test: function() returns without a Silence and what it returns is true or None."""
    try:
        result = function(*args)
        ok(result is None or result, text)
    except Silence as silence:
        ok(False, text, *str(silence).splitlines()[-39:])
