"""A program at a pseudo-terminal, driven as by a user: type, and wait for what is printed."""
import os
import pty
import select
import time

STEP_TIMEOUT = 20


class Terminal:
    """A program on a pseudo-terminal that prompts. Every step waits for output, never for time to pass."""

    def __init__(self, words, prompt, environment=None):
        self.seen, self.prompt = "", prompt
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, environment or os.environ)

    def expect(self, text):
        """Output up to and including `text`, or None when it does not come."""
        limit = time.monotonic() + STEP_TIMEOUT
        while text not in self.seen:
            if not select.select([self.fd], [], [], max(0, limit - time.monotonic()))[0]:
                return None
            try:
                data = os.read(self.fd, 4096)
            except OSError:
                data = b""
            if not data:
                return None
            self.seen += data.decode(errors="replace").replace("\r", "")
        at = self.seen.index(text) + len(text)
        found, self.seen = self.seen[:at], self.seen[at:]
        return found

    def send(self, text):
        os.write(self.fd, text.encode())

    def line(self, text, wait=None):
        """Type a line and return what is printed until the next prompt."""
        wait = wait or self.prompt
        self.send(text + "\n")
        self.expect(text + "\n")
        out = self.expect(wait)
        return None if out is None else out[: -len(wait)]

    def end(self):
        """The exit status once the shell has ended by itself, None when it has not."""
        limit = time.monotonic() + STEP_TIMEOUT
        while time.monotonic() < limit:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    os.read(self.fd, 4096)
                except OSError:
                    pass
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        return None
