"""What the tests of the shell and the tools share: their cases, and how they are built and run.

A file scripts/NAME.sh holds cases, each headed by a line `### TITLE`. A case is a script that runs in an
empty folder of its own; what counts is its standard output, its exit status and whether it wrote anything
to standard error. What is right is never written down: the same case is run by dash with the coreutils.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASE_TIMEOUT = 20
FLAGS = ("-std=gnu11 -g -O1 -D_GNU_SOURCE -I. -Iinclude -Wall -Wextra -Wshadow -Wstrict-prototypes "
         "-Wmissing-prototypes -Wvla -Wno-unused-parameter -fsanitize=address,undefined "
         "-fno-sanitize-recover=undefined -fno-omit-frame-pointer").split()
TOOLS = ("basename cat clear cmp cp cut date dirname echo env false head hexdump kill mkdir mv printf pwd rm rmdir "
         "seq sleep sync tail tee test touch tr true uniq wc yes dd/ ls/ grep/ sort/ sh/").split()


class Case:
    def __init__(self, group, title, script):
        self.group, self.title, self.script = group, title, script

    @property
    def name(self):
        return f"{self.group}: {self.title}"


def load_cases():
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "scripts", "*.sh"))):
        group = os.path.basename(path)[:-3]
        with open(path, encoding="utf-8") as file:
            parts = re.split(r"^### (.*)\n", file.read(), flags=re.M)
        cases += [Case(group, parts[i], parts[i + 1]) for i in range(1, len(parts), 2)]
    return cases


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, good, text, *diagnostics):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}")
        if not good:
            for line in "\n".join(diagnostics).splitlines():
                print(f"# {line}")
        sys.stdout.flush()

    def skip(self, text, reason):
        self.count += 1
        print(f"ok {self.count} - {text} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def build_tools(folder, tools=TOOLS):
    """Compile tools (a trailing slash: a folder's) with the host's compiler and its sanitizers into folder/bin."""
    bin_dir = os.path.join(folder, "bin")
    os.mkdir(bin_dir)
    shared = sorted(glob.glob(os.path.join(ROOT, "user/lib/tool*.c"))) + [os.path.join(ROOT, "lib/fmt.c")]
    archive = os.path.join(folder, "tool.a")
    jobs, objects = [], []
    for path in shared:
        objects.append(os.path.join(folder, os.path.basename(path) + ".o"))
        jobs.append([*compiler(), "-c", path, "-o", objects[-1]])
    run_jobs(jobs)
    subprocess.run(["ar", "rcs", archive, *objects], check=True)
    jobs = []
    for tool in tools:
        path = os.path.join(ROOT, "user/bin", tool)
        sources = sorted(glob.glob(path + "*.c")) if tool.endswith("/") else [path + ".c"]
        jobs.append([*compiler(), *sources, archive, "-o", os.path.join(bin_dir, tool.strip("/"))])
    run_jobs(jobs)
    if "test" in tools:
        shutil.copy(os.path.join(bin_dir, "test"), os.path.join(bin_dir, "["))
    return bin_dir


def compiler():
    return [os.environ.get("HOSTCC", "cc"), *FLAGS]


def run_jobs(jobs):
    """Run commands, two at a time."""
    running = []
    for job in jobs:
        if len(running) == 2:
            finish(running.pop(0))
        running.append(subprocess.Popen(job, cwd=ROOT))
    for process in running:
        finish(process)


def finish(process):
    if process.wait() != 0:
        print(f"Bail out! cannot compile: {' '.join(map(str, process.args))}")
        sys.exit(1)


def witness_environment(bin_dir=None):
    """The environment of a case: ours first in PATH when bin_dir is given."""
    system = "/usr/bin:/bin"
    return {
        "PATH": f"{bin_dir}:{system}" if bin_dir else system,
        "HOME": "/", "LC_ALL": "C", "TZ": "UTC",
        "ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1",
    }


def dash_environment(folder):
    """The witness's environment, where `sh` is dash whatever /bin/sh is here; folder keeps the link."""
    path = os.path.join(folder, "witness")
    os.makedirs(path, exist_ok=True)
    link = os.path.join(path, "sh")
    if not os.path.lexists(link):
        try:
            os.symlink(shutil.which("dash"), link)
        except FileExistsError:
            pass
    return witness_environment(path)


def run_case(shell, script, environment, timeout=CASE_TIMEOUT):
    """Run a script in an empty folder: (standard output, status, whether there were messages, messages)."""
    with tempfile.TemporaryDirectory(prefix="tarn-case.") as folder:
        work = os.path.join(folder, "work")
        path = os.path.join(folder, "case")
        os.mkdir(work)
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        process = subprocess.Popen([*shell, path], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            out, err = process.communicate()
            status = "timeout"
    return out, status, bool(err), err


def show(result):
    out, status, _, err = result
    return f"status {status}\n{out.decode(errors='replace')}[stderr] {err.decode(errors='replace')}"
