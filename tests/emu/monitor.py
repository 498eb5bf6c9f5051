"""QEMU's monitor protocol (QMP) over a Unix socket."""
import json
import socket
import time


class Monitor:
    def __init__(self, address, timeout, alive=lambda: True):
        """Connects as soon as QEMU listens; alive() tells whether that may still happen."""
        self.socket = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + timeout
        while self.socket.connect_ex(address) != 0 and time.monotonic() < end and alive():
            time.sleep(0.02)
        self.lines = self.socket.makefile("r")
        self.lines.readline()
        self.command("qmp_capabilities")

    def command(self, name, **arguments):
        """Carry out a command; its answer."""
        self.socket.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self.lines.readline())
            if "event" not in answer:
                return answer

    def close(self):
        self.lines.close()
        self.socket.close()
