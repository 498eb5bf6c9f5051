# Symbols of the kernel and the firmware, and a connection to a machine started by `make debug`.
# XLEN (from the environment, default 64) picks the build.
set confirm off
set pagination off
python
import os
xlen = os.environ.get("XLEN", "64")
build = os.path.join(os.environ.get("B", "build"), "rv" + xlen)
gdb.execute("set architecture riscv:rv" + xlen)
gdb.execute("file " + os.path.join(build, "kernel.elf"))
gdb.execute("add-symbol-file " + os.path.join(build, "fw_dynamic.elf"))
end
set confirm on
echo Symbols loaded.\n
