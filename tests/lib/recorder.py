#!/usr/bin/env python3
"""recorder.py LOG [--delay S] [--fail TEXT] [--call TEXT] [--piece N] [--hold N]: a chat server that notes what it was sent.

Prints its URL, a free port of the loopback.  Each request becomes one line of LOG as soon as it was read:
{"id": the part of X-Request-Id that is the record's, "body": its JSON value, "reply": what is answered};
the reply goes out S seconds later, streamed in chunks of N bytes (3) that split characters and escapes alike,
and has all that JSON has to escape.  A request whose last message contains TEXT of --fail gets a 500, of --call
a tool call besides; one that holds N messages of --hold or more gets nothing for a minute.  A GET is answered with a list of models, which has m.  Shares no code with the programs.
"""
import argparse
import asyncio
import hashlib
import json


def pieces(text):
    delta = lambda d, f=None: {"choices": [{"index": 0, "delta": d, "finish_reason": f}]}
    out = [delta({"role": "assistant", "content": ""})]
    # half of it escaped, half of it as it is; surrogate pairs stay together, as servers send them
    for i in range(0, len(text), 2):
        out.append(delta({"content": text[i:i + 2]}))
    return out


def say(events):
    data = b""
    for i, e in enumerate(events):
        data += b"data: " + json.dumps(e, ensure_ascii=i % 2 == 0).encode() + b"\n\n"
    return data + b"data: [DONE]\n\n"


def chunks(data, n):
    return b"".join(b"%x\r\n%s\r\n" % (len(data[i:i + n]), data[i:i + n]) for i in range(0, len(data), n)) + b"0\r\n\r\n"


async def serve(reader, writer, a, log):
    while True:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in head[1:] if ":" in line)}
            if head[0].startswith("GET"):
                writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"data":[{"id": "m"}]}')
                continue
            body = json.loads(await reader.readexactly(int(fields["content-length"])))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        said = str(body["messages"][-1].get("content"))
        mark = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:8]
        reply = f'{mark} "quoted" \\ tab\t line\nü漢🙂 \x7f/end'
        failed = a.fail and a.fail in said
        print(json.dumps({"id": int(fields["x-request-id"].split("-")[1]), "body": body,
                          "reply": None if failed else reply}), file=log, flush=True)
        await asyncio.sleep(60 if a.hold and len(body["messages"]) >= a.hold else a.delay)
        if failed:
            writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nboom")
        else:
            events = pieces(reply)
            if a.call and a.call in said:
                events.append({"choices": [{"index": 0, "finish_reason": "tool_calls", "delta": {"tool_calls": [
                    {"index": 0, "id": "srv1", "type": "function",
                     "function": {"name": "look", "arguments": "{\"at\": \"ü\"}"}}]}}]})
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            writer.write(chunks(say(events), a.piece))
        try:
            await writer.drain()
        except ConnectionError:
            return


async def main():
    p = argparse.ArgumentParser()
    p.add_argument("log")
    p.add_argument("--delay", type=float, default=0)
    p.add_argument("--piece", type=int, default=3)
    p.add_argument("--hold", type=int)
    p.add_argument("--fail")
    p.add_argument("--call")
    a = p.parse_args()
    with open(a.log, "a", encoding="utf-8") as log:
        server = await asyncio.start_server(lambda r, w: serve(r, w, a, log), "127.0.0.1", 0, limit=1 << 24, backlog=4096)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


asyncio.run(main())
