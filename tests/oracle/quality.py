#!/usr/bin/env python3
"""quality.py REQUESTS RESPONSES METRICS: judges kept replies with Python's jsonschema, and compares
with tokstat's structured_ok and tool_call_ok, request by request."""
import json
import sys

import jsonschema


def load(path):
    with open(path, encoding="utf-8") as f:
        return {r["id"]: r for r in map(json.loads, f)}


def satisfies(text, schema):
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return jsonschema.Draft202012Validator(schema).is_valid(value)


def structured(body, reply):
    form = body.get("response_format")
    return None if form is None else satisfies(reply["text"], form["json_schema"]["schema"])


def called(body, reply):
    if "tools" not in body:
        return None
    tools = {t["function"]["name"]: t["function"]["parameters"] for t in body["tools"]}
    return any(c["name"] in tools and satisfies(c["arguments"], tools[c["name"]]) for c in reply.get("calls", []))


requests, responses, metrics = map(load, sys.argv[1:])
wrong = []
counts = {"structured": [0, 0], "calls": [0, 0]}
for key, m in metrics.items():
    body, reply = requests[key]["body"], responses[key]
    for what, field, want in (("structured", "structured_ok", structured(body, reply)),
                              ("calls", "tool_call_ok", called(body, reply))):
        if m[field] is not want:
            wrong.append(f"{key}: {field}: {m[field]}, expected {want}")
        if want is not None:
            counts[what][0] += want
            counts[what][1] += 1
print("; ".join(f"{what} {right} of {n}" for what, (right, n) in counts.items()), *wrong, sep="\n")
sys.exit(bool(wrong))
