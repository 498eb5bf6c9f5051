# Tarn: one non-recursive build. `make help` lists the targets.
#
# A bare `make` builds everything for both XLENs; XLEN=32|64 only says which one `make run` and its
# like start. Everything built lands in $(B)/host, $(B)/rv64 and $(B)/rv32; newlib, which takes
# minutes, is kept in the cache folder so that `make clean` need not throw it away.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
SHELL     := /bin/bash
.SHELLFLAGS := -ec
.DELETE_ON_ERROR:
.PRECIOUS: %.o %.ld %.elf
.SUFFIXES:

XLEN  ?= 64
B     ?= build
CACHE ?= .cache
V     ?= 0
CI    ?=

ifneq ($(filter-out 32 64,$(XLEN)),)
$(error XLEN is '$(XLEN)': must be 32 or 64)
endif

Q   := $(if $(filter 1,$(V)),,@)
say  = $(if $(filter 1,$(V)),,@printf '  %-8s%s\n' '$(1)' '$(patsubst $(B)/%,%,$(or $(2),$@))';)

.PHONY: all
all: ## build everything for both XLENs (the default)

# ---------------------------------------------------------------- tools
HOSTCC  ?= cc
PYTHON  ?= python3
# The first cross prefix that answers; CROSS=... overrides. tools/bootstrap knows the same list.
ifndef CROSS
CROSS   := $(shell tools/bootstrap --print-cross)
endif
CC      := $(CROSS)gcc
LD      := $(CROSS)ld
NM      := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy

# Goals that install the compiler first, or do without it.
toolless := run linux qemu test test-guests fuzz mutate help clean host format gdb
ifneq ($(filter-out $(toolless),$(or $(MAKECMDGOALS),all)),)
ifeq ($(shell command -v $(CC)),)
$(error there is no $(CC): run tools/bootstrap first, or name another cross prefix with CROSS=)
endif
endif

# -Werror only in CI: a newer compiler's new warning must not stop a user's build.
warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-unused-parameter \
            $(if $(CI),-Werror)
common   := -std=gnu11 -O2 -g -MMD -MP -I. -Iinclude $(warnings)

# ---------------------------------------------------------------- host programs
emu_all  := $(shell find tools/emu -name '*.c' | sort)
# The hart core is compiled once per XLEN into the one binary (its files see -DXLEN=32 or 64).
emu_core := $(filter tools/emu/core/%,$(emu_all))
emu_once := $(filter-out $(emu_core),$(emu_all))
lib_src  := $(wildcard lib/*.c)

host_cflags := $(common) -ffp-contract=off -Wframe-larger-than=8192 -D_GNU_SOURCE -DTARN_VERSION='"$(shell cat VERSION)"'

# Libraries that the emulator can do without: pkg-config's name, and HAVE_NAME for the compiler. What is there is
# written down in $(B)/emu.libs, for tests that link as well; when that changes everything is compiled again.
PKG_CONFIG  ?= pkg-config
emu_optional := sdl2:SDL2 libpng:PNG slirp:SLIRP
emu_found   := $(foreach l,$(emu_optional),$(if $(shell $(PKG_CONFIG) --exists $(firstword $(subst :, ,$l)) 2>/dev/null && echo y),$l))
emu_pkgs    := $(foreach l,$(emu_found),$(firstword $(subst :, ,$l)))
emu_linked  := $(filter-out sdl2,$(emu_pkgs)) # SDL2 is loaded when it is wanted: host/sdl.h
emu_libs    := $(if $(emu_linked),$(shell $(PKG_CONFIG) --libs $(emu_linked))) -lpthread -lm -ldl
host_cflags += $(if $(emu_pkgs),$(shell $(PKG_CONFIG) --cflags $(emu_pkgs)) $(foreach l,$(emu_found),-DHAVE_$(lastword $(subst :, ,$l))))
$(shell mkdir -p $(B); echo '$(emu_libs)' | cmp -s - $(B)/emu.libs || echo '$(emu_libs)' > $(B)/emu.libs)

san_cflags  := $(host_cflags) -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# What it warns of, that it does not see fences, is no harm: guest memory is only accessed atomically.
tsan_cflags := $(host_cflags) -fsanitize=thread -Wno-tsan -fno-omit-frame-pointer

# $(1) folder under $(B), $(2) flags: the emulator, plain and sanitised.
define emu_rules
emu_objs_$(1) := $$(patsubst %.c,$(B)/$(1)/%.o,$(emu_once) $(lib_src)) \
                 $$(foreach x,32 64,$$(patsubst %.c,$(B)/$(1)/%.$$(x).o,$(emu_core)))
$(B)/$(1)/tarn-emu: $$(emu_objs_$(1))
	$$(call say,LD)
	$$(Q)$(HOSTCC) $(2) $$^ $(emu_libs) -o $$@
$(B)/$(1)/%.32.o: %.c $(B)/emu.libs
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $(HOSTCC) $(2) -DXLEN=32 -c $$< -o $$@
$(B)/$(1)/%.64.o: %.c $(B)/emu.libs
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $(HOSTCC) $(2) -DXLEN=64 -c $$< -o $$@
$(B)/$(1)/%.o: %.c $(B)/emu.libs
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $(HOSTCC) $(2) -c $$< -o $$@
endef
$(eval $(call emu_rules,host,$(host_cflags)))
$(eval $(call emu_rules,host-san,$(san_cflags)))
$(eval $(call emu_rules,host-tsan,$(tsan_cflags)))

# Host unit tests and fuzz targets: tests/unit/NAME.c becomes $(B)/host-san/unit/NAME, linked with lib/ and fs/.
unit_src   := $(wildcard tests/unit/test_*.c)
unit_bins  := $(patsubst tests/unit/%.c,$(B)/host-san/unit/%,$(unit_src))
fs_src     := $(wildcard fs/*.c)
# What of the emulator needs nothing else of it.
unit_emu   := $(patsubst %,tools/emu/%.c,edid frame keys machine_dma machine_trace props ram resv script state vclock when) \
              $(wildcard tools/emu/dev/*.c) tools/emu/host/thread.c tests/fuzz/virtio_messages.c
unit_objs  := $(patsubst %.c,$(B)/host-san/%.o,$(lib_src) $(fs_src) $(unit_emu) $(wildcard tests/unit/support/*.c))
unit_archive := $(B)/host-san/unit.a
$(unit_archive): $(unit_objs)
	$(call say,AR)
	$(Q)rm -f $@; ar rcs $@ $^
$(unit_bins): $(B)/host-san/unit/%: $(B)/host-san/tests/unit/%.o $(unit_archive)
	$(call say,LD)
	$(Q)mkdir -p $(@D); $(HOSTCC) $(san_cflags) $^ -o $@

# ---------------------------------------------------------------- target programs, once per XLEN
target_cflags := $(common) -Wframe-larger-than=2048 -ffreestanding -nostdlib -fno-pic -mcmodel=medany \
                 -fno-omit-frame-pointer -fno-common -ffunction-sections -fdata-sections \
                 -fno-stack-protector -fno-asynchronous-unwind-tables -mno-relax
arch_32 := -march=rv32imac_zicsr_zifencei -mabi=ilp32
arch_64 := -march=rv64imac_zicsr_zifencei -mabi=lp64
# User land has hardware floating point; firmware and kernel have none in their compilers' hands.
uisa_32 := rv32gc
uabi_32 := ilp32d
uisa_64 := rv64gc
uabi_64 := lp64d
# The library gcc would pick for the -march above may be the wrong XLEN's; these name real multilibs.
libgcc_32  := $(shell $(CC) -march=rv32imac -mabi=ilp32 -print-libgcc-file-name 2>/dev/null)
libgcc_64  := $(shell $(CC) -march=rv64imac -mabi=lp64 -print-libgcc-file-name 2>/dev/null)
ulibgcc_32 := $(shell $(CC) -march=rv32imafdc -mabi=ilp32d -print-libgcc-file-name 2>/dev/null)
ulibgcc_64 := $(shell $(CC) -march=rv64imafdc -mabi=lp64d -print-libgcc-file-name 2>/dev/null)

sbi_src    := $(wildcard sbi/*.c sbi/*.S)
sbitest_src := $(wildcard tests/sbi/payload/*.c) tests/sbi/payload/start.S
kernel_src := $(shell find kernel -name '*.[cS]' | sort)
libt_src   := $(lib_src) $(wildcard lib/arch/*.S)

# Where FW_JUMP and FW_PAYLOAD go on to: the start of DRAM plus one superpage, as QEMU has it.
next_64 := 0x80200000
next_32 := 0x80400000

version := $(shell cat VERSION)

# user/bin/foo.c and user/games/foo.c become /bin/foo; user/bin/foo/*.c become /bin/foo as well.
user_single := $(wildcard user/bin/*.c user/games/*.c)
user_multi  := $(patsubst %/,%,$(sort $(dir $(wildcard user/bin/*/*.c user/games/*/*.c))))
user_progs  := $(notdir $(basename $(user_single)) $(user_multi))
user_lib    := $(filter-out user/arch/crt0.S,$(shell find user/lib user/arch -name '*.[cS]' | sort))
user_shared := lib/fmt.c # compiled again: the kernel's objects are of another ABI
ramdisk_files := $(shell find ramdisk -type f | sort)

newlib_64 := $(CACHE)/sysroot/$(uisa_64)-$(uabi_64)
newlib_32 := $(CACHE)/sysroot/$(uisa_32)-$(uabi_32)
newlib_headers := $(shell find user/newlib/include -type f) $(patsubst %,include/abi/%.h,dirent errno fcntl limits signal time)

# $(1) XLEN
define target_rules
o_$(1) := $(B)/rv$(1)
tcc_$(1) := $(CC) $(arch_$(1)) $(target_cflags) -DTARN_VERSION='"$(version)"'
sbi_obj_$(1)    := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(sbi_src)))
sbilib_obj_$(1) := $$(patsubst lib/%,$$(o_$(1))/sbi/lib/%.o,$$(basename $(libt_src)))
libt_obj_$(1)   := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(libt_src)))
fs_obj_$(1)     := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(fs_src)))
kernel_obj_$(1) := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(kernel_src)))

$$(o_$(1))/%.o: %.c
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $$(tcc_$(1)) -c $$< -o $$@
$$(o_$(1))/%.o: %.S
	$$(call say,AS)
	$$(Q)mkdir -p $$(@D); $$(tcc_$(1)) -c $$< -o $$@
$$(o_$(1))/%.ld: linker/%.ld.S
	$$(call say,CPP)
	$$(Q)mkdir -p $$(@D); $(CC) $(arch_$(1)) -E -P -x assembler-with-cpp -I. -Iinclude -MMD -MP -MT $$@ -MF $$@.d $$< -o $$@
$$(o_$(1))/%.bin: $$(o_$(1))/%.elf
	$$(call say,OBJCOPY)
	$$(Q)$(OBJCOPY) -O binary $$< $$@

# Firmware: the same objects three times, with a door (sbi/door/NAME.S) and a script each.
# For size, lib/ as well: of what is called often trap_entry.S has the part that counts.
# private: what they are made from, the kernel in the payload, is not meant.
$$(o_$(1))/sbi/%.o: private tcc_$(1) += -Os
$$(o_$(1))/sbi/lib/%.o: lib/%.c
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $$(tcc_$(1)) -c $$< -o $$@
fw_$(1) := $$(foreach f,dynamic jump payload,$$(o_$(1))/fw_$$f.elf)
$$(patsubst %,$$(o_$(1))/sbi/door/fw_%.o,dynamic jump payload): $$(o_$(1))/sbi/door/%.o: sbi/door/%.S
	$$(call say,AS)
	$$(Q)mkdir -p $$(@D); $$(tcc_$(1)) -DFW_NEXT_ADDR=$(next_$(1)) -DFW_PAYLOAD_FILE='"$$(o_$(1))/Image"' -c $$< -o $$@
$$(o_$(1))/sbi/door/fw_payload.o: $$(o_$(1))/Image
$$(fw_$(1)): $$(o_$(1))/%.elf: $$(o_$(1))/sbi/door/%.o $$(sbi_obj_$(1)) $$(sbilib_obj_$(1)) $$(o_$(1))/sbi.ld
	$$(call say,LD)
	$$(Q)$(CC) $(arch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,--no-relax \
	    -T $$(o_$(1))/sbi.ld $$(filter %.o,$$^) $(libgcc_$(1)) -o $$@

# Kernel: linked twice, the second time with the table of its own symbols (for backtraces).
$$(o_$(1))/kernel.pass1.elf: $$(kernel_obj_$(1)) $$(fs_obj_$(1)) $$(libt_obj_$(1)) $$(o_$(1))/kernel.ld
	$$(call say,LD)
	$$(Q)$(CC) $(arch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-relax \
	    -T $$(o_$(1))/kernel.ld $$(filter %.o,$$^) $(libgcc_$(1)) -o $$@
$$(o_$(1))/ksyms.S: $$(o_$(1))/kernel.pass1.elf tools/mksyms
	$$(call say,KSYMS)
	$$(Q)$(NM) -n $$< | tools/mksyms > $$@
$$(o_$(1))/ksyms.o: $$(o_$(1))/ksyms.S
	$$(Q)$$(tcc_$(1)) -c $$< -o $$@
$$(o_$(1))/kernel.elf: $$(kernel_obj_$(1)) $$(fs_obj_$(1)) $$(libt_obj_$(1)) $$(o_$(1))/ksyms.o $$(o_$(1))/kernel.ld
	$$(call say,LD)
	$$(Q)$(CC) $(arch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-relax \
	    -T $$(o_$(1))/kernel.ld $$(filter %.o,$$^) $(libgcc_$(1)) -o $$@
$$(o_$(1))/Image: $$(o_$(1))/kernel.elf
	$$(call say,OBJCOPY)
	$$(Q)$(OBJCOPY) -O binary $$< $$@

# An explicit rule: a pattern would make the stamp an intermediate file, and lose to the rule for any %.o.
$$(newlib_$(1))/.done: user/newlib/build $(newlib_headers)
	$$(Q)user/newlib/build --cache $(CACHE) --cross $(CROSS) --march $(uisa_$(1)) --mabi $(uabi_$(1))

# User land: newlib and user/lib in one archive per XLEN, one ELF per program.
uarch_$(1) := -march=$(uisa_$(1)) -mabi=$(uabi_$(1))
ucc_$(1) := $(CC) $$(uarch_$(1)) -std=gnu11 -Os -g -MMD -MP $(warnings) -mcmodel=medany -fno-pic -fno-common \
            -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
            -nostdinc -isystem user/include -isystem user/newlib/include -isystem $$(newlib_$(1))/include \
            -isystem $$(shell $(CC) -print-file-name=include) -isystem $$(shell $(CC) -print-file-name=include-fixed) \
            -I. -Iinclude -D_GNU_SOURCE
user_lib_obj_$(1) := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(user_lib))) \
                     $$(patsubst lib/%.c,$$(o_$(1))/user/shared/%.o,$(user_shared))
$$(o_$(1))/user/%.o: user/%.c $$(newlib_$(1))/.done
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $$(ucc_$(1)) -c $$< -o $$@
$$(o_$(1))/user/shared/%.o: lib/%.c $$(newlib_$(1))/.done
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D); $$(ucc_$(1)) -c $$< -o $$@
$$(o_$(1))/user/%.o: user/%.S $$(newlib_$(1))/.done
	$$(call say,AS)
	$$(Q)mkdir -p $$(@D); $$(ucc_$(1)) -c $$< -o $$@
$$(o_$(1))/libtarn.a: $$(user_lib_obj_$(1))
	$$(call say,AR)
	$$(Q)rm -f $$@; $(CROSS)ar rcs $$@ $$^
ulink_$(1) = $(CC) $$(uarch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -T $$(o_$(1))/user.ld \
    $$(filter %.o,$$^) -Wl,--start-group $$(o_$(1))/libtarn.a $$(newlib_$(1))/lib/libc.a $$(newlib_$(1))/lib/libm.a \
    $(ulibgcc_$(1)) -Wl,--end-group -o $$@
$$(foreach p,$(user_single),$$(eval $$(o_$(1))/bin/$$(notdir $$(basename $$p)): $$(o_$(1))/$$(basename $$p).o))
$$(foreach p,$(user_multi),$$(eval $$(o_$(1))/bin/$$(notdir $$p): \
    $$(patsubst %.c,$$(o_$(1))/%.o,$$(wildcard $$p/*.c))))
$$(addprefix $$(o_$(1))/bin/,$(user_progs)): $$(o_$(1))/user/arch/crt0.o $$(o_$(1))/libtarn.a $$(o_$(1))/user.ld
	$$(call say,LD)
	$$(Q)mkdir -p $$(@D); $$(ulink_$(1))
	$$(Q)$(OBJCOPY) --strip-all $$@ $$@.stripped

$$(o_$(1))/initrd.cpio: $$(addprefix $$(o_$(1))/bin/,$(user_progs)) $(ramdisk_files) tools/mkinitrd
	$$(call say,CPIO)
	$$(Q)tools/mkinitrd --manifest ramdisk/manifest --root ramdisk/root --bin $$(o_$(1))/bin -o $$@ $(user_progs)

# The firmware's test: an S-mode program (tests/sbi/payload), and a firmware with it linked in.
sbitest_obj_$(1) := $$(patsubst %,$$(o_$(1))/%.o,$$(basename $(sbitest_src)))
$$(o_$(1))/sbi-test.ld: tests/sbi/payload/payload.ld.S
	$$(Q)mkdir -p $$(@D); $(CC) $(arch_$(1)) -E -P -x assembler-with-cpp $$< -o $$@
$$(o_$(1))/sbi-test.elf: $$(sbitest_obj_$(1)) $$(libt_obj_$(1)) $$(o_$(1))/sbi-test.ld
	$$(call say,LD)
	$$(Q)$(CC) $(arch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,--no-relax \
	    -T $$(o_$(1))/sbi-test.ld $$(filter %.o,$$^) $(libgcc_$(1)) -o $$@
$$(o_$(1))/sbi-test-payload.o: sbi/door/fw_payload.S $$(o_$(1))/sbi-test.bin
	$$(Q)$$(tcc_$(1)) -DFW_PAYLOAD_FILE='"$$(o_$(1))/sbi-test.bin"' -c $$< -o $$@
$$(o_$(1))/sbi-test-fw.elf: $$(o_$(1))/sbi-test-payload.o $$(sbi_obj_$(1)) $$(sbilib_obj_$(1)) $$(o_$(1))/sbi.ld
	$$(call say,LD)
	$$(Q)$(CC) $(arch_$(1)) -nostdlib -static -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,--no-relax \
	    -T $$(o_$(1))/sbi.ld $$(filter %.o,$$^) $(libgcc_$(1)) -o $$@
tests: $$(o_$(1))/sbi-test.elf $$(o_$(1))/sbi-test-fw.bin

.PHONY: rv$(1)
rv$(1): $$(foreach f,fw_dynamic fw_jump fw_payload,$$(o_$(1))/$$f.elf $$(o_$(1))/$$f.bin) \
        $$(o_$(1))/kernel.elf $$(o_$(1))/Image $$(o_$(1))/initrd.cpio
endef
$(eval $(call target_rules,64))
$(eval $(call target_rules,32))

.PHONY: host
host: $(B)/host/tarn-emu ## build the emulator only
all: host rv64 rv32

# Benchmark programs for the bare machine, with the ISA that every emulator knows; $(B)/host/bench/NAME gives the
# checksum that NAME must print.
bench_names := null mix sha256 vm chase matrix
bench_guest := $(foreach x,64 32,$(foreach n,$(bench_names),$(B)/rv$(x)/bench/$(n).elf))
bench_host  := $(patsubst %,$(B)/host/bench/%,$(bench_names))
bench_arch_32 := -march=rv32imafdc_zicsr_zifencei -mabi=ilp32
bench_arch_64 := -march=rv64imafdc_zicsr_zifencei -mabi=lp64
bench_cflags  := -std=gnu11 -O2 -g -I. -Iinclude -Itests/bench/guest $(warnings) -ffp-contract=off
bench_common  := $(wildcard tests/bench/guest/*.h) include/hw/ns16550.h include/hw/test.h
$(bench_host): $(B)/host/bench/%: tests/bench/guest/%.c tests/bench/guest/host.c $(bench_common)
	$(call say,HOSTCC)
	$(Q)mkdir -p $(@D); $(HOSTCC) $(bench_cflags) $(filter %.c,$^) -lm -o $@
define bench_rules
$(B)/rv$(1)/bench/guest.ld: tests/bench/guest/guest.ld.S
	$$(Q)mkdir -p $$(@D); $(CC) -E -P -x assembler-with-cpp $$< -o $$@
$(B)/rv$(1)/bench/%.elf: tests/bench/guest/%.c tests/bench/guest/guest.c tests/bench/guest/start.S $(B)/rv$(1)/bench/guest.ld $(bench_common)
	$$(call say,LD)
	$$(Q)$(CC) $(bench_arch_$(1)) $(bench_cflags) -ffreestanding -fno-tree-loop-distribute-patterns -nostdlib -static -fno-pic \
	    -mcmodel=medany -Wl,--build-id=none -Wl,--no-warn-rwx-segments -T $(B)/rv$(1)/bench/guest.ld $$(filter %.c %guest/start.S,$$^) \
	    $(libgcc_$(1)) -o $$@
endef
$(foreach x,64 32,$(eval $(call bench_rules,$(x))))

# What stands in for tools/bootstrap in a tree where it has not run yet.
.PHONY: ready
ready:
	$(Q)tools/bootstrap --quiet

# ---------------------------------------------------------------- running
CMD ?=
MACHINE ?= emu
SMP ?= 1
run_cmd = $(if $(CMD),'$(subst ','\'',$(CMD))')
GRAPHICS ?=
run_window = $(if $(filter-out 0,$(GRAPHICS)),--graphics)
.PHONY: run qemu debug gdb linux
run: ready ## install what is missing, build, boot to a shell on the emulator (CMD='...' runs one line)
	$(Q)$(MAKE) -s --no-print-directory host rv$(XLEN)
	$(Q)B=$(B) tools/run --xlen $(XLEN) $(run_window) $(run_cmd)
qemu: ready ## the same on QEMU virt
	$(Q)$(MAKE) -s --no-print-directory rv$(XLEN)
	$(Q)B=$(B) tools/run --machine qemu --xlen $(XLEN) $(run_window) $(run_cmd)
linux: ready ## boot stock Debian Linux to a shell on the emulator (fetches it first)
	$(Q)CACHE=$(CACHE) tools/bootstrap --guests
	$(Q)$(MAKE) -s --no-print-directory host rv64
	$(Q)CACHE=$(CACHE) tests/guests/linux.py $(B)/linux.cpio.gz
	$(Q)$(B)/host/tarn-emu -m 512 -smp 2 -kernel $(CACHE)/guests/boot/vmlinux-* -initrd $(B)/linux.cpio.gz \
	    -append 'console=ttyS0 quiet net.ifnames=0' -nic user -device virtio-rng-device
GDB_PORT ?= 1234
debug: host rv$(XLEN) ## boot on the emulator (MACHINE=qemu: on QEMU), halted, waiting for gdb on port 1234 (GDB_PORT)
	$(Q)B=$(B) tools/run --machine $(MACHINE) --xlen $(XLEN) --smp $(SMP) --gdb --gdb-port $(GDB_PORT)
gdb: ready ## start gdb, with all symbols: on the machine of `make debug` if there is one, else on one of its own
	$(Q)tools/gdb/session --port $(GDB_PORT) --waits || $(MAKE) -s --no-print-directory host rv$(XLEN)
	$(Q)XLEN=$(XLEN) B=$(B) tools/gdb/session --port $(GDB_PORT) --machine $(MACHINE) --smp $(SMP)

# ---------------------------------------------------------------- checking
.PHONY: test tests test-guests fuzz mutate bench lint format compdb docs clean help
tests: host rv64 rv32 $(B)/host-san/tarn-emu $(B)/host-tsan/tarn-emu $(unit_bins)
test: ready ## build everything and run every test
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)B=$(B) CROSS=$(CROSS) tests/run
test-guests: ## fetch stock Linux, U-Boot and OpenSBI, and run the tests that boot them, and those of our kernel with devices
	$(Q)tools/bootstrap --quiet
	$(Q)CACHE=$(CACHE) tools/bootstrap --guests
	$(Q)$(MAKE) --no-print-directory host rv64 rv32
	$(Q)B=$(B) CROSS=$(CROSS) CACHE=$(CACHE) tests/run guests user/usertests \
	    user/graphics user/sound kernel/blk kernel/rng kernel/hvc
fuzz: ready ## run the long forms of random tests, FUZZ_SECONDS=N each at most, and print what has been covered
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)B=$(B) CROSS=$(CROSS) CACHE=$(CACHE) $(if $(FUZZ_SECONDS),FUZZ_SECONDS=$(FUZZ_SECONDS)) tests/run --long
	$(Q)B=$(B) CROSS=$(CROSS) CACHE=$(CACHE) tests/diff/coverage --red
mutate: ready ## break the emulator in MUTANTS=N places, one at a time, and see whether the tests notice
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)B=$(B) CROSS=$(CROSS) CACHE=$(CACHE) tests/mutate/run --count $(or $(MUTANTS),120)
bench: host rv64 rv32 $(bench_guest) $(bench_host) $(B)/rv64/sbi-test.elf ## print the benchmark table
	$(Q)B=$(B) CROSS=$(CROSS) tests/bench/run
lint: ## layering, the asm/CSR/XLEN rule, headers alone, formatting, static checks
	$(Q)B=$(B) CROSS=$(CROSS) tools/lint
format: ## format the C sources with clang-format
	$(Q)git ls-files '*.c' '*.h' | xargs clang-format -i
compdb: ## write compile_commands.json
	$(Q)$(MAKE) -B -n V=1 host rv64 rv32 | tools/compdb > compile_commands.json
docs: ## write the reference tables to build/docs
	$(Q)tools/reference $(B)/docs
clean: ## remove what was built (downloads and newlib stay in the cache folder)
	$(Q)rm -rf $(B) compile_commands.json
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 13
	@echo; echo 'Variables: XLEN=64|32  CMD="line for the shell"  GRAPHICS=1 (a window)  V=1 (show commands)  B=folder  CROSS=prefix'

-include $(shell find $(B) -name '*.d' 2>/dev/null)
