#!/usr/bin/env python3
"""badserver.py [--tls CERT KEY]: a server that misbehaves as it is told; prints its URL first.

The "model" of a request names what it gets, an entry of REPLIES below: a list of byte strings,
each its own send(2), and steps (wait, reset, close, hang).  Everything goes to the socket raw, so
what no HTTP library would send is possible too.  A model "burst/NAME" gets all of NAME in one
send, "drip/NAME" one byte a send.  Requests are answered side by side; connections are kept.
"""
import gzip
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time

RESET, CLOSE, HANG = "reset", "close", "hang"
PAUSE = 0.02


def event(value, head="data: ", end="\n\n"):
    return (head + (value if isinstance(value, str) else json.dumps(value)) + end).encode()


def delta(d, finish=None, **more):
    return {"id": "x", "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": d, "finish_reason": finish}], **more}


ROLE = delta({"role": "assistant", "content": ""})
ONE, TWO = delta({"content": "one"}), delta({"content": " two"})
STOP = delta({}, "stop")
USAGE = {"id": "x", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
DONE = "[DONE]"
PLAIN = {"id": "x", "object": "chat.completion", "usage": {"prompt_tokens": 3, "completion_tokens": 2}, "choices": [
    {"index": 0, "message": {"role": "assistant", "content": "one two"}, "finish_reason": "stop"}]}
OVERLOADED = {"error": {"message": "engine overloaded", "type": "server_error", "code": 503}}


def head(status="200 OK", kind="text/event-stream", *more):
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more, "", ""]).encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def stream(*parts, end=b"0\r\n\r\n", more=()):
    """A chunked 200 reply; parts are events (made with data: when not bytes yet) or steps."""
    out = [head("200 OK", "text/event-stream", "Transfer-Encoding: chunked", *more)]
    for p in parts:
        out.append(p if p in (RESET, CLOSE, HANG) or isinstance(p, float) else
                   chunk(p if isinstance(p, bytes) else event(p)))
    return out + [end]


def whole(status, body, kind="application/json", *more):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [head(status, kind, f"Content-Length: {len(body)}", *more) + body]


def refusal(status, message, *more):
    return whole(status, {"error": {"message": message, "type": "x", "code": None}}, "application/json", *more)


def dressed(**how):
    return [event(e, **how) for e in (ROLE, ONE, TWO, STOP, USAGE, DONE)]


def tool(arguments, **first):
    return delta({"tool_calls": [{"index": 0, **first, "function": {"arguments": arguments}}]})


GOOD = (ROLE, ONE, TWO, STOP, USAGE, DONE)
REPLIES = {
    # SSE as one may write it
    "good": stream(*GOOD),
    "crlf": stream(*dressed(end="\r\n\r\n")),
    "no-space": stream(*dressed(head="data:")),
    "event-lines": stream(*dressed(head="event: message\nid: 7\ndata: ")),
    "comments": stream(b": ping\n\n", *dressed(head=": inside\ndata: "), b": after\n\n"),
    "empty-data": stream(b"data:\n\n", b"\n\n", b"data: \n\n", *GOOD),
    "retry-line": stream(b"retry: 1000\n\n", *GOOD),
    "multi-line": stream(ROLE, b'data: {"choices": [{"index": 0,\ndata: "delta": {"content": "one"}}]}\n\n', STOP, DONE),
    "big-event": stream(ROLE, delta({"content": "x" * (16 << 20)}), STOP, DONE),
    "after-done": stream(*GOOD, ONE, TWO),
    "open-after-done": stream(*GOOD, HANG),
    "close-on-next": [*stream(*GOOD), HANG],  # a kept connection that is dead when it is used again
    "reset-after-done": stream(*GOOD, 0.2, RESET),
    "no-done": stream(ROLE, ONE, TWO, STOP),
    "no-last-newline": stream(ROLE, ONE, STOP, b"data: [DONE]"),
    "until-close": [head() + b"".join(dressed()), CLOSE],
    "continue-first": [b"HTTP/1.1 100 Continue\r\n\r\n", *stream(*GOOD)],
    "gzip": whole("200 OK", gzip.compress(b"".join(dressed())), "text/event-stream", "Content-Encoding: gzip"),
    "wrong-type": whole("200 OK", b"".join(dressed()), "text/html"),
    # letters
    "thinking": stream(delta({"reasoning_content": "hm"}), delta({"reasoning": "hm"}), ROLE, ONE, STOP, DONE),
    "tools": stream(ROLE, tool("", id="c1", type="function"), tool("{}"), delta({}, "tool_calls"), DONE),
    "refusal": stream(ROLE, delta({"refusal": "no"}), STOP, DONE),
    "null-delta": stream(delta(None), {"choices": [{"index": 0, "finish_reason": None}]}, ONE, STOP, DONE),
    "two-choices": stream({"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {}}]},
                          {"choices": [{"index": 1, "delta": {"content": "b"}}]}, STOP, DONE),
    "usage-beside": stream(ROLE, delta({"content": "one"}, None, usage={"prompt_tokens": 3, "completion_tokens": 1}),
                           delta({}, "stop", usage={"prompt_tokens": 3, "completion_tokens": 2}), DONE),
    "no-choices": stream({"choices": []}, ONE, {"ping": 1}, STOP, DONE),
    "blank-text": stream(ROLE, delta({"content": "\n"}), delta({"content": " "}), STOP, DONE),
    "role-only": stream(ROLE, DONE),
    "bad-utf8": stream(ROLE, b'data: {"choices":[{"index":0,"delta":{"content":"\xff\xc0"}}]}\n\n', STOP, DONE),
    "half-surrogate": stream(ROLE, b'data: {"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}\n\n', STOP, DONE),
    "escaped-nul": stream(ROLE, b'data: {"choices":[{"index":0,"delta":{"content":"\\u0000"}}]}\n\n', STOP, DONE),
    "huge-integer": stream(ROLE, b'data: {"created":123456789012345678901234567890,"choices":[{"index":0,'
                           b'"delta":{"content":"x"}}]}\n\n', STOP, DONE),
    "plain-json": whole("200 OK", PLAIN),
    # errors in a 200
    "error-object": stream(ROLE, ONE, OVERLOADED, DONE),
    "error-string": stream(ROLE, ONE, {"error": "engine overloaded"}, DONE),
    "error-null": stream(ROLE, delta({"content": "one"}, None, error=None), STOP, DONE),
    "object-error": stream(ROLE, ONE, {"object": "error", "message": "engine overloaded", "code": 500}, DONE),
    "event-error": stream(ROLE, ONE, b'event: error\ndata: {"message": "engine overloaded"}\n\n', DONE),
    "json-error": whole("200 OK", OVERLOADED),
    "broken-json": stream(ROLE, ONE, b'data: {"choices": [{"delta"\n\n', TWO, STOP, DONE),
    # endings
    "truncated": stream(ROLE, ONE, TWO),
    "reset": stream(ROLE, ONE, PAUSE, RESET),
    "short-body": [head("200 OK", "text/event-stream", "Content-Length: 100000") + event(ROLE) + event(ONE), PAUSE, CLOSE],
    "cut-chunk": stream(ROLE, ONE, PAUSE, CLOSE),
    "reset-at-once": [RESET],
    "close-at-once": [CLOSE],
    "hang": [HANG],
    "hang-after-head": [head("200 OK", "text/event-stream", "Transfer-Encoding: chunked"), HANG],
    "hang-midway": stream(ROLE, ONE, HANG),
    # not what was promised
    "html": whole("200 OK", b"<!DOCTYPE html><html><body>Welcome</body></html>", "text/html"),
    "empty-body": whole("200 OK", b""),
    "brotli": whole("200 OK", b"\x8b\x02\x80abc\x03", "text/event-stream", "Content-Encoding: br"),
    "not-http": [b"SSH-2.0-OpenSSH_9.2\r\n", CLOSE],
    # refusals
    "status-400": refusal("400 Bad Request", "max_tokens is too large"),
    "status-401": refusal("401 Unauthorized", "Incorrect API key provided: KEY"),
    "status-404": refusal("404 Not Found", "The model `m` does not exist."),
    "status-429": refusal("429 Too Many Requests", "Rate limit reached", "Retry-After: 7"),
    "status-500": refusal("500 Internal Server Error", "internal error"),
    "status-503": whole("503 Service Unavailable", b"no healthy upstream", "text/plain"),
    "status-502-html": whole("502 Bad Gateway", b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
    "long-refusal": whole("500 Internal Server Error", b"x" * 100000, "text/plain"),
    "redirect": whole("302 Found", b"", "text/plain", "Location: http://other.example/v1"),
}


def reply(model, key):
    how, _, name = model.rpartition("/")
    steps = REPLIES.get(name) or refusal("404 Not Found", f"no such fault: {name}")
    steps = [s.replace(b"KEY", key) if isinstance(s, bytes) else s for s in steps]
    if how == "burst":
        steps = [b"".join(steps)]
    elif how == "drip":
        steps = [b"%c" % b for b in b"".join(steps)]
    return steps


def request(f):
    """The body of the next request, and its bearer token; None at the end."""
    lines = iter(f.readline, b"\r\n")
    first = next(lines, b"")
    if not first.strip():
        return None, b""
    fields = {k.strip().lower(): v.strip() for k, _, v in (h.partition(b":") for h in lines)}
    body = f.read(int(fields.get(b"content-length", 0)))
    return body, fields.get(b"authorization", b"").removeprefix(b"Bearer ")


def serve(sock):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    f = sock.makefile("rb")
    while True:
        body, key = request(f)
        if body is None:
            break
        model = re.search(rb'"model"\s*:\s*"([^"]*)"', body)
        for step in reply(model[1].decode() if model else "", key):
            if step == HANG:
                f.read(1)  # until the client goes
            elif step == RESET:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if step in (HANG, RESET, CLOSE):
                f.close()
                sock.close()
                return
            if isinstance(step, float):
                time.sleep(step)
            else:
                sock.sendall(step)
    f.close()
    sock.close()


def guarded(sock):
    try:
        serve(sock)
    except OSError:
        pass  # the client has gone


def main():
    scheme, args = "http", sys.argv[1:]
    if args == ["--list"]:
        print("\n".join(REPLIES))
        return
    server = socket.create_server(("127.0.0.1", 0), backlog=128)
    if args and args[0] == "--tls":
        scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args[1], args[2])
        server = context.wrap_socket(server, server_side=True, do_handshake_on_connect=False)
    print(f"{scheme}://127.0.0.1:{server.getsockname()[1]}", flush=True)
    while True:
        sock, _ = server.accept()
        threading.Thread(target=guarded, args=(sock,), daemon=True).start()


if __name__ == "__main__":
    main()
