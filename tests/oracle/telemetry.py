"""What a telemetry record has to say, worked out by other people's code.

usage: telemetry.py samples FILE DUMP     every sample of a metrics page as prometheus_client's
                                          parser has it, against the lines of the unit test's dump
       telemetry.py engine FILE RECORD    the fields of an engine's record, summed from the same
       telemetry.py abi                   NVML's constants and structures, from nvidia-ml-py, as JSON
       telemetry.py gpus RECORDS          NVML records against nvidia-ml-py on the same library
       telemetry.py run DIR               what results.json and analysis.json of a run say of its samples

Exits 1 and says why when they differ.
"""
import ctypes
import json
import math
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

failures = []


def differ(what, want, got):
    failures.append(f"{what}: expected {want}, got {got}")


def page_samples(file):
    text = open(file, newline="").read()
    parse = openmetrics if text.rstrip().endswith("# EOF") else prometheus
    found = [s for family in parse(text) for s in family.samples]
    # The parser gives a counter without _total that end; the page's own name counts.
    return [s._replace(name=s.name.removesuffix("_total")) if s.name not in text else s for s in found]


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


def samples(file, dump):
    def key(name, labels, value):
        return (name, tuple(sorted(labels.items())), repr(float(value)))

    want = sorted(key(s.name, s.labels, s.value) for s in page_samples(file))
    got = sorted(key(n, l, v) for n, l, v in map(json.loads, open(dump)))
    if len(want) < 5:
        failures.append(f"{file}: only {len(want)} samples")
    for w, g in zip(want, got):
        if w != g:
            return differ(file, w, g)
    if len(want) != len(got):
        differ("samples", len(want), len(got))


def total(of, name, **having):
    """The sum over all label sets; None when there is none."""
    values = [s.value for s in of if s.name == name and all(s.labels.get(k) == v for k, v in having.items())]
    return sum(values) if values else None


def fullest(of, *names):
    for name in names:
        values = [s.value for s in of if s.name == name]
        if values:
            return max(values)
    return None


def schedulers(of, name):
    """SGLang: by replica the largest of its ranks, without the breakdown by priority."""
    replicas = {}
    for s in of:
        if s.name == name and not s.labels.get("priority"):
            who = tuple(sorted((k, v) for k, v in s.labels.items() if k not in ("tp_rank", "pp_rank", "moe_ep_rank")))
            replicas[who] = max(replicas.get(who, -math.inf), s.value)
    return sum(replicas.values()) if replicas else None


def first(*values):
    return next((v for v in values if v is not None), None)


def both(a, b):
    return None if a is None or b is None else a + b


def histograms(of, **bases):
    """field: (the name of a histogram's family, or several to choose from, how series add up)."""
    fields = {}
    for field, (names, add) in bases.items():
        for end, unit in (("sum", "sum_s"), ("count", "count")):
            fields[f"{field}_{unit}"] = first(*(add(of, f"{n}_{end}") for n in names))
    return fields


def vllm(of):
    v = "vllm:"
    return {
        "running": total(of, v + "num_requests_running"), "waiting": total(of, v + "num_requests_waiting"),
        "kv_ratio": fullest(of, v + "kv_cache_usage_perc", v + "gpu_cache_usage_perc"),
        "prompt_tokens_total": total(of, v + "prompt_tokens_total"),
        "output_tokens_total": total(of, v + "generation_tokens_total"),
        "prefix_queries_total": first(total(of, v + "prefix_cache_queries_total"), total(of, v + "gpu_prefix_cache_queries_total")),
        "prefix_hits_total": first(total(of, v + "prefix_cache_hits_total"), total(of, v + "gpu_prefix_cache_hits_total")),
        "requests_total": total(of, v + "request_success_total"),
        "preemptions_total": total(of, v + "num_preemptions_total"),
        **histograms(of, ttft=([v + "time_to_first_token_seconds"], total),
                     itl=([v + "inter_token_latency_seconds", v + "time_per_output_token_seconds"], total),
                     e2e=([v + "e2e_request_latency_seconds"], total),
                     queue=([v + "request_queue_time_seconds"], total),
                     prefill=([v + "request_prefill_time_seconds"], total),
                     decode=([v + "request_decode_time_seconds"], total)),
    }


def sglang(of):
    g = "sglang:"
    return {
        "running": schedulers(of, g + "num_running_reqs"), "waiting": schedulers(of, g + "num_queue_reqs"),
        "kv_ratio": fullest(of, g + "token_usage"),
        "prompt_tokens_total": total(of, g + "prompt_tokens_total"),
        "output_tokens_total": total(of, g + "generation_tokens_total"),
        "prefix_queries_total": total(of, g + "prompt_tokens_total"),
        "prefix_hits_total": total(of, g + "cached_tokens_total"),
        "requests_total": total(of, g + "num_requests_total"),
        "preemptions_total": schedulers(of, g + "num_retracted_requests_total"),
        **histograms(of, ttft=([g + "time_to_first_token_seconds"], total),
                     itl=([g + "inter_token_latency_seconds"], total),
                     e2e=([g + "e2e_request_latency_seconds"], total),
                     queue=([g + "queue_time_seconds"], schedulers)),
    }


def llama(of):
    c = "llamacpp:"
    prompt, cached = total(of, c + "prompt_tokens_total"), total(of, c + "prompt_tokens_cached_total")
    return {
        "running": total(of, c + "requests_processing"), "waiting": total(of, c + "requests_deferred"),
        "kv_ratio": total(of, c + "kv_cache_usage_ratio"),
        "prompt_tokens_total": both(prompt, cached), "prefill_tokens_total": prompt,
        "output_tokens_total": total(of, c + "tokens_predicted_total"),
        "prefix_queries_total": both(prompt, cached), "prefix_hits_total": cached,
        "prefill_sum_s": total(of, c + "prompt_seconds_total"),
        "decode_sum_s": total(of, c + "tokens_predicted_seconds_total"),
    }


def lora(of):
    newest = max((s for s in of if s.name == "vllm:lora_requests_info"), key=lambda s: s.value, default=None)
    return {} if newest is None else {
        f"lora_{what}": [n.strip() for n in newest.labels[f"{what}_lora_adapters"].split(",") if n.strip()]
        for what in ("running", "waiting")}


def engine(file, record):
    of = page_samples(file)
    got = json.load(open(record))
    kind = {"vllm": vllm, "sglang": sglang, "llama.cpp": llama}[got["engine"]]
    want = {k: v for k, v in kind(of).items() if v is not None and math.isfinite(v)}
    if len(want) < 8:
        failures.append(f"{file}: only {len(want)} fields")
    if got["engine"] == "vllm":
        want.update(lora(of))
    got = {k: v for k, v in got.items() if k not in ("t_us", "source", "host", "url", "engine")}
    if set(want) != set(got):
        differ("fields", sorted(want), sorted(got))
    for k in set(want) & set(got):
        if want[k] != got[k] if isinstance(want[k], list) else not close(want[k], got[k]):
            differ(k, want[k], got[k])


def abi():
    import pynvml as p

    bits = {name[len("nvmlClocksEventReason"):]: getattr(p, name) for name in dir(p)
            if name.startswith("nvmlClocksEventReason") and name not in ("nvmlClocksEventReasonAll",)}
    print(json.dumps({
        "constants": {n: getattr(p, n) for n in (
            "NVML_SUCCESS", "NVML_ERROR_UNINITIALIZED", "NVML_ERROR_NOT_SUPPORTED", "NVML_ERROR_DRIVER_NOT_LOADED",
            "NVML_ERROR_FUNCTION_NOT_FOUND", "NVML_ERROR_GPU_IS_LOST", "NVML_ERROR_RESET_REQUIRED", "NVML_ERROR_UNKNOWN",
            "NVML_CLOCK_SM", "NVML_TEMPERATURE_GPU", "NVML_FEATURE_ENABLED")},
        "structs": {
            name: [ctypes.sizeof(t), [[f[0], getattr(t, f[0]).offset, getattr(t, f[0]).size] for f in t._fields_]]
            for name, t in (("utilization", p.c_nvmlUtilization_t), ("memory", p.c_nvmlMemory_t),
                            ("memory_v2", p.c_nvmlMemory_v2_t))},
        "memory_v2": p.nvmlMemory_v2, "reasons": bits,
    }, sort_keys=True))


def value(p, call, *args):
    try:
        v = call(*args)
        return v.decode() if isinstance(v, bytes) else v
    except p.NVMLError:
        return None


def scaled(v, by):
    return None if v is None else v / by


def gpu(p, i):
    device = p.nvmlDeviceGetHandleByIndex(i)
    mig = (value(p, p.nvmlDeviceGetMigMode, device) or [0])[0] == p.NVML_FEATURE_ENABLED
    util = value(p, p.nvmlDeviceGetUtilizationRates, device)
    memory = value(p, p.nvmlDeviceGetMemoryInfo, device, p.nvmlMemory_v2) or value(p, p.nvmlDeviceGetMemoryInfo, device)
    clock = value(p, p.nvmlDeviceGetClockInfo, device, p.NVML_CLOCK_SM)
    fields = {
        "device": i, "name": value(p, p.nvmlDeviceGetName, device), "uuid": value(p, p.nvmlDeviceGetUUID, device),
        "mig": mig or None, "util_ratio": None if mig or util is None else util.gpu / 100,
        "mem_used_bytes": memory and memory.used, "mem_total_bytes": memory and memory.total,
        "power_w": scaled(value(p, p.nvmlDeviceGetPowerUsage, device), 1000),
        "energy_j": scaled(value(p, p.nvmlDeviceGetTotalEnergyConsumption, device), 1000),
        "sm_clock_hz": None if clock is None else clock * 1000000,
        "temp_c": value(p, p.nvmlDeviceGetTemperature, device, p.NVML_TEMPERATURE_GPU),
    }
    return {k: v for k, v in fields.items() if v is not None}


def gpus(records):
    import pynvml as p

    p.nvmlInit()
    got = [json.loads(line) for line in open(records)]
    want = [gpu(p, i) for i in range(p.nvmlDeviceGetCount())]
    if len(want) != len(got):
        differ("GPUs", len(want), len(got))
    for w, g in zip(want, got):
        g = {k: v for k, v in g.items() if k not in ("t_us", "source", "host", "throttle")}
        if w != g:
            differ(f"GPU {w['device']}", w, g)


def rise(of, parts, key):
    """By how much a counter rose: within each part, and from zero where it fell."""
    total, last, at = 0.0, None, None
    for s in of:
        if key not in s:
            value = None
        else:
            value = s[key]
        part = sum(p["started_us"] <= s["t_us"] for p in parts)
        if part != at:
            at, last = part, value or 0
            continue
        if value is None:
            continue
        total += value - last if value >= last else value
        last = value
    return total


def run(directory):
    def load(name):
        return json.load(open(f"{directory}/{name}"))

    records = []
    for line in open(f"{directory}/telemetry.jsonl"):
        try:
            records.append(json.loads(line))
        except ValueError:
            pass
    window, parts, analysis = load("runsum.json")["window"], load("run.json")["parts"], load("analysis.json")
    inside = [r for r in records if window["from_us"] <= r["t_us"] <= window["to_us"]]
    means = []
    for number, got in enumerate(analysis["gpus"]):
        mine = [r for r in inside if r.get("device") == number and "error" not in r]
        if len(mine) < 2:
            failures.append(f"GPU {number}: only {len(mine)} samples")
        for key in ("util_ratio", "mem_used_bytes", "power_w"):
            want = math.fsum(r[key] for r in mine) / len(mine)
            if not math.isclose(want, got[key], rel_tol=1e-9):
                differ(f"GPU {number} {key}", want, got[key])
        means.append(got["util_ratio"])
    if len(means) != 2:
        differ("GPUs", 2, len(means))
    got = load("results.json")["resources"]["avg_gpu_utilization"]
    if not math.isclose(got, sum(means) / len(means), rel_tol=1e-9):
        differ("avg_gpu_utilization", sum(means) / len(means), got)
    pages = [r for r in records if r["source"] == "engine" and "error" not in r]
    for key, got in analysis["engine"]["counted"].items():
        if not math.isclose(rise(pages, parts, key), got, abs_tol=1e-6):
            differ(key, rise(pages, parts, key), got)
    for key in ("running", "waiting", "kv_ratio"):
        values = [r[key] for r in inside if r["source"] == "engine" and "error" not in r]
        if not math.isclose(sum(values) / len(values), analysis["engine"][key + "_mean"], rel_tol=1e-9):
            differ(key, sum(values) / len(values), analysis["engine"][key + "_mean"])
    print(f"{len(records)} records compared")


def main():
    {"samples": samples, "engine": engine, "abi": abi, "gpus": gpus, "run": run}[sys.argv[1]](*sys.argv[2:])
    if failures:
        sys.exit("\n".join(failures))


main()
