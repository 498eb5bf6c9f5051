"""Run the firmware with the S-mode payload on QEMU or the emulator, and report TAP."""
import os
import re
import selectors
import subprocess
import sys
import tempfile
import time

B = os.environ.get("B", "build")
CROSS = os.environ.get("CROSS", "riscv64-unknown-elf-")
OPENSBI = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin"
LIMIT = 90  # seconds for one boot
CLAUSES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clauses.def")
scratch = tempfile.TemporaryDirectory(prefix="tarn-sbi.")
count = failed = 0


def report(good, text, *diagnostics):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {text}")
    if not good:
        for line in "\n".join(str(d) for d in diagnostics).splitlines():
            print(f"# {line}")
    sys.stdout.flush()


def skip(text, reason):
    global count
    count += 1
    print(f"ok {count} - {text} # SKIP {reason}")


def done():
    print(f"1..{count}")
    sys.exit(failed != 0)


def firmware(xlen, name):
    return f"{B}/rv{xlen}/{name}.bin"


def payload(xlen):
    return f"{B}/rv{xlen}/sbi-test.elf"


def command(machine, xlen, smp=1, bios=None, kernel=None, append=None, extra=()):
    if machine == "qemu":
        words = [f"qemu-system-riscv{xlen}", "-M", "virt"]
    else:
        words = [f"{B}/host/tarn-emu", "-M", "virt", "--xlen", str(xlen)]
    words += ["-nographic", "-smp", str(smp), "-bios", bios or firmware(xlen, "fw_jump")]
    if kernel != "none":
        words += ["-kernel", kernel or payload(xlen)]
    if append:
        words += ["-append", append]
    return words + list(extra)


def run(words, until=None, answers=()):
    """Run to the end, or until a line matches. answers: (text to wait for, what to type then).

    Returns (output without carriage returns, exit status); status None if it was stopped.
    """
    answers = list(answers)
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, end, status = "", time.monotonic() + LIMIT, None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < end:
            if not selector.select(timeout=1):
                continue
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                status = process.wait()
                break
            output += data.decode(errors="replace").replace("\r", "")
            if answers and answers[0][0] in output:
                process.stdin.write(answers.pop(0)[1])
                process.stdin.flush()
            if until and re.search(until, output, re.M):
                break
        else:
            output += f"\n[no end after {LIMIT} seconds]\n"
    if process.poll() is None:
        process.kill()
        process.wait()
    process.stdin.close()
    process.stdout.close()
    return output, status


def judge(text, output, status, want_status=0):
    """One assertion for a run of the payload's tests, and one more for each that failed there."""
    good = re.findall(r"^ok \d+ - .*", output, re.M)
    bad = re.findall(r"^not ok \d+ - .*(?:\n# .*)*", output, re.M)
    skipped = [line for line in good if "# SKIP" in line]
    plan = re.search(r"^1\.\.(\d+)$", output, re.M)
    complete = plan and int(plan[1]) == len(good) + len(bad) and status == want_status
    note = f", {len(skipped)} skipped" if skipped else ""
    report(complete and not bad, f"{text}: {len(good)} checks{note}",
           f"status {status}, plan {plan and plan[0]}, {len(bad)} failed", *bad[:20],
           "" if complete else output[-600:])
    return output


def clauses(output, state):
    """The clauses that a run of the tests reports as "not tested here", "differs" or "failed"."""
    return set(re.findall(rf"^# clause {state}: (\S+)", output, re.M))


def judge_clauses(outputs):
    """Every clause that the payload names was tested in one of the runs; each of the others by the
    script that is said to."""
    missing = set.intersection(*(clauses(output, "not tested here") for output in outputs))
    tested = re.search(r"^# clauses: \d+ of (\d+) tested", outputs[0], re.M)
    report(tested and not missing, f"each of {tested and tested[1]} clauses is tested in some run", *sorted(missing))
    with open(CLAUSES, encoding="ascii") as file:
        rows = re.findall(r'^ELSEWHERE_ROW\((\w+), (\w+), (\w+), .*"([\w.]+)"\)$', file.read(), re.M)
    for ext, call, rule, test in rows:
        with open(os.path.join(os.path.dirname(CLAUSES), test), encoding="utf-8") as file:
            report(f"{ext}.{call}.{rule}" in file.read(), f"{test} tests {ext}.{call}.{rule}")


def has(output, pattern, text):
    report(re.search(pattern, output, re.M), text, f"no /{pattern}/ in", output[-600:])


def machines():
    return ("qemu", "emu") if os.path.exists(f"{B}/host/tarn-emu") else ("qemu",)
