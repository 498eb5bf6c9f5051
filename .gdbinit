# Symbols of the kernel and the firmware. XLEN (from the environment, default 64) picks the build.
# A machine may be one of `make debug`, on port 1234; tools/gdb/tarn.py has the commands, and programs' symbols.
set confirm off
set pagination off
python
import os
xlen = os.environ.get("XLEN", "64")
build = os.path.join(os.environ.get("B", "build"), "rv" + xlen)
gdb.execute("set architecture riscv:rv" + xlen)
# Else gdb takes ecall for something to step over.
gdb.execute("set osabi none")
gdb.execute("file " + os.path.join(build, "kernel.elf"))
gdb.execute("add-symbol-file " + os.path.join(build, "fw_dynamic.elf"))
gdb.execute("source tools/gdb/tarn.py")
end
set confirm on
echo Symbols of the kernel and the firmware are loaded; `help tarn` lists what helps.\n
