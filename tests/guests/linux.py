#!/usr/bin/env python3
"""Debian's Linux: an initramfs with BusyBox, the modules that are asked for, and a script as init.

usage: tests/guests/linux.py FILE    writes one that ends in a shell (for `make linux`)
"""
import gzip
import lzma
import os
import re
import shutil
import stat
import sys

from guest import GUESTS, ROOT, equal, glob, path

sys.path.insert(0, os.path.join(ROOT, "tools"))
from cpio import Archive  # noqa: E402

KERNEL = next(iter(glob.glob(os.path.join(GUESTS, "boot/vmlinux-*"))), os.path.join(GUESTS, "boot/vmlinux"))
BUSYBOX = os.path.join(GUESTS, "usr/bin/busybox")

# All that the emulator's devices want, and file systems.
MODULES = ("virtio-mmio", "virtio-blk", "virtio-net", "virtio-gpu", "virtio-input", "virtio-snd", "virtio-rng", "evdev",
           "snd-pcm-oss", "9p", "9pnet-virtio", "crc32c-generic", "ext4", "nls-ascii")

# An address for eth0 if somebody answers, then a shell whose end ends the machine.
LEASE = """
cat > /lease << 'END'
#!/bin/sh
[ "$1" = bound ] || exit 0
ifconfig $interface $ip netmask $subnet && route add default gw $router
for server in $dns; do echo nameserver $server; done > /etc/resolv.conf
echo LEASE $ip $dns
END
chmod +x /lease
ifconfig lo up; ifconfig eth0 up
udhcpc -i eth0 -n -q -s /lease 2> /dev/null
"""
SHELL = f"[ ! -e /sys/class/net/eth0 ] || {{ {LEASE} }}\nsetsid cttyhack sh\npoweroff -f\n"

# Every hart does some work, and says which one it is (proc(5): field 39 of stat).
WORK = """
for cpu in $(seq 0 $(($(nproc) - 1))); do
    taskset $(printf %x $((1 << cpu))) sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done
        echo "BUSY $(cut -d " " -f 39 /proc/$$/stat) $i"' &
done
wait
"""

INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /mnt /tmp /etc
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/list); do insmod /modules/$module.ko || echo "FAILED insmod $module"; done
echo "INIT $(uname -s) $(uname -m) $(nproc)"
"""


def _modules():
    """Name (with - for _) -> file, of all the kernel has."""
    found = {}
    for file in glob.glob(os.path.join(GUESTS, "usr/lib/modules/*/kernel/**/*.ko.xz"), recursive=True):
        found[os.path.basename(file)[:-6].replace("_", "-")] = file
    return found


def _load_order(wanted):
    """The wanted modules after those that they depend on, as (name, contents)."""
    files, order, contents = _modules(), [], {}

    def add(name):
        if name in contents:
            return
        with lzma.open(files[name]) as file:
            contents[name] = file.read()
        depends = re.search(rb"\0depends=([^\0]*)\0", contents[name]).group(1).decode()
        for other in filter(None, depends.split(",")):
            add(other.replace("_", "-"))
        order.append(name)

    for name in wanted:
        add(name)
    return [(name, contents[name]) for name in order]


def initramfs(name, script, modules=(), files=()):
    """Writes one whose init does what INIT says and then the script; files: (path, data). Returns its path."""
    archive = Archive()
    with open(BUSYBOX, "rb") as file:
        archive.add("bin/busybox", stat.S_IFREG | 0o755, file.read())
    archive.add("init", stat.S_IFREG | 0o755, (INIT + script).encode())
    archive.add("dev/console", stat.S_IFCHR | 0o600, rdev=(5, 1))
    order = _load_order(modules)
    for module, data in order:
        archive.add(f"modules/{module}.ko", stat.S_IFREG | 0o644, data)
    archive.add("modules/list", stat.S_IFREG | 0o644, "".join(f"{m}\n" for m, _ in order).encode())
    for where, data in files:
        archive.add(where, stat.S_IFREG | 0o644, data)
    out = path(name + ".cpio.gz")
    with gzip.open(out, "wb", compresslevel=1) as file:
        file.write(archive.encode())
    return out


def worked(m, harts, text):
    """Reads what WORK prints on Machine m: each hart has done something."""
    busy = sorted(int(m.expect(r"^BUSY (\d+) 20000\n").group(1)) for _ in range(harts))
    equal(busy, list(range(harts)), f"{text}: each of them has worked")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: tests/guests/linux.py FILE")
    shutil.move(initramfs("shell", SHELL, MODULES), sys.argv[1])
