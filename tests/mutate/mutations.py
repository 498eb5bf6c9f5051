"""Small changes of source text: an operator, a constant, a bound, a cause, a mask, a call left out."""
import re

SWAPS = [("==", "!="), ("!=", "=="), ("<=", "<"), (">=", ">"), ("<", "<="), (">", ">="), ("&&", "||"), ("||", "&&"), ("+", "-"),
         ("-", "+"), ("&", "|"), ("|", "&"), ("^", "|"), ("<<", ">>"), (">>", "<<"), ("|=", "&="), ("&=", "|="), ("+=", "-="),
         ("-=", "+="), ("*", "+")]
CONSTANTS = r"\b(?:MSTATUS|SSTATUS|MIP|PTE|PMP|COUNTER|ENVCFG|MENVCFG|SATP|TVEC|TCONTROL|MSECCFG|FFLAGS|FP|ATTENTION)\w*_[A-Z0-9_]+\b"


class Mutation:
    """One change: of `old` at this offset of the file to `new`."""

    def __init__(self, path, text, offset, old, new):
        self.path, self.offset, self.old, self.new = path, offset, old, new
        self.line = text.count("\n", 0, offset) + 1
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        self.source = text[start:end]
        self.changed = (text[start:offset] + new + text[offset + len(old):]).split("\n")[0]

    def apply(self, text):
        return text[:self.offset] + self.new + text[self.offset + len(self.old):]

    def __str__(self):
        return f"{self.path}:{self.line}\n  - {self.source.strip()}\n  + {self.changed.strip()}"


def blank(text):
    """The text with comments, strings and what is no code in it replaced by blanks of the same length."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match.group())
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', spaces, text, flags=re.S)
    text = re.sub(r"^[ \t]*#[ \t]*(?:include|if|ifdef|ifndef|elif|else|endif|undef|pragma)[^\n]*", spaces, text, flags=re.M)
    return re.sub(r"_Static_assert\(.*?\);", spaces, text, flags=re.S)


def in_code(path, text):
    """All mutations of a C file."""
    code = blank(text)
    for old, new in SWAPS:
        for m in re.finditer(r"(?<= )" + re.escape(old) + r"(?= )", code):
            yield Mutation(path, text, m.start(), old, new)
    for m in re.finditer(r"(?<=[ (])[!~](?=[\w(])", code):
        yield Mutation(path, text, m.start(), m.group(), "")
    for m in re.finditer(r"(?<![\w.])(0x[0-9a-f]+|\d+)(?=[^\w.x])", code):
        yield Mutation(path, text, m.start(), m.group(), str(int(m.group(), 0) + 1))
    causes = sorted(set(re.findall(r"\bCAUSE_[A-Z_]+\b", code)))
    for m in re.finditer(r"\bCAUSE_[A-Z_]+\b", code):
        other = causes[(causes.index(m.group()) + 1) % len(causes)] if len(causes) > 1 else "CAUSE_ECALL_S"
        yield Mutation(path, text, m.start(), m.group(), other)
    for m in re.finditer(CONSTANTS, code):
        yield Mutation(path, text, m.start(), m.group(), "0")
    for m in re.finditer(r"\b(true|false)\b(?=[;,)])", code):
        yield Mutation(path, text, m.start(), m.group(), "false" if m.group() == "true" else "true")
    for m in re.finditer(r"^[ \t]+((?:CORE\()?\w+\)?\([^;{}\n]*\);)$", code, re.M):
        yield Mutation(path, text, m.start(1), m.group(1), ";")
    for m in re.finditer(r"^[ \t]+([\w>.\[\]-]+ [|&+-]?= [^;{}\n]*;)$", code, re.M):
        yield Mutation(path, text, m.start(1), m.group(1), ";")


def in_table(path, text):
    """Mutations of a .def file: expressions, and a fixed bit of an instruction's pattern."""
    for m in re.finditer(r"^(?:ALU|BRANCH|AMO|FF|FMA|FX|XF)_OP\(.*$", blank(text), re.M):
        line = m.group()
        start = line.index(",") + 1
        for old, new in SWAPS:
            for at in re.finditer(r"(?<= )" + re.escape(old) + r"(?= )", line[start:]):
                yield Mutation(path, text, m.start() + start + at.start(), old, new)
    for m in re.finditer(r'^(?:INSN|RVC)\([^"]*"[^"]*"[^"]*"([01. ]+)"', text, re.M):
        for at in re.finditer(r"[01]", m.group(1)):
            offset = m.start(1) + at.start()
            yield Mutation(path, text, offset, at.group(), "1" if at.group() == "0" else "0")
    for m in re.finditer(r"^CSR(?:_ARRAY)?\([^\n]*?, (ANY|COUNTER|TVM|STCE|PMP|FS|TIME|ENVCFG)(?=,)", blank(text), re.M):
        yield Mutation(path, text, m.start(1), m.group(1), "TVM" if m.group(1) == "ANY" else "ANY")


def mutations(path, text):
    return list(in_table(path, text) if path.endswith(".def") else in_code(path, text))
