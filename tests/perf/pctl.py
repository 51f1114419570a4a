"""pctl.py [DIR]: pctl, DuckDB, pandas, jq and datamash, and Miller on the same two inputs, one after the other.

The inputs are seeded and made once, in DIR (build/perf/stats): one million metric records of 265 bytes on average,
of which one field counts, and ten million plain numbers.  In each of three rounds every program runs once; a row,
printed as a line of JSON, has the median of its times, start and reading included (query_s: what DuckDB and pandas
take without Python's start).
Each runs on one processor, the last; DuckDB, which has threads, a second time on all of them, as it does by itself.
Exit status 1 when two do not agree on a figure.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np

ROUNDS = 3
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TASKS = {"1,000,000 records": "records.jsonl", "10,000,000 numbers": "numbers.txt"}
LIMIT_S = 600

DUCKDB = """import sys, time, duckdb
began = time.time()
c = duckdb.connect(config={config})
c.execute("SET enable_progress_bar = false")
q, m = c.sql("SELECT quantile_cont(x, [0.5, 0.9, 0.99]), avg(x) FROM {source}").fetchall()[0]
print(*q, m)
print(time.time() - began, file=sys.stderr)"""
PANDAS = """import sys, time, pandas
began = time.time()
x = {source}
print(*x.quantile([0.5, 0.9, 0.99]), x.mean())
print(time.time() - began, file=sys.stderr)"""
DUCKDB_SOURCE = ["(SELECT ttft_ms AS x FROM read_json('records.jsonl', format='newline_delimited', "
                 "columns={'ttft_ms': 'DOUBLE'}))",
                 "read_csv('numbers.txt', header=false, columns={'x': 'DOUBLE'})"]
PANDAS_SOURCE = ["pandas.read_json('records.jsonl', lines=True)['ttft_ms']",
                 "pandas.read_csv('numbers.txt', header=None)[0]"]
DATAMASH = "datamash perc:50 1 perc:90 1 perc:99 1 mean 1"
MILLER = "mlr {format} --ojson stats1 -i -a p50,p90,p99,mean -f {field} {file}"
MILLER_JQ = "jq -r 'first | to_entries | map(.value) | @tsv'"
PCTL = "pctl -q -p 50,90,99 -f {file} {field} | jq -r '[.p50, .p90, .p99, .mean] | @tsv'"


def bash(text):
    return ["bash", "-c", "set -o pipefail; LC_ALL=C; export LC_ALL; " + text]


def clients(task):
    """name: (needs, command, as it is shown, on all processors)"""
    file, field = ("records.jsonl", "ttft_ms") if task == 0 else ("numbers.txt", ".")
    flood = {"duckdb, 1 thread": "{'threads': 1}", "duckdb": "{}"}
    made = {"pctl": (["pctl", "jq"], bash(PCTL.format(file=file, field=field)), False)}
    for name, config in flood.items():
        text = DUCKDB.replace("{config}", config).replace("{source}", DUCKDB_SOURCE[task])
        made[name] = ([], [sys.executable, "-c", text], name == "duckdb")
    made["pandas"] = ([], [sys.executable, "-c", PANDAS.replace("{source}", PANDAS_SOURCE[task])], False)
    read = f"jq .ttft_ms {file} | {DATAMASH}" if task == 0 else f"jq . {file} | {DATAMASH}"
    made["jq, datamash"] = (["jq", "datamash"], bash(read), False)
    if task == 1:
        made["datamash"] = (["datamash"], bash(f"{DATAMASH} <{file}"), False)
    how = {"format": "--ijsonl", "field": field} if task == 0 else {"format": "--inidx", "field": "1"}
    made["miller"] = (["mlr", "jq"], bash(MILLER.format(**how, file=file) + " | " + MILLER_JQ), False)
    return made


def make_inputs(where):
    rng = np.random.default_rng(1)
    n = 1_000_000
    ttft = rng.lognormal(4, 0.5, n)
    e2e = ttft + rng.lognormal(6, 0.3, n)
    due = 1795330729000000 + np.cumsum(rng.integers(1, 2000, n))
    numbers = rng.lognormal(4, 0.5, 10 * n)
    with open(where + "/records.jsonl.part", "w", encoding="ascii") as f:
        f.writelines(f'{{"id":{i + 1},"tags":{{"adapter":"math"}},"ok":true,"due_us":{due[i]},"sent_us":{due[i] + 41},'
                     f'"send_lag_ms":0.041,"ttft_ms":{ttft[i]:.3f},"tpot_ms":{ttft[i] / 7:.3f},"e2e_ms":{e2e[i]:.3f},'
                     '"input_tokens":512,"output_tokens":128,"tokens_from":"usage","finish":"stop","error":null}\n'
                     for i in range(n))
    np.savetxt(where + "/numbers.txt.part", numbers, fmt="%.3f")
    for name in TASKS.values():
        os.rename(f"{where}/{name}.part", f"{where}/{name}")


def measure(command, everywhere):
    """Seconds, CPU seconds, the largest process's MB, the figures, and what else it timed."""
    mine = os.sched_getaffinity(0)
    one = {max(mine)}
    with open("out", "w+", encoding="utf-8") as out, open("err", "w+", encoding="utf-8") as err:
        began = time.monotonic()
        p = subprocess.Popen(command, stdout=out, stderr=err, preexec_fn=None if everywhere else
                             lambda: os.sched_setaffinity(0, one))
        _, status, used = os.wait4(p.pid, 0)
        took = time.monotonic() - began
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, said = out.read(), err.read()
    if p.returncode:
        return None, f"exit status {p.returncode}: {said.strip().splitlines()[-1:]}"
    query = float(said) if command[0] == sys.executable else None
    return (took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, [float(v) for v in text.split()], query), None


def version(name):
    if name.startswith(("duckdb", "pandas")):
        module = __import__(name.split(",")[0])
        return module.__version__
    words = [subprocess.run([tool, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()[0]
             for tool in {"pctl": ["pctl"], "miller": ["mlr"], "datamash": ["datamash"]}.get(name, ["jq", "datamash"])]
    return ", ".join(words)


def rows(task, label):
    made, runs, why = clients(task), {}, {}
    for name, (needs, _, _) in made.items():
        missing = [tool for tool in needs if not shutil.which(tool)]
        if missing:
            why[name] = f"{', '.join(missing)}: not installed"
    for _ in range(ROUNDS):
        for name, (_, command, everywhere) in made.items():
            if name in why:
                continue
            got, trouble = measure(command, everywhere)
            if trouble:
                why[name] = trouble
            else:
                runs.setdefault(name, []).append(got)
    for name, (_, command, everywhere) in made.items():
        row = {"table": "stats", "client": name, "task": label}
        if name in why:
            yield {**row, "why": why[name]}, None
            continue
        took, cpu, mb, _, query = (statistics.median(column) if isinstance(column[0], float) else None
                                   for column in zip(*runs[name]))
        yield {**row, "wall_s": round(took, 3), "query_s": query and round(query, 3), "cpu_s": round(cpu, 3),
               "peak_mb": round(mb, 1), "best_s": round(min(r[0] for r in runs[name]), 3), "rounds": ROUNDS,
               "processors": len(os.sched_getaffinity(0)) if everywhere else 1, "version": version(name),
               "command": command[-1].removeprefix("set -o pipefail; LC_ALL=C; export LC_ALL; ")}, runs[name][0][3]


def main():
    where = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else TOP + "/build/perf/stats")
    os.makedirs(where, exist_ok=True)
    os.chdir(where)
    if not all(os.path.exists(name) for name in TASKS.values()):
        make_inputs(where)
    disagree = False
    for task, label in enumerate(TASKS):
        first = None
        for row, figures in rows(task, label):
            if figures and first is None:
                first = figures
            # pctl rounds milliseconds to a thousandth; Miller takes the nearest rank, a neighbour.
            rtol, atol = 1e-4 if row["client"] == "miller" else 1e-9, 0.00051 if task == 0 else 0
            if figures and not np.allclose(figures, first, rtol=rtol, atol=atol):
                print(f"pctl.py: {row['client']}, {label}: {figures}, pctl has {first}", file=sys.stderr)
                disagree = True
            print(json.dumps(row), flush=True)
    sys.exit(disagree)


if __name__ == "__main__":
    main()
