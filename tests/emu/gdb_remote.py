"""gdb's remote protocol from the client's side, for tests of the stub, and machines to talk to."""
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import EMU, ROOT, path  # noqa: E402

WAIT = 60
REG_PC, REG_CSR, REG_PRIV = 32, 65, 65 + 4096


def wait_for_listener(where, process):
    """Until somebody listens on the Unix socket; a file of that name may be there before."""
    end = time.monotonic() + WAIT
    while process.poll() is None and time.monotonic() < end:
        with open("/proc/net/unix", encoding="utf-8") as table:
            if any(line.split()[3] == "00010000" for line in table if line.rstrip().endswith(" " + where)):
                return
        time.sleep(0.01)


class Remote:
    """A connection. Packets are text; bytes above 127 are not needed."""

    def __init__(self, where):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
        self.socket.settimeout(WAIT)
        self.socket.connect(where)
        self.input = b""

    def close(self):
        self.socket.close()

    def raw(self, data):
        self.socket.sendall(data)

    def byte(self):
        if not self.input:
            self.input = self.socket.recv(65536)
            if not self.input:
                raise EOFError("the stub has closed the connection")
        first, self.input = self.input[:1], self.input[1:]
        return first

    def send(self, content):
        data = content if isinstance(content, bytes) else content.encode()
        self.raw(b"$" + data + b"#%02x" % (sum(data) & 0xff))

    def receive(self):
        """The next packet's content."""
        while self.byte() != b"$":
            pass
        content, escaped = b"", False
        while (c := self.byte()) != b"#":
            if escaped:
                c, escaped = bytes([c[0] ^ 0x20]), False
            elif c == b"}":
                escaped = True
                continue
            content += c
        self.byte()
        self.byte()
        try:
            self.raw(b"+")
        except OSError:
            pass  # that was the last
        return content.decode("latin1")

    def ask(self, content):
        self.send(content)
        return self.receive()

    def monitor(self, line):
        """The text a monitor command prints."""
        self.send("qRcmd," + line.encode().hex())
        text = ""
        while (reply := self.receive()) != "OK":
            if not reply.startswith("O"):
                return reply
            text += bytes.fromhex(reply[1:]).decode()
        return text

    def reg(self, number):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), "little")

    def set_reg(self, number, value, xlen):
        return self.ask(f"P{number:x}={value.to_bytes(xlen // 8, 'little').hex()}")

    @property
    def pc(self):
        return self.reg(REG_PC)

    def csr(self, number):
        return self.reg(REG_CSR + number)

    def word(self, address):
        return int.from_bytes(bytes.fromhex(self.ask(f"m{address:x},4")), "little")


class Machine:
    """An emulator with a stub on a Unix socket."""

    number = 0

    def __init__(self, *args, binary=EMU, hold=True):
        Machine.number += 1
        self.where = path(f"gdb{Machine.number}")
        self.error = open(path("stderr"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [binary, *args, "-gdb", f"unix:{self.where},server=on", *(["-S"] if hold else [])], cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=open(path("stdout"), "wb"), stderr=self.error)
        wait_for_listener(self.where, self.process)

    def connect(self):
        return Remote(self.where)

    def wait(self):
        """Its exit status, None if it does not end."""
        try:
            return self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            return None

    def errors(self):
        self.error.seek(0)
        return self.error.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.error.close()
