"""The programs that random programs are compared with: Debian's QEMU 7.2, and QEMU 10 if it was fetched."""
import os
import shutil
import subprocess

from insn import ROOT, Isa

# Extensions (IDs of ext.def) that QEMU 7.2 has, but for Svinval, whose sfence.w.inval it lets U-mode execute.
QEMU7 = {"ZIHINTPAUSE", "ZIHINTNTL", "ZIHPM", "I", "M", "A", "F", "D", "C", "ZICNTR", "ZICSR", "ZIFENCEI", "ZFH", "ZFHMIN", "ZBA", "ZBB", "ZBC", "ZBS", "ZBKB",
         "ZBKC", "ZBKX", "SSTC", "SVNAPOT", "SVPBMT"}
# Properties of its CPU that are no extensions of ours, or that it spells otherwise.
QEMU7_NAMES = {"ZICSR": "Zicsr", "ZIFENCEI": "Zifencei", "ZFH": "Zfh", "ZFHMIN": "Zfhmin", "ZIHINTPAUSE": "Zihintpause"}
QEMU7_SILENT = {"I", "ZICNTR", "ZIHPM", "ZIHINTNTL"}
QEMU7_OFF = ["h", "zba", "zbb", "zbc", "zbs"]

# What QEMU 10 calls by the extension's name.
QEMU10 = {"F", "D", "C", "ZICBOM", "ZICBOP", "ZICBOZ", "ZICOND", "ZICSR", "ZIFENCEI", "ZIHINTNTL", "ZIHINTPAUSE", "ZIMOP", "ZAWRS",
          "ZACAS", "ZFA", "ZFH", "ZFHMIN", "ZBA", "ZBB", "ZBC", "ZBS", "ZBKB", "ZBKC", "ZBKX", "ZCB", "ZCMOP", "SMEPMP", "SMSTATEEN",
          "SSCOFPMF", "SMCNTRPMF", "SSTC", "SVADU", "SVADE", "SVINVAL", "SVNAPOT", "SVPBMT"}
# What it always has, or has without a name.
QEMU10_SILENT = {"I", "M", "A", "B", "ZMMUL", "ZAAMO", "ZALRSC", "ZICNTR", "ZIHPM", "SDTRIG", "SSSTATEEN", "ZCA", "ZCD", "ZCF",
                 "ZIC64B", "ZICCAMOA", "ZICCIF", "ZICCLSM", "ZICCRSE", "ZA64RS"}


FORGET_EBREAK, FORGET_SYSTEM, FORGET_MISALIGNED = 1, 2, 4


class Witness:
    """
    name: as --witness takes it. compared: bits of CSRs of which only these are held against it. lacks: CSRs it does
    not have, broken: rows of insn.def it gets wrong. mprv: it can be tried. user_pages:
    S-mode never executes what is on a user's page. adue: it has menvcfg.ADUE, and PBMT counts
    only with menvcfg.PBMTE. forget: tval is not held against it where an ebreak (FORGET_EBREAK), a SYSTEM or CBO
    instruction that is illegal (FORGET_SYSTEM), or a jump to an odd half-word (FORGET_MISALIGNED) is the cause.
    """
    compressed = True
    compared, lacks, broken, mprv, adue, forget = {}, set(), set(), True, True, 0
    user_pages = True

    def __init__(self, name, known):
        self.name, self.isa = name, Isa(known)

    def program(self, xlen):
        raise NotImplementedError

    def there(self):
        return all(self.program(xlen) for xlen in (32, 64))


class Qemu7(Witness):
    """
    Debian's. It has the fields of cache-block extensions without these; in M-mode it takes what it has found out about
    a page for fetches for loads with MPRV as well, and the reverse. Its ctzw sometimes counts more than 32 zeros, its
    MPP can be 2, mstatush has bits of the hypervisor's, and Svpbmt has its bit on RV32, too. A user's page
    that SUM let S-mode read it lets S-mode execute. Its tval of ebreak is 0, where we have the address (both may be).
    """
    compared = {"menvcfg": 1, "senvcfg": 1, "menvcfgh": 0xbfffffff, "mstatus": 0x7e01aa,
                "mstatush": 0x30}
    lacks, forget = {"medelegh"}, FORGET_EBREAK
    broken, mprv, user_pages, adue = {"ctzw"}, False, False, False

    def __init__(self, name="qemu7", known=frozenset(QEMU7)):
        super().__init__(name, known)

    def program(self, xlen):
        return shutil.which(f"qemu-system-riscv{xlen}")

    def cpu(self, xlen):
        on = {QEMU7_NAMES.get(id, name) for id, name in self.isa.names.items() if id not in QEMU7_SILENT}
        off = [name for name in QEMU7_OFF if name not in on]
        return f"rv{xlen}" + "".join(f",{n}=true" for n in sorted(on)) + "".join(f",{n}=false" for n in off) + ",pmu-num=29"


class Qemu7Wide(Qemu7):
    """
    The same without compressed instructions: jumps to odd half-words trap. Its tval is the address of the jump then, not
    where it leads (privileged specification, 3.1.16).
    """
    compressed, forget = False, FORGET_EBREAK | FORGET_MISALIGNED

    def __init__(self):
        super().__init__("qemu7-noc", QEMU7 - {"C"})

    def cpu(self, xlen):
        return super().cpu(xlen) + ",c=false"


class Qemu10(Witness):
    """
    The one that tools/bootstrap --witnesses fetches. After an mret, a cbo.zero or the like that is illegal its tval is
    0 or the word of another instruction.
    """
    compared = {"menvcfg": 1, "senvcfg": 1, "menvcfgh": 0xbfffffff}  # Svpbmt on Sv32, which has no place for it
    lacks, forget = {"mseccfgh", "tcontrol", "scontext"}, FORGET_SYSTEM

    def __init__(self):
        super().__init__("qemu10", None)
        self.found = {}
        unknown = set(self.isa.names) - QEMU10 - QEMU10_SILENT
        if unknown:
            raise SystemExit(f"tests/diff: witness.py does not know whether QEMU 10 has {' '.join(sorted(unknown))}")

    def program(self, xlen):
        if xlen not in self.found:
            p = subprocess.run([os.path.join(ROOT, "tools/witness"), f"qemu-system-riscv{xlen}"], capture_output=True, text=True,
                               check=False)
            self.found[xlen] = p.stdout.strip()
        return self.found[xlen]

    def cpu(self, xlen):
        off = {id.lower() for id in QEMU10 - set(self.isa.names)} | {"h", "v"}
        on = {name for id, name in self.isa.names.items() if id in QEMU10}
        return f"rv{xlen}" + "".join(f",{n}=true" for n in sorted(on)) + "".join(f",{n}=false" for n in sorted(off)) + \
            ",pmu-mask=0xfffffff8"


WITNESSES = {"qemu7": Qemu7, "qemu7-noc": Qemu7Wide, "qemu10": Qemu10}
