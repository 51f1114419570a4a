#!/usr/bin/env python3
"""tokstat.py NAME RESPONSES METRICS: recompute every metric record by NAME's definition and compare.

Each tool's definition is written out here on its own, from that tool's description, in floating
point and by NumPy; it shares nothing with the programs.  Prints "N records"; exit status 1 on a difference.
"""
import json
import sys

import numpy as np

MS = 1000.0


class Reply:
    """A response, as a tool that watched it would have seen it."""

    def __init__(self, r):
        self.r = r
        self.events = list(zip(r["ev_kind"], r["ev_us"]))
        self.usage = r.get("usage") or {}
        self.error = r.get("error")
        self.http_ok = r.get("status") is not None and 200 <= r["status"] < 300
        self.error_event = "e" in r["ev_kind"]
        self.broken = self.error is not None and not (self.error_event and self.error["kind"] == "stream")

    def at(self, letters):
        return [t for k, t in self.events if k in letters]

    def count(self, letters):
        return len(self.at(letters))

    def tokens(self, letters="tcf", without_thinking=False):
        """(number, source): usage, else events."""
        n = self.usage.get("completion_tokens")
        if n is not None:
            if without_thinking:
                n = max(0, n - (self.usage.get("reasoning_tokens") or 0))
            return n, "usage"
        n = self.count(letters)
        return (n, "events") if n and self.r["streamed"] else (None, None)


def gaps(times):
    return list(np.diff(np.array(times, dtype=float))) if times else None


def over(total, n):
    return total / n if n is not None and n >= 1 else None


def blank():
    return dict.fromkeys(["ttfb_ms", "ttft_ms", "ttfo_ms", "itl_ms", "tpot_ms", "e2e_ms", "e2e_done_ms"])


def tokpipe(p):
    m, r = blank(), p.r
    ok = p.http_ok and p.error is None and not p.error_event and p.count("tcfo") > 0
    n, source = p.tokens()
    if ok:
        lag = r["sent_us"] - r["due_us"] if r.get("due_us") is not None else None
        sent = {"ttfb": r["first_byte_us"], "e2e": p.at("tcfo")[-1], "e2e_done": r["end_us"] - r["sent_us"],
                "ttft": None, "ttfo": None}
        if r["streamed"]:
            out = p.at("tcf")
            sent["ttft"] = out[0] if out else None
            sent["ttfo"] = p.at("cf")[0] if p.at("cf") else None
            m["itl_ms"] = gaps(out)
            if out and n is not None:
                m["tpot_ms"] = over(out[-1] - out[0], n - 1)
        for k, v in sent.items():
            m[k + "_sent_ms"] = v
            m[k + "_ms"] = v + lag if v is not None and lag is not None else None
    else:
        m |= dict.fromkeys(k + "_sent_ms" for k in ("ttfb", "ttft", "ttfo", "e2e", "e2e_done"))
    return ok, n, source, m


def vllm(p):
    """Any message with choices is a token; latency is the last of them; TPOT = (latency - TTFT) / (n - 1)."""
    m = blank()
    chunks = p.at("rtcf")
    ok = p.http_ok and not p.broken and len(chunks) > 0
    n, source = p.tokens()
    if ok:
        m["e2e_ms"] = chunks[-1]
        if p.r["streamed"]:
            m["ttft_ms"], m["itl_ms"] = chunks[0], gaps(chunks)
            m["tpot_ms"] = over(chunks[-1] - chunks[0], n - 1) if n is not None else None
    return ok, n, source, m


def sglang(p):
    """Content and reasoning; latency is the last line; n is what was asked for when there is no usage."""
    m = blank()
    ok = p.http_ok and not p.broken
    n, source = p.tokens("tc")
    if source != "usage" and "expect" in p.r:
        n, source = p.r["expect"]["output_tokens"], "expected"
    if ok:
        latency = p.events[-1][1] if p.events else p.r["end_us"] - p.r["sent_us"]
        m["e2e_ms"] = latency
        if p.r["streamed"]:
            text = p.at("tc")
            m["ttft_ms"] = text[0] if text else 0
            m["itl_ms"] = gaps(text)
            m["tpot_ms"] = over(latency - m["ttft_ms"], n - 1) if n is not None else None
    return ok, n, source, m


def guidellm(p):
    """From when the request is written to the wire; TPOT includes TTFT; ITL is the mean of a request."""
    m = blank()
    tokens = p.at("tcf")
    ok = p.http_ok and p.error is None and not p.error_event and len(tokens) > 0
    n, source = p.tokens()
    if ok:
        start = p.r["connect_us"]
        done = p.at("d")
        m["e2e_ms"] = (done[0] if done else p.r["end_us"] - p.r["sent_us"]) - start
        if p.r["streamed"]:
            m["ttft_ms"] = tokens[0] - start
            m["ttfo_ms"] = p.at("cf")[0] - start if p.at("cf") else None
            if n is not None:
                m["itl_ms"] = over(tokens[-1] - tokens[0], n - 1)
                m["tpot_ms"] = over(tokens[-1] - start, n)
    return ok, n, source, m


def aiperf(p):
    """request_latency is the last content message; inter_token_latency = (latency - TTFT) / (OSL - 1)."""
    m = blank()
    content = p.at("tcf")
    ok = p.http_ok and not p.broken and len(content) > 0
    n, source = p.tokens()
    if ok:
        m["e2e_ms"] = content[-1]
        if p.r["streamed"]:
            m["ttft_ms"] = content[0]
            m["ttfo_ms"] = p.at("cf")[0] if p.at("cf") else None
            m["itl_ms"] = over(content[-1] - content[0], n - 1) if n is not None else None
    return ok, n, source, m


def genai_perf(p):
    """Responses without content are dropped; an error event is fatal."""
    m = blank()
    content = p.at("c")
    ok = p.http_ok and p.error is None and not p.error_event and len(content) > 0
    n, source = p.tokens("c", without_thinking=True)
    if ok:
        m["e2e_ms"] = content[-1]
        if p.r["streamed"]:
            m["ttft_ms"] = content[0]
            m["itl_ms"] = over(content[-1] - content[0], n - 1) if n is not None else None
    return ok, n, source, m


def inference_perf(p):
    """Every token gets the time of its chunk; no first token below two of them."""
    m = blank()
    chunks = p.at("c")
    ok = p.http_ok and not p.broken
    n, source = p.tokens("c", without_thinking=True)
    if ok:
        m["e2e_ms"] = p.r["end_us"] - p.r["sent_us"]
        if p.r["streamed"] and chunks:
            tokens = max(n or 0, len(chunks))
            m["ttft_ms"] = chunks[0] if tokens >= 2 else None
            m["itl_ms"] = gaps(chunks) + [0.0] * (tokens - len(chunks))
            m["tpot_ms"] = over(chunks[-1] - chunks[0], n - 1) if n is not None else None
    return ok, n, source, m


def source_of_input(p):
    if p.usage.get("prompt_tokens") is not None:
        return p.usage["prompt_tokens"], "usage"
    if "expect" in p.r:
        return p.r["expect"]["input_tokens"], "expected"
    return None, None


def expected(name, r):
    p = Reply(r)
    ok, n, source, m = globals()[name.replace("-", "_")](p)
    m = {k: ([x / MS for x in v] if isinstance(v, list) else v / MS) if v is not None else None for k, v in m.items()}
    last = p.at("tcfo")
    m["ok"] = ok
    m["last_us"] = (r["sent_us"] + last[-1] if last else r["end_us"]) if ok else None
    m["connect_ms"] = r["connect_us"] / MS if ok else None
    m["send_lag_ms"] = None
    if r.get("due_us") is not None and r["sent_us"] is not None:
        m["send_lag_ms"] = (r["sent_us"] - r["due_us"]) / MS
    m["output_tokens"], m["tokens_from"] = n, source
    m["input_tokens"], m["input_from"] = source_of_input(p)
    m["cached_tokens"] = p.usage.get("cached_tokens")
    m["reasoning_tokens"] = p.usage.get("reasoning_tokens")
    m["structured_ok"] = m["tool_call_ok"] = None  # nothing was asked
    for k in ("id", "tags", "due_us", "sent_us", "end_us", "finish", "error"):
        m[k] = r.get(k)
    if name != "tokpipe":
        m["as"] = name
    consumed = {"ev_us", "ev_kind", "usage", "connect_us", "first_byte_us"}
    return {k: v for k, v in r.items() if k not in consumed} | m


def same(a, b):
    if isinstance(a, float) and isinstance(b, (int, float)):
        return abs(a - b) < 0.00051
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def main():
    name, responses, metrics = sys.argv[1:]
    wrong = 0
    with open(responses) as f, open(metrics) as g:
        rows, got = [json.loads(x) for x in f], [json.loads(x) for x in g]
    if len(rows) != len(got):
        sys.exit(f"{len(rows)} responses, {len(got)} metric records")
    for r, m in zip(rows, got):
        want = expected(name, r)
        for k in sorted(set(want) | set(m)):
            if k not in want or k not in m or not same(want[k], m[k]):
                print(f"{name}: id {r['id']} ({r['ev_kind']}): {k}: want {want.get(k)!r}, got {m.get(k)!r}")
                wrong += 1
    if wrong:
        sys.exit(f"{wrong} differences")
    print(f"{len(rows)} records")


main()
