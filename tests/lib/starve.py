#!/usr/bin/env python3
"""starve.py DOSE TRUTH COMMAND...: run sendreq in a bad way, and compare what it says with what was.

COMMAND is sendreq with --progress-fd 3; its records come on its standard output.  DOSE:
  none              leave it alone
  stop:MS           one SIGSTOP of so long, when a third of the requests is done
  duty:ON/OFF       it runs ON ms, then is stopped OFF ms, all the time
  quota:PERCENT     a CPU quota (cgroup), of periods of 100 ms
  neighbours:N      N busy loops on the one core that it may use, where it is the least of all
  reader:KIB        its reader takes so many KiB every 50 ms

TRUTH is llmsim's.  Writes the files responses and progress, and prints {"n", "err_ms", "verdict"}: the mean
of ttft_ms over the ok requests minus the mean of the server's own (its first output event's send stamp minus
its receive stamp), and the run record's client.verdict.  {"skip": why} where the dose cannot be given here.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


class Quota:
    """A control group of our own, of version 2 or 1."""

    def __init__(self, percent):
        self.dir = None
        for parent, name, value in (("/sys/fs/cgroup", "cpu.max", f"{percent * 1000} 100000"),
                                    ("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", str(percent * 1000))):
            path = f"{parent}/tokpipe-starve-{os.getpid()}"
            try:
                os.mkdir(path)
            except OSError:
                continue
            try:
                with open(f"{path}/{name}", "r+", encoding="ascii") as f:
                    f.write(value)
                self.dir = path
                return
            except OSError:
                os.rmdir(path)

    def put(self, pid):
        with open(f"{self.dir}/cgroup.procs", "w", encoding="ascii") as f:
            f.write(str(pid))

    def end(self):
        os.rmdir(self.dir)


def stop_once(pid, ms, records, total):
    while os.path.getsize(records) == 0 or sum(1 for _ in open(records, "rb")) < total / 3:
        time.sleep(0.005)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(ms / 1000)
    os.kill(pid, signal.SIGCONT)


def duty(pid, on, off, over):
    while not over.wait(on / 1000):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(off / 1000)
        os.kill(pid, signal.SIGCONT)


def read_slowly(pipe, kib, records):
    with open(records, "wb", buffering=0) as f:
        while data := os.read(pipe, kib * 1024):
            f.write(data)
            time.sleep(0.05)


def start(command, kind, core):
    """sendreq itself, and where its records come out (None: they go to the file)."""
    def prepare():
        if kind == "neighbours":
            os.sched_setaffinity(0, {core})
            os.nice(19)

    progress = os.open("progress", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    out = subprocess.PIPE if kind == "reader" else os.open("responses", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(progress, 3)
    return subprocess.Popen(command, stdout=out, pass_fds=[3], preexec_fn=prepare)


def give(kind, amount, p, core, total):
    """Let it run under the dose, to its end."""
    over, threads, others = threading.Event(), [], []
    if kind == "stop":
        threads.append(threading.Thread(target=stop_once, args=(p.pid, float(amount), "responses", total)))
    elif kind == "duty":
        threads.append(threading.Thread(target=duty, args=(p.pid, *map(float, amount.split("/")), over)))
    elif kind == "reader":
        threads.append(threading.Thread(target=read_slowly, args=(p.stdout.fileno(), int(amount), "responses")))
    elif kind == "neighbours":
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"],
                                   preexec_fn=lambda: os.sched_setaffinity(0, {core})) for _ in range(int(amount))]
    for t in threads:
        t.start()
    # Until it is waited for its number stays its own: no signal can reach another process.
    os.waitid(os.P_PID, p.pid, os.WEXITED | os.WNOWAIT)
    over.set()
    for t in threads:
        t.join()
    status = p.wait()
    for o in others:
        o.kill()
        o.wait()
    if status != 0:
        sys.exit(f"sendreq: status {status}")


def verdict():
    with subprocess.Popen(["tokstat", "responses"], stdout=subprocess.PIPE) as metrics:
        out = subprocess.run(["runsum", "--progress", "progress"], stdin=metrics.stdout, check=True, capture_output=True)
    return json.loads(out.stdout)["client"]


def truth_of(path, records):
    """The server's own record of each, which may come a moment after the reply; of an id the newest."""
    for _ in range(100):
        truth = {int(t["request_id"].rpartition("-")[2]): t for t in lines(path)}
        if all(r["id"] in truth and truth[r["id"]]["arrived_us"] > r["sent_us"] - 100000 for r in records):
            return truth
        time.sleep(0.05)
    sys.exit(f"{path}: not every request is in it")


def measured(truth_path):
    """Mean TTFT by what sendreq stamped, and by what the server did, of the same requests."""
    records = [r for r in lines("responses") if not r["error"] and r.get("phase") != "warmup"]
    truth = truth_of(truth_path, records)
    first = lambda kinds: next(i for i, k in enumerate(kinds) if k in "tcf")
    ours, theirs = [], []
    for r in records:
        t = truth[r["id"]]
        ours.append(r["sent_us"] - r["due_us"] + r["ev_us"][first(r["ev_kind"])])
        theirs.append(t["ev_us"][first(t["ev_kind"])] - t["arrived_us"])
    return len(ours), sum(ours) / len(ours) / 1000, sum(theirs) / len(theirs) / 1000


def main():
    dose, truth, *command = sys.argv[1:]
    kind, _, amount = dose.partition(":")
    quota = Quota(int(amount)) if kind == "quota" else None
    if quota and not quota.dir:
        print(json.dumps({"skip": "no control group with a CPU quota can be made here"}))
        return
    core = min(os.sched_getaffinity(0))
    with open(command[-1], "rb") as f:
        total = sum(1 for _ in f)
    p = start(command, kind, core)
    if quota:
        quota.put(p.pid)
    give(kind, amount, p, core, total)
    if quota:
        quota.end()
    n, ours, theirs = measured(truth)
    client = verdict()
    print(json.dumps({"dose": dose, "n": n, "ttft_ms": ours, "true_ms": theirs, "err_ms": ours - theirs,
                      "verdict": client["verdict"], "client": client}))


main()
