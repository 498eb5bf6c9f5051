"""A QEMU that is driven by its monitor protocol: pictures of its screen, keys and pointer for its guest."""
import os
import select
import subprocess
import time

from monitor import Monitor
from support import ROOT, TIMEOUT, path


class Qemu:
    def __init__(self, xlen, *args):
        address = path("qmp")
        self.out = ""
        self.process = subprocess.Popen(
            [f"qemu-system-riscv{xlen}", "-M", "virt", "-display", "none", "-serial", "stdio", "-qmp",
             f"unix:{address},server=on,wait=off", "-bios", "none", *args],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.monitor = Monitor(address, TIMEOUT, lambda: self.process.poll() is None)
        self.command = self.monitor.command

    def read_to(self, text):
        """What the guest prints up to the text; all of it if the text does not come."""
        end = time.monotonic() + TIMEOUT
        while text not in self.out:
            ready = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]
            got = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not got:
                break
            self.out += got.decode("utf-8", "replace")
        before, found, self.out = self.out.partition(text)
        return before + found

    def rest(self):
        """What it prints until its end."""
        out, _ = self.process.communicate(timeout=TIMEOUT)
        return self.out + out.decode("utf-8", "replace")

    def type(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.monitor.close()
        os.unlink(path("qmp"))
