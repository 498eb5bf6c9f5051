"""What the emulator's tests share: TAP, scratch files, test guests, runs on the emulator and QEMU."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
B = os.environ.get("B", "build")
CROSS = os.environ.get("CROSS", "riscv64-unknown-elf-")
EMU = os.path.join(B, "host", "tarn-emu")
SAN = os.path.join(B, "host-san", "tarn-emu")
TIMEOUT = 90

# Prints "ready\n", echoes what it gets; 'q' powers off, 'i' waits for interrupts from then on.
ECHO = """
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, 9f
    li      s0, 0x10000000
    li      t0, 7
    sb      t0, 2(s0)       # FIFOs on
    la      s1, text
1:  lbu     a0, 0(s1)
    beqz    a0, 2f
    sb      a0, 0(s0)
    addi    s1, s1, 1
    j       1b
2:  lbu     t0, 5(s0)
    andi    t0, t0, 1
    beqz    t0, 2b
    lbu     a0, 0(s0)
    sb      a0, 0(s0)
    li      t0, 'q'
    beq     a0, t0, quit
    li      t0, 'i'
    bne     a0, t0, 2b
    li      t0, 1           # receiver interrupt, through the PLIC, to wake from wfi
    sb      t0, 1(s0)
    li      t1, 0xc000028
    sw      t0, 0(t1)
    li      t1, 0xc002000
    li      t2, 1 << 10
    sw      t2, 0(t1)
    li      t0, 1 << 11
    csrw    mie, t0
3:  wfi
    j       2b
quit:
    li      t0, 0x100000
    li      t1, 0x5555
    sw      t1, 0(t0)
4:  j       4b
9:  wfi
    j       9b
text: .asciz "ready\\n"
"""

T = tempfile.mkdtemp(prefix="tarn-test.")
atexit.register(shutil.rmtree, T, ignore_errors=True)

_count = 0
_failed = 0


def ok(condition, text, *diagnostics):
    global _count, _failed
    _count += 1
    if condition:
        print(f"ok {_count} - {text}")
    else:
        _failed += 1
        print(f"not ok {_count} - {text}")
        for diagnostic in diagnostics:
            for line in str(diagnostic).splitlines()[:40]:
                print(f"# {line}")
    sys.stdout.flush()
    return condition


def equal(got, want, text):
    return ok(got == want, text, f"got:  {got!r}", f"want: {want!r}")


def skip(text, reason):
    global _count
    _count += 1
    print(f"ok {_count} - {text} # SKIP {reason}")


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)


def path(name):
    return os.path.join(T, name)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path(name)


class Result:
    """A finished process: code (None: out of time), out and err as text."""

    def __init__(self, code, out, err):
        self.code = code
        self.raw = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def __str__(self):
        return f"exit {self.code}\nstdout: {self.out}\nstderr: {self.err}"


def run(argv, stdin=b"", timeout=TIMEOUT):
    with subprocess.Popen(argv, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        try:
            out, err = process.communicate(stdin, timeout)
            return Result(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Result(None, out, err)


def emu(*args, binary=SAN, stdin=None, timeout=TIMEOUT):
    return run([binary, *args], stdin, timeout)


def qemu(xlen, *args, stdin=None, timeout=TIMEOUT, binary=None):
    return run([binary or f"qemu-system-riscv{xlen}", "-M", "virt", "-nographic", *args], stdin, timeout)


def guest(name, xlen, *flags, sources=None):
    """Build tests/emu/guest/NAME.c (or `sources`) into an M-mode ELF file; returns its path."""
    where = os.path.join("tests", "emu", "guest")
    out = path(f"{name}{xlen}.elf")
    if sources is None:
        sources = [os.path.join(where, s) for s in ("start.S", "guest.c", f"{name}.c")]
    arch = {32: ("-march=rv32ima_zicsr", "-mabi=ilp32"), 64: ("-march=rv64ima_zicsr", "-mabi=lp64")}
    argv = [CROSS + "gcc", *arch[xlen], "-mcmodel=medany", "-std=gnu11", "-O1", "-g", "-Wall",
            "-ffreestanding", "-nostdlib", "-nostartfiles", "-Wl,-Ttext=0x80000000",
            "-Wl,--no-relax", "-Wl,--build-id=none", "-I.", "-Iinclude", *flags, *sources, "-o", out]
    result = run(argv)
    if result.code != 0:
        print(f"Bail out! cannot build {name}: {result.err}".splitlines()[0])
        sys.stderr.write(result.err)
        sys.exit(1)
    return out


def raw(elf):
    """The flat image of an ELF file."""
    out = elf.replace(".elf", ".bin")
    run([CROSS + "objcopy", "-O", "binary", elf, out])
    return out


def assembly(name, xlen, text):
    """Build a guest from assembly text."""
    return guest(name, xlen, sources=[write(f"{name}{xlen}.S", text)])
