"""Debian's Linux: an initramfs with BusyBox, the modules that are asked for, and a script as init."""
import gzip
import lzma
import os
import re
import stat
import sys

from guest import GUESTS, ROOT, glob, path

sys.path.insert(0, os.path.join(ROOT, "tools"))
from cpio import Archive  # noqa: E402

KERNEL = next(iter(glob.glob(os.path.join(GUESTS, "boot/vmlinux-*"))), os.path.join(GUESTS, "boot/vmlinux"))
BUSYBOX = os.path.join(GUESTS, "usr/bin/busybox")

INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /mnt /tmp
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
