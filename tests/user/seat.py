"""A person's seat at the machine, for tests: the screen, keys, the pointer, on QEMU and on the emulator.

A scenario is a list of steps, the same for both:

    ("wait", TEXT)            until the command has printed TEXT since the wait before
    ("down"|"up", NAME)       a key of hw/key.def
    ("move", X, Y)            the pointer to a pixel
    ("button", N, "down"|"up")
    ("screenshot",)           a picture, the next of Seat.pictures
    ("quit",)                 ends the machine; without it the command's end does
    ("after", TIME, ...)      another step, so long after the one before (the emulator only)

QEMU is told by QMP; the emulator by a script (--input).
"""
import json
import os
import re
import select
import socket
import struct
import subprocess
import tempfile
import time
import zlib

PATIENCE = 60  # seconds without what must come
QCODES = {"RETURN": "ret", "LSHIFT": "shift", "RSHIFT": "shift_r", "LEFTBRACKET": "bracket_left", "ESCAPE": "esc",
          "SPACE": "spc", "LCTRL": "ctrl"}
BUTTONS = {1: "left", 2: "middle", 3: "right"}


class Picture:
    """Rows of pixels, each a number 0xrrggbb."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data

    def pixel(self, x, y):
        return int.from_bytes(self.data[(y * self.width + x) * 3:][:3], "big")

    @staticmethod
    def of(width, height, colour):
        """The picture whose pixel at x, y is colour(x, y)."""
        return Picture(width, height, b"".join(colour(x, y).to_bytes(3, "big")
                                               for y in range(height) for x in range(width)))

    def difference(self, other):
        """None, or where the two first differ."""
        if (self.width, self.height) != (other.width, other.height):
            return f"{self.width} by {self.height} pixels instead of {other.width} by {other.height}"
        if self.data == other.data:
            return None
        for y in range(self.height):
            for x in range(self.width):
                if self.pixel(x, y) != other.pixel(x, y):
                    return f"{self.pixel(x, y):06x} instead of {other.pixel(x, y):06x} at {x}, {y}"
        return None


def read_ppm(path):
    """As QEMU writes it: P6, width, height, 255, and the pixels."""
    with open(path, "rb") as file:
        data = file.read()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    return Picture(int(head[1]), int(head[2]), data[head.end():])


def unfilter(kind, line, above, size):
    """A PNG scan line without its filter (Portable Network Graphics, chapter 9)."""
    out = bytearray(line)
    for i, value in enumerate(line):
        a = out[i - size] if i >= size else 0
        b = above[i]
        c = above[i - size] if i >= size else 0
        if kind == 4:
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out[i] = (value + (0, a, b, (a + b) // 2, nearest if kind == 4 else 0)[kind]) & 255
    return out


def read_png(path):
    """8-bit RGB or RGBA, not interlaced."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG file"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        at += 12 + length
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and colour in (2, 6) and interlace == 0, "another kind of PNG"
            size = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            packed += body
    raw = zlib.decompress(packed)
    above, rows = bytes(width * size), []
    for y in range(height):
        start = y * (width * size + 1)
        kind, line = raw[start], raw[start + 1:start + 1 + width * size]
        above = bytes(line) if kind == 0 else bytes(unfilter(kind, line, above, size))
        rows.append(above if size == 3 else b"".join(above[i:i + 3] for i in range(0, len(above), 4)))
    return Picture(width, height, b"".join(rows))


class Qmp:
    """QEMU's monitor (docs/interop/qmp-spec)."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.command("qmp_capabilities")

    def command(self, name, **arguments):
        self.file.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "return" in answer or "error" in answer:
                assert "error" not in answer, answer
                return

    def close(self):
        self.file.close()
        self.socket.close()


class Seat:
    """One run of a command with a scenario. Afterwards: output, status, pictures."""

    def __init__(self, machine, xlen, command, steps=(), size=(320, 200), options=(), arguments=()):
        self.machine, self.size = machine, size
        self.output, self.pictures, self.errors = "", [], ""
        self.seen = 0  # how much of the output earlier waits have used up
        with tempfile.TemporaryDirectory(prefix="tarn-seat.") as self.folder:
            devices = ["-device", f"virtio-gpu-device,xres={size[0]},yres={size[1]}", "-device",
                       "virtio-keyboard-device", "-device", "virtio-tablet-device", *options]
            if machine == "qemu":
                devices += ["-qmp", f"unix:{self.folder}/qmp,server=on,wait=off"]
            else:
                devices += ["--input", self.write_script(steps)]
            words = ["tools/run", "--machine", machine, "--xlen", str(xlen), "--timeout", str(2 * PATIENCE), *arguments]
            for word in devices:
                words.append(f"--machine-arg={word}")
            self.process = subprocess.Popen([*words, command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE)
            try:
                if machine == "qemu":
                    self.play(steps)
                self.finish()
            finally:
                self.process.terminate()
                self.process.wait()
                self.process.stdout.close()
                self.process.stderr.close()
            self.collect()

    # ---- QEMU

    def play(self, steps):
        qmp = Qmp(f"{self.folder}/qmp")
        for step in steps:
            if step[0] == "wait":
                self.until(step[1])
            elif step[0] == "screenshot":
                qmp.command("screendump", filename=f"{self.folder}/{len(self.pictures)}.ppm")
                self.pictures.append(read_ppm(f"{self.folder}/{len(self.pictures)}.ppm"))
            elif step[0] == "quit":
                self.process.terminate()
            else:
                qmp.command("input-send-event", events=self.qemu_events(step))
        qmp.close()

    def qemu_events(self, step):
        if step[0] in ("down", "up"):
            code = {"type": "qcode", "data": QCODES.get(step[1], step[1].lower())}
            return [{"type": "key", "data": {"down": step[0] == "down", "key": code}}]
        if step[0] == "button":
            return [{"type": "btn", "data": {"button": BUTTONS[step[1]], "down": step[2] == "down"}}]
        # QEMU's axes go from 0 to 0x7fff whatever the screen's size.
        return [{"type": "abs", "data": {"axis": axis, "value": round(at * 0x7fff / (size - 1))}}
                for axis, at, size in zip("xy", step[1:], self.size)]

    def until(self, text):
        end = time.monotonic() + PATIENCE
        while (at := self.output.find(text, self.seen)) < 0:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            got = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not got:
                raise AssertionError(f"no {text!r} after {self.output[-300:]!r}")
            self.output += got.decode("utf-8", "replace")
        self.seen = at + len(text)

    def finish(self):
        out, err = self.process.communicate(timeout=3 * PATIENCE)
        self.output += out.decode("utf-8", "replace")
        self.errors = err.decode("utf-8", "replace")
        self.status = self.process.returncode

    # ---- the emulator

    def write_script(self, steps):
        lines, shots = [], 0
        for step in steps:
            if step[0] == "wait":
                lines.append(f'wait text "{step[1]}"')
            elif step[0] == "screenshot":
                lines.append(f"screenshot {self.folder}/{shots}.png")
                shots += 1
            elif step[0] == "after":
                lines.append(f"+{step[1]} " + " ".join(str(word) for word in step[2:]))
            else:
                lines.append(" ".join(str(word) for word in step))
        path = f"{self.folder}/script"
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def collect(self):
        if self.machine == "emu":
            while os.path.exists(path := f"{self.folder}/{len(self.pictures)}.png"):
                self.pictures.append(read_png(path))
