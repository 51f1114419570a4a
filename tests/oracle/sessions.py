#!/usr/bin/env python3
"""sessions.py REQUESTS RESPONSES LOG: what recorder.py was sent against what it ought to have been sent.

From the request records and the server's own log alone: turn k has in body.messages the new messages of the turns
before it, after each of them the reply that the server gave to it, and then its own; the rest of the body is the
record's.  Every id has one final response.  A request may have been sent more than once only where the run was cut
short; then each time with the same messages.  With --failed TEXT, turns behind one whose message has TEXT must
not have been sent, and their response is "skipped".  Shares no code with the programs.
"""
import argparse
import json


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def assistant(turn, entry, answer):
    calls = answer.get("calls")
    message = {"role": "assistant", "content": entry["reply"]}
    if calls:
        message["tool_calls"] = [{"id": f"call_{turn}_{k}", "type": "function", "function": c} for k, c in enumerate(calls)]
    return message


def main():
    p = argparse.ArgumentParser()
    p.add_argument("requests")
    p.add_argument("responses")
    p.add_argument("log")
    p.add_argument("--failed")
    a = p.parse_args()
    requests, responses, log = lines(a.requests), lines(a.responses), lines(a.log)
    ids = [r["id"] for r in responses]
    assert sorted(ids) == sorted(q["id"] for q in requests), "not every id once"
    assert all(r["final"] for r in responses), "a record is not final"
    answers = {r["id"]: r for r in responses}
    received = {}
    for entry in log:
        received.setdefault(entry["id"], []).append(entry)
    sessions, checked = {}, 0
    for q in requests:
        sessions.setdefault(json.dumps(q.get("session", ["alone", q["id"]])), []).append(q)
    for turns in sessions.values():
        history, failed = [], False
        for q in turns:
            got, answer = received.get(q["id"], []), answers[q["id"]]
            if failed:
                assert not got, f"id {q['id']}: sent after a turn that failed"
                assert answer["error"]["kind"] == "skipped" and answer["sent_us"] is None, answer
                continue
            assert got, f"id {q['id']}: never received"
            history = history + q["body"]["messages"]
            for entry in got:
                want = dict(q["body"], messages=history)
                assert entry["body"] == want, f"id {q['id']}:\n got {entry['body']}\nwant {want}"
                checked += 1
            failed = bool(a.failed) and a.failed in str(q["body"]["messages"][-1])
            if failed:
                assert answer["error"]["kind"] == "http", answer
                continue
            assert answer["error"] is None, answer
            if "session" in q:
                assert answer["text"] == got[-1]["reply"], f"id {q['id']}: text {answer['text']!r}"
                history = history + [assistant(q["turn"], got[-1], answer)]
    extra = received.keys() - {q["id"] for q in requests}
    assert not extra, f"requests that nobody asked for: {extra}"
    print(json.dumps({"requests": len(requests), "received": checked}))


main()
