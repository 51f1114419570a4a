"""meter: runs a command on one processor and measures the tree of processes that it is.

CPU is each process's own clock, read while it runs, so that what was used before a moment (the start) can be told
from the rest; memory is the resident size, summed over the tree at each look, and of each process its own peak.
A tree is the session that the command leads, and the children of anything in it.
"""
import dataclasses
import os
import select
import signal
import subprocess
import time

SHELLS = ("taskset", "bash", "dash", "sh")
LOOK_S, SCAN_S = 0.02, 0.25  # at the processes that are known; for others


@dataclasses.dataclass
class Measured:
    status: int | None = None  # None: it took too long
    began_us: int = 0
    ended_us: int = 0
    cpu: list = dataclasses.field(default_factory=list)  # (epoch us, CPU seconds until then)
    peak_bytes: int = 0

    def cpu_until(self, t_us):
        """CPU seconds used until then, on a straight line between two looks."""
        before = (self.began_us, 0.0)
        for at, used in self.cpu:
            if at >= t_us:
                share = (t_us - before[0]) / (at - before[0]) if at > before[0] else 1
                return before[1] + max(share, 0) * (used - before[1])
            before = (at, used)
        return before[1]

    def cpu_s(self):
        return self.cpu[-1][1] if self.cpu else 0.0


def now_us():
    return time.time_ns() // 1000


def processors():
    """The numbers of those that we may use."""
    return sorted(os.sched_getaffinity(0))


def processor(which):
    """The number of the first (0) or last (-1) of them."""
    return processors()[which]


def cpu_clock(pid):
    """CPU seconds of a process, ended threads included; None when it has gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return None


def memory(pid):
    """Resident bytes now and at most."""
    found = {"VmRSS:": 0, "VmHWM:": 0}
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as f:
            for line in f:
                key, _, rest = line.partition("\t")
                if key in found:
                    found[key] = int(rest.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return found["VmRSS:"], found["VmHWM:"]


def tree(leader):
    """The processes of the leader's session and their children, by number."""
    parents, members = {}, set()
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as f:
                state, parent, _, session = f.read().rpartition(b") ")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if state == b"Z":
            continue
        parents[int(name)] = int(parent)
        if int(session) == leader:
            members.add(int(name))
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in members} - members
        members |= more
        grown = bool(more)
    return members


class Looks:
    """What is seen of the tree, look by look."""

    def __init__(self, pid, result, until_exec):
        self.leader, self.result, self.known, self.used, self.scanned = pid, result, {pid}, {}, 0.0
        self.shell, self.before = until_exec, 0.0

    def is_shell(self):
        """Whether the script that the command is has not become its program yet: until then nothing counts."""
        try:
            self.shell = self.shell and os.path.basename(os.readlink(f"/proc/{self.leader}/exe")) in SHELLS
        except OSError:
            self.shell = False
        return self.shell

    def look(self):
        if time.monotonic() - self.scanned > SCAN_S:
            self.known |= tree(self.leader)
            self.scanned = time.monotonic()
        resident = 0
        for pid in list(self.known):
            used = cpu_clock(pid)
            if used is None:
                self.known.discard(pid)
                continue
            self.used[pid] = used
            now, most = memory(pid)
            resident += now
            self.result.peak_bytes = max(self.result.peak_bytes, most)
        self.result.peak_bytes = max(self.result.peak_bytes, resident)
        if self.is_shell():
            self.result.began_us, self.result.peak_bytes, self.before = now_us(), 0, sum(self.used.values())
            return
        self.result.cpu.append((now_us(), sum(self.used.values()) - self.before))

    def end_all(self):
        for pid in tree(self.leader) | {self.leader}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def measure(argv, cpu, timeout_s, until_exec=False, **pipes):
    """Run argv on that processor; what is left of it after timeout_s, or after its leader, is ended.  With until_exec
    argv is a script that ends in an exec, and what comes before that does not count."""
    result = Measured(began_us=now_us())
    child = subprocess.Popen(["taskset", "-c", str(cpu), *map(str, argv)], start_new_session=True, **pipes)
    looks = Looks(child.pid, result, until_exec)
    waiter = select.poll()
    gone = os.pidfd_open(child.pid)
    waiter.register(gone, select.POLLIN)
    try:
        while not waiter.poll(LOOK_S * 1000):
            looks.look()
            if now_us() - result.began_us > timeout_s * 1e6:
                return result
        result.ended_us = now_us()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = result.status = os.waitstatus_to_exitcode(status)
        own = usage.ru_utime + usage.ru_stime - looks.before
        total = max(own, result.cpu_s())  # in its usage are those that it waited for, too
        result.cpu.append((result.ended_us, total))
        return result
    finally:
        os.close(gone)
        looks.end_all()
        if child.returncode is None:
            child.wait()
