#!/usr/bin/env python3
"""check_records.py [--requests FILE] [RESPONSES]: every invariant of a response record.

Reads response records (stdin without a file) and says what is wrong with each, on stderr, exit 1.
With --requests, each id of that file has exactly one record, and its tags, expect, session, turn
and fields unknown to us have passed through.  Prints {"records", "ok", "failed", "by_error"}.
Written from docs/RECORDS.md alone; it shares no code with the programs.
"""
import argparse
import collections
import json
import sys

ORDER = ["id", "tags", "target", "due_us", "sent_us", "connect_us", "first_byte_us", "end_us", "status",
         "streamed", "connects", "ev_us", "ev_kind", "usage", "finish", "bytes_in", "bytes_out", "final", "error"]
USAGE = ["prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens"]
ERROR = ["kind", "status", "message", "retry_after_s"]
KINDS = {"connect", "tls", "timeout", "http", "stream", "protocol", "cancelled", "skipped"}
NO_ANSWER = {"connect", "tls", "skipped"}
CONSUMED = {"at_us", "api", "path", "method", "body", "think_us"}


def unique(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("duplicate key among " + ", ".join(keys))
    return dict(pairs)


def constant(name):
    raise ValueError(name + " is not JSON")


def load(line):
    return json.loads(line.decode("utf-8"), object_pairs_hook=unique, parse_constant=constant)


def natural(v):
    return type(v) is int and v >= 0


def fields(r):
    for k in ORDER:
        if k not in r:
            yield f"{k}: missing"
    known = [k for k in r if k in ORDER]
    if known != [k for k in ORDER if k in r]:
        yield "fields not in the documented order: " + " ".join(known)
    if not natural(r.get("id")):
        yield "id: not a whole number"
    if type(r.get("tags")) is not dict:
        yield "tags: not an object"
    for k in ("bytes_in", "bytes_out", "connects"):
        if not natural(r.get(k)):
            yield f"{k}: {r.get(k)!r} is not a count"
    for k in ("streamed", "final"):
        if type(r.get(k)) is not bool:
            yield f"{k}: not true or false"


def times(r):
    skipped = kind_of(r) == "skipped"
    for k in ("due_us", "sent_us", "end_us"):
        if not (natural(r.get(k)) or (skipped and r.get(k) is None)):
            yield f"{k}: {r.get(k)!r} is not a time"
            return
    for k in ("connect_us", "first_byte_us"):
        if not (r.get(k) is None or natural(r[k])):
            yield f"{k}: {r[k]!r} is neither null nor an offset"
            return
    if skipped:
        return
    if r["sent_us"] < r["due_us"]:
        yield "sent before it was due"
    if r["end_us"] < r["sent_us"]:
        yield "ended before it was sent"
    length = r["end_us"] - r["sent_us"]
    first, connect = r["first_byte_us"], r["connect_us"]
    if first is not None and (first < (connect or 0) or first > length):
        yield f"first_byte_us {first} is outside connect_us {connect} and the end {length}"
    if (first is None) != (r["bytes_in"] == 0):
        yield f"first_byte_us is {first}, but bytes_in is {r['bytes_in']}"
    if r["connects"] == 0 and connect:
        yield "a reused connection took time to connect"


def events(r):
    at, kind = r.get("ev_us"), r.get("ev_kind")
    if type(at) is not list or type(kind) is not str or not all(natural(t) for t in at):
        yield "ev_us is not an array of offsets, or ev_kind not a string"
        return
    if len(at) != len(kind):
        yield f"{len(at)} times but {len(kind)} letters"
    if set(kind) - set("rtcfuoxed"):
        yield f"ev_kind: {kind!r} has an unknown letter"
    if "d" in kind[:-1]:
        yield "an event after [DONE]"
    if any(b < a for a, b in zip(at, at[1:])):
        yield "ev_us decreases"
    if at and (r["first_byte_us"] is None or at[0] < r["first_byte_us"]):
        yield "an event before the first byte"
    if at and at[-1] > r["end_us"] - r["sent_us"]:
        yield "an event after the end"
    if not r["streamed"] and len(at) > 1:
        yield "a reply that was not streamed has several events"
    if "u" in kind and r.get("usage") is None:
        yield "a usage event but no usage"
    if "e" in kind and r.get("error") is None:
        yield "an error event but no error"


def kind_of(r):
    return r["error"].get("kind") if type(r.get("error")) is dict else None


def outcome(r):
    error, status, kind = r.get("error"), r.get("status"), kind_of(r)
    answered = type(status) is int and 200 <= status <= 299
    if status is not None and not (type(status) is int and 100 <= status <= 599):
        yield f"status: {status!r}"
    if error is None:
        if not answered:
            yield f"no error, but status {status}"
        if r["streamed"] and "d" not in r["ev_kind"] and r["finish"] is None:
            yield "no error, but neither [DONE] nor a finish_reason"
    elif type(error) is not dict or list(error) != ERROR:
        yield f"error: its fields are not {' '.join(ERROR)}"
    elif kind not in KINDS:
        yield f"error.kind: {kind!r}"
    elif type(error["message"]) is not str or not error["message"]:
        yield "error.message: empty or not a string"
    elif len(error["message"].encode()) > 4096:
        yield "error.message: longer than 4 KiB"
    if kind == "http" and (answered or status is None or r["ev_us"]):
        yield "error http, but a 2xx status, none, or events"
    if kind in NO_ANSWER and (status is not None or r["ev_us"] or r["bytes_in"]):
        yield f"error {kind}, but there was an answer"
    if kind == "protocol" and not answered and status is not None:
        yield f"error protocol with status {status}"
    if r["final"] != (kind != "cancelled"):
        yield f"final is {r['final']} with error {kind}"
    usage = r.get("usage")
    if usage is not None and (type(usage) is not dict or list(usage) != USAGE or
                              not all(v is None or natural(v) for v in usage.values())):
        yield f"usage: {usage!r} is not flat counts and nulls"


def faults(r):
    """All that is wrong with one record."""
    if type(r) is not dict:
        return ["not an object"]
    for rule in (fields, times, events, outcome):
        found = list(rule(r))
        if found:
            return found
    return []


def passed_through(q, r):
    for k, v in q.items():
        own = k in ORDER and k not in ("id", "tags")
        if k not in CONSUMED and not own and r.get(k) != v:
            yield f"{k}: {v!r} did not pass through"


def against_requests(path, by_id):
    with open(path, "rb") as f:
        asked = {json.dumps(q["id"]): q for q in map(load, f)}
    for i in asked.keys() - by_id.keys():
        yield f"id {i}: no record"
    for i in by_id.keys() - asked.keys():
        yield f"id {i}: a record nobody asked for"
    for i in asked.keys() & by_id.keys():
        for why in passed_through(asked[i], by_id[i]):
            yield f"id {i}: {why}"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--requests")
    p.add_argument("responses", nargs="?")
    a = p.parse_args()
    source = open(a.responses, "rb") if a.responses else sys.stdin.buffer
    bad, by_id, errors = [], {}, collections.Counter()
    for n, line in enumerate(source, 1):
        try:
            r = load(line)
            why = faults(r)
        except ValueError as e:
            bad.append(f"line {n}: {e}")
            continue
        if not line.endswith(b"\n"):
            why.append("no newline at the end")
        i = json.dumps(r.get("id")) if type(r) is dict else "none"
        if i in by_id:
            why.append("a second record with this id")
        by_id[i] = r
        if type(r) is dict and r.get("error"):
            errors[str(kind_of(r))] += 1
        bad += [f"line {n}: id {i}: {w}" for w in why]
    if a.requests:
        bad += against_requests(a.requests, by_id)
    for b in bad:
        print("check_records: " + b, file=sys.stderr)
    failed = sum(errors.values())
    print(json.dumps({"records": len(by_id), "ok": len(by_id) - failed, "failed": failed, "by_error": errors}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
