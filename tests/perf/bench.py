"""bench: what every row of "make perf" needs: the machine, the file of rows, a server whose truth is logged."""
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import platform
import resource
import shlex
import subprocess
import sys

import meter
import truth

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("TOKPIPE_BIN", TOP / "bin"))
PROGRAMS = TOP / "build/plain/perf"
MEASURED = ("Makefile", "src", "tests/perf", ":!tests/perf/RESULTS.*")  # what the rows depend on
STOP_S = 120


def words(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True).stdout.strip()


def git(*arguments):
    """Nothing where this is no checkout."""
    done = subprocess.run(["git", "-C", TOP, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def commit():
    changed = git("status", "--porcelain", "--untracked-files=no", "--", *MEASURED)
    return (git("log", "-1", "--format=%h", "--", *MEASURED) or "unknown") + ("-dirty" if changed else "")


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.partition(":")[2].strip() for line in f if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} processors ({model}), {platform.system()} {platform.release()}"


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def shown(command, *places):
    """The command in words that are the same on every machine: (what, name) in places are put in for paths."""
    text = shlex.join(str(c) for c in command)
    for what, name in (*places, (f"{BIN}/", ""), (f"{PROGRAMS}/", "")):
        text = text.replace(str(what), name)
    return text


class Bench:
    def __init__(self, rows):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.path = pathlib.Path(rows)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.dir = self.path.parent / "now"  # the files of the row in hand
        self.same = {"machine": machine(), "commit": commit(), "server": hash_of(BIN / "llmsim")}
        self.first, self.last = meter.processor(0), meter.processor(-1)
        self.others = ",".join(map(str, meter.processors()[:-1] or [self.last]))  # all but the client's

    def kept(self):
        """The rows of this machine, commit and server."""
        if not self.path.exists():
            return []
        with open(self.path, encoding="utf-8") as f:
            rows = [json.loads(line) for line in f if line.endswith("\n")]
        return [r for r in rows if all(r.get(k) == v for k, v in self.same.items())]

    def has(self, **key):
        """Is there such a row?  One that lacks its client for want of a package is tried again."""
        return any(all(r.get(k) == v for k, v in key.items()) and r.get("why_kind") != "install" for r in self.kept())

    def add(self, row):
        row = {**row, **self.same, "load": os.getloadavg()[0],
               "at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}
        with open(self.path, "a", encoding="utf-8") as f:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
        return row

    def fresh(self):
        """An empty directory for the row in hand."""
        subprocess.run(["rm", "-rf", self.dir], check=True)
        self.dir.mkdir()
        return self.dir

    def places(self, engine):
        """What bench.shown() puts in for the places of this row."""
        return (engine.url, "URL"), (f"{self.dir}/", "")

    @contextlib.contextmanager
    def server(self, command, cpus=None):
        """A server on the first processor whose first line is its URL; ended when the block is left."""
        child = subprocess.Popen(["taskset", "-c", cpus or str(self.first), *map(str, command)], stdout=subprocess.PIPE, text=True)
        try:
            url = child.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"{command[0]} did not start")
            child.url = url
            yield child
        finally:
            child.terminate()
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    @contextlib.contextmanager
    def engine(self, streams, itl_ms):
        """llmsim with exact intervals, for so many streams at once; .truth() has its log when the block is left."""
        log = self.dir / "truth.jsonl"
        with self.server([BIN / "llmsim", "--port", "0", "--model", "m", "--max-num-seqs", max(256, 2 * streams),
                          "--time-to-first-token", "50ms", "--inter-token-latency", f"{itl_ms}ms", "--truth", log]) as child:
            child.truth = lambda: truth.load(log)
            yield child


def say(text):
    print(text, file=sys.stderr, flush=True)
