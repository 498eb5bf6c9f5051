"""A writer of cpio archives in the newc format (as in Linux's initramfs buffer format)."""
import os
import stat


class Archive:
    """Entries by path; parents are made as needed, the output is sorted and without times."""

    def __init__(self):
        self.entries = {}  # path -> (mode, data, rdev)

    def add(self, path, mode, data=b"", rdev=(0, 0)):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self.entries:
            self.add(parent, stat.S_IFDIR | 0o755)
        self.entries[path] = (mode, data, rdev)

    def encode(self):
        out = bytearray()
        for ino, (path, entry) in enumerate(sorted(self.entries.items()), start=1):
            self.encode_one(out, ino, path, *entry)
        self.encode_one(out, 0, "TRAILER!!!", 0, b"", (0, 0))
        return bytes(out)

    @staticmethod
    def encode_one(out, ino, path, mode, data, rdev):
        name = path.encode() + b"\0"
        nlink = 2 if stat.S_ISDIR(mode) else 1
        fields = (ino, mode, 0, 0, nlink, 0, len(data), 0, 0, *rdev, len(name), 0)
        out += b"070701" + b"".join(b"%08X" % f for f in fields) + name
        out += bytes(-len(out) % 4)
        out += data
        out += bytes(-len(out) % 4)
