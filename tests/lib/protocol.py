#!/usr/bin/env python3
"""protocol.py requests HOW… | cuts HOW NAME STEP | check RESPONSES: the replies of tests/data/protocol.txt.

`requests` prints a request record for each reply and each HOW, a way in which badserver.py delivers it
("model": "HOW/NAME"); `cuts` one for each STEPth byte of one reply ("model": "HOW:BYTE/NAME").  `check` compares the response records with what the table says, prints each
difference, and ends with status 1 when there is one.  It shares no code with the programs.
"""
import json
import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).parent.parent / "data" / "protocol.txt"
COLUMNS = ["name", "events", "error", "message", "finish", "usage", "text"]
COUNTS = ["prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens"]


def body_of(lines):
    text = b"".join(line.encode() + b"\n" for line in lines)
    text = re.sub(rb"<>\n", b"", text)
    return re.sub(rb"<([0-9A-F]{2})>", lambda m: bytes([int(m[1], 16)]), text)


def cases():
    """{name: row}: the columns, and the body's bytes as row["body"]."""
    found, lines = {}, []
    for line in TABLE.read_text().split("\n")[:-1]:
        if line.startswith("@ "):
            row = dict(zip(COLUMNS, line[2:].split(" | "), strict=True))
            assert row["name"] not in found, row["name"]
            lines = row["body"] = []
            found[row["name"]] = row
        elif not line.startswith("#"):
            lines.append(line)
    for row in found.values():
        row["body"] = body_of(row["body"])
    return found


def expected(row):
    def value(key, read=str, none=None):
        return none if row[key] == "-" else read(row[key])

    counts = value("usage", str.split, ["-"] * 4)
    return {"events": value("events", none=""), "error": value("error"), "finish": value("finish"),
            "text": value("text", json.loads, ""),
            "usage": [None if c == "-" else int(c) for c in counts]}


def seen(record):
    usage = record["usage"] or {}
    return {"events": record["ev_kind"], "error": record["error"] and record["error"]["kind"],
            "finish": record["finish"], "text": record.get("text") or "", "usage": [usage.get(k) for k in COUNTS]}


def differences(record, row):
    want, got = expected(row), seen(record)
    said = (record["error"] or {}).get("message") or ""
    yield from (f"{k}: {got[k]!r}, expected {want[k]!r}" for k in want if got[k] != want[k])
    if row["message"] != "-" and row["message"] not in said:
        yield f"message: {said!r}, expected {row['message']!r} in it"
    if record["streamed"] == row["name"].startswith(("plain-json", "html", "words", "nothing")):
        yield f"streamed: {record['streamed']}"
    # what comes behind [DONE] may still be counted, and need not come in time
    least = row["body"].index(b"[DONE]") + 6 if "d" in record["ev_kind"] else len(row["body"])
    if record["status"] != 200 or not least <= record["bytes_in"] <= len(row["body"]):
        yield f"status {record['status']}, bytes_in {record['bytes_in']}, sent were {len(row['body'])}"


def broken_off(record, row, at):
    """Of a connection that ended after so many bytes: the events whose blank line had come."""
    events = row["events"][:row["body"][:at].count(b"\n\n")]
    want = {"events": events, "error": None if events[-1:] == "d" else "stream"}
    got = seen(record)
    yield from (f"{k}: {got[k]!r}, expected {want[k]!r}" for k in want if got[k] != want[k])


def request(i, how, name):
    return {"id": i, "tags": {"how": how, "name": name}, "body": {
        "model": f"{how}/{name}", "messages": [], "stream": True, "stream_options": {"include_usage": True}}}


def check(path):
    table, bad, records = cases(), 0, [json.loads(line) for line in open(path)]
    for r in records:
        name = r["tags"]["name"]
        how, _, at = r["tags"]["how"].partition(":")
        for what in broken_off(r, table[name], int(at)) if how == "early" else differences(r, table[name]):
            print(f"{r['tags']['how']}/{name}: {what}")
            bad += 1
    print(f"{len(records)} records, {len(table)} replies, {bad} differences")
    return bad > 0 or not records


def main():
    if sys.argv[1] == "check":
        sys.exit(check(sys.argv[2]))
    if sys.argv[1] == "cuts":
        how, name, step = sys.argv[2:]
        pairs = [(f"{how}:{at}", name) for at in range(1, len(cases()[name]["body"]), int(step))]
    else:
        pairs = [(how, name) for how in sys.argv[2:] for name in cases()]
    for i, (how, name) in enumerate(pairs, 1):
        print(json.dumps(request(i, how, name)))


if __name__ == "__main__":
    main()
