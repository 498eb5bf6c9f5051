"""Reading pictures: PPM, PNG of the kind the emulator writes, and what Xvfb shows."""
import mmap
import struct
import zlib


class Picture:
    """width, height, and rows of red, green and blue bytes."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data

    def __eq__(self, other):
        return (self.width, self.height, self.data) == (other.width, other.height, other.data)

    def pixel(self, x, y):
        at = (y * self.width + x) * 3
        return int.from_bytes(self.data[at:at + 3], "big")

    def part(self, x, y, width, height):
        rows = (self.data[((y + row) * self.width + x) * 3:][:width * 3] for row in range(height))
        return Picture(width, height, b"".join(rows))

    def difference(self, other):
        """A line on the first pixel that differs, for a test's diagnostics."""
        if (self.width, self.height) != (other.width, other.height):
            return f"{self.width}x{self.height} against {other.width}x{other.height}"
        for at in range(0, len(self.data), 3):
            if self.data[at:at + 3] != other.data[at:at + 3]:
                x, y = at // 3 % self.width, at // 3 // self.width
                return f"pixel {x},{y}: {self.pixel(x, y):06x} against {other.pixel(x, y):06x}"
        return "the same"


def read_ppm(path):
    with open(path, "rb") as file:
        kind, size, depth = file.readline(), file.readline().split(), file.readline()
        if (kind, depth) != (b"P6\n", b"255\n"):
            raise ValueError(f"{path}: not a PPM of 8 bits")
        return Picture(int(size[0]), int(size[1]), file.read())


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def unfilter(kind, row, above):
    """Undo a row's filter (PNG specification, section 9.2), three bytes a pixel."""
    for i, byte in enumerate(row):
        left = row[i - 3] if i >= 3 else 0
        up, corner = above[i], above[i - 3] if i >= 3 else 0
        row[i] = (byte + (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]) & 255


def read_png(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"{path}: not a PNG")
    at, packed, header = 8, b"", None
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + size]
        if zlib.crc32(data[at + 4:at + 8 + size]) != struct.unpack_from(">I", data, at + 8 + size)[0]:
            raise ValueError(f"{path}: bad checksum")
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + size
    width, height, depth, colour, *others = header
    if (depth, colour, *others) != (8, 2, 0, 0, 0):
        raise ValueError(f"{path}: not 8 bits of RGB")
    raw, above, out = zlib.decompress(packed), bytearray(width * 3), []
    for y in range(height):
        start = y * (width * 3 + 1)
        row = bytearray(raw[start + 1:start + 1 + width * 3])
        if raw[start] != 0:
            unfilter(raw[start], row, above)
        out.append(bytes(row))
        above = row
    return Picture(width, height, b"".join(out))


def read_xvfb(path):
    """What Xvfb keeps in its -fbdir: an X window dump of 32 bits a pixel."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        word = struct.unpack(">25I", data[:100])
        size, width, height, stride, colours = word[0], word[4], word[5], word[12], word[19]
        start = size + 12 * colours
        out = bytearray(width * height * 3)
        for y in range(height):
            row = data[start + y * stride:start + y * stride + width * 4]
            at = y * width * 3
            out[at:at + width * 3:3], out[at + 1:at + width * 3:3], out[at + 2:at + width * 3:3] = \
                row[2::4], row[1::4], row[0::4]
        return Picture(width, height, bytes(out))
