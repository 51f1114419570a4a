"""goals: the bounds that the instrument is held to, and what a run of "make perf" says of each."""
import dataclasses

RUST = ("vllm-rs", "sglang-rs")  # the clients in Rust, for the cold first wave
QUIET = (1, 50, 200, 1000)       # streams


@dataclasses.dataclass
class Goal:
    text: str
    value: object  # a number or a word; None: not measured
    bound: object
    unit: str = ""
    at_least: bool = False

    def met(self):
        if self.value is None:
            return None
        if isinstance(self.bound, str):
            return self.value == self.bound
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def find(rows, table, client, **more):
    """The newest such row, or an empty one."""
    found = {}
    for r in rows:
        if r["table"] == table and r["client"] == client and all(r.get(k) == v for k, v in more.items()):
            found = r
    return found


def size(x):
    return None if x is None else abs(x)


def ratio(a, b):
    return None if a is None or not b else a / b


def of_streams(n):
    return f"{n} stream{'s' if n > 1 else ''}"


def accuracy(rows):
    for streams in (*QUIET, 4000):
        mean, p99 = (0.5, 5) if streams <= 1000 else (2, 20)
        r = find(rows, "accuracy", "tokpipe", streams=streams)
        yield Goal(f"error of the mean TTFT, {of_streams(streams)}", size(r.get("ttft_err_mean_ms")), mean, "ms")
        yield Goal(f"error of the p99 of TTFT, {of_streams(streams)}", size(r.get("ttft_err_p99_ms")), p99, "ms")


def cost(rows):
    for streams in (200, 1000, 4000):
        ours, least = (find(rows, "accuracy", c, streams=streams).get("cpu_us_per_event") for c in ("tokpipe", "floor"))
        yield Goal(f"CPU an event, as multiple of the floor's, {streams} streams", ratio(ours, least), 1.5)
    for streams, most in ((1000, 32), (4000, 96)):
        yield Goal(f"peak memory, {streams} streams", find(rows, "accuracy", "tokpipe", streams=streams).get("peak_mb"), most, "MB")
    walls = [find(rows, "accuracy", "tokpipe", streams=s).get("startup_wall_s") for s in QUIET]
    yield Goal("start-up, up to 1000 streams", 1000 * max(walls) if None not in walls else None, 50, "ms")


def cold(rows):
    for streams in (50, 200, 1000):
        key = "cold_ttft_err_mean_ms"
        rust = [x for x in (find(rows, "accuracy", c, streams=streams).get(key) for c in RUST) if x is not None]
        ours = size(find(rows, "accuracy", "tokpipe", streams=streams).get(key))
        yield Goal(f"error of the cold first wave, as part of the better Rust client's, {streams} streams",
                   ratio(ours, min(map(size, rust), default=None)), 0.5)


def others(rows):
    r = find(rows, "accuracy", "tokpipe", streams=8000)
    failed = None if "requests_ok" not in r else (r["requests"] + 1) * 8000 - r["requests_ok"]
    yield Goal("requests that failed, 8000 streams", failed, 0)
    for streams in (*QUIET, 4000, 8000):
        verdict = find(rows, "accuracy", "tokpipe", streams=streams).get("verdict")
        yield Goal(f"the client's verdict of itself, {of_streams(streams)}", verdict, "ok")
    for per_write, least in ((1, 500_000), (32, 1_000_000)):
        rate = find(rows, "throughput", "tokpipe", per_write=per_write).get("events_per_s")
        yield Goal(f"events a second on one processor, 32 streams, {per_write} a write", rate, least, at_least=True)
    yield Goal("p99 of the send lag, 2000 requests/s for 30 s", find(rows, "pacing", "tokpipe").get("send_lag_p99_ms"), 1, "ms")


def stats(rows):
    for task in ("1,000,000 records", "10,000,000 numbers"):
        for other in ("duckdb, 1 thread", "duckdb"):
            ours, theirs = (find(rows, "stats", c, task=task).get("wall_s") for c in ("pctl", other))
            yield Goal(f"time of pctl, as part of that of {other}, {task}", ratio(ours, theirs), 1)


def of(rows):
    """Each goal with what these rows say of it."""
    return [*accuracy(rows), *cost(rows), *cold(rows), *others(rows), *stats(rows)]
