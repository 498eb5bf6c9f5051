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
import os
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "tests/emu")
from monitor import Monitor  # noqa: E402
from pictures import read_png, read_ppm  # noqa: E402

PATIENCE = 60  # seconds without what must come
QCODES = {"RETURN": "ret", "LSHIFT": "shift", "RSHIFT": "shift_r", "LEFTBRACKET": "bracket_left", "ESCAPE": "esc",
          "SPACE": "spc", "LCTRL": "ctrl"}
BUTTONS = {1: "left", 2: "middle", 3: "right"}


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
        monitor = Monitor(f"{self.folder}/qmp", PATIENCE, lambda: self.process.poll() is None)
        for step in steps:
            if step[0] == "wait":
                self.until(step[1])
            elif step[0] == "screenshot":
                self.tell(monitor, "screendump", filename=f"{self.folder}/{len(self.pictures)}.ppm")
                self.pictures.append(read_ppm(f"{self.folder}/{len(self.pictures)}.ppm"))
            elif step[0] == "quit":
                self.process.terminate()
            else:
                self.tell(monitor, "input-send-event", events=self.qemu_events(step))
        monitor.close()

    def tell(self, monitor, command, **arguments):
        try:
            answer = monitor.command(command, **arguments)
        except (OSError, ValueError):
            return  # it was what the guest's command waited for: the machine's end came before the answer
        assert "return" in answer, answer

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
