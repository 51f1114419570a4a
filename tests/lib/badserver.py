#!/usr/bin/env python3
"""badserver.py [--tls CERT KEY]: a server that misbehaves as it is told; prints its URL first.

The "model" of a request names what it gets, an entry of REPLIES below: a list of byte strings,
each its own send(2), and steps (wait, reset, close, hang).  Everything goes to the socket raw, so
what no HTTP library would send is possible too.  A model "burst/NAME" gets all of NAME in one
send, "drip/NAME" one byte a send; a model "HOW/NAME", HOW being one of DELIVERIES, gets the body of that
name in tests/data/protocol.txt.  Requests are answered side by side; connections are kept.
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
import zlib

from protocol import cases

RESET, CLOSE, HANG = "reset", "close", "hang"
PAUSE = 0.02
BODIES = cases()


def event(value):
    return f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()


def delta(d, finish=None, **more):
    return {"id": "x", "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": d, "finish_reason": finish}], **more}


ROLE = delta({"role": "assistant", "content": ""})
ONE, TWO = delta({"content": "one"}), delta({"content": " two"})
STOP = delta({}, "stop")
USAGE = {"id": "x", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
DONE = "[DONE]"


def head(status="200 OK", kind="text/event-stream", *more):
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more, "", ""]).encode()


def chunked(pieces, extra=b"", trailer=b""):
    """A chunked 200 reply of these pieces, each its own send, and steps between them."""
    return [head("200 OK", "text/event-stream", "Transfer-Encoding: chunked"), *(
        b"%x%s\r\n%s\r\n" % (len(p), extra, p) if isinstance(p, bytes) else p for p in pieces if p),
        b"0%s\r\n%s\r\n" % (extra, trailer)]


def stream(*parts):
    """The same of events, made with data: when they are not bytes yet."""
    return chunked([p if isinstance(p, (bytes, float)) or p in (RESET, CLOSE, HANG) else event(p) for p in parts])


def whole(status, body, kind="application/json", *more):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [head(status, kind, f"Content-Length: {len(body)}", *more) + body]


def refusal(status, message, *more):
    return whole(status, {"error": {"message": message, "type": "x", "code": None}}, "application/json", *more)


GOOD = (ROLE, ONE, TWO, STOP, USAGE, DONE)
DRESSED = b"".join(map(event, GOOD))
REPLIES = {
    # a good reply in every way that HTTP may bring it
    "good": stream(*GOOD),
    "open-after-done": stream(*GOOD, HANG),
    "close-on-next": [*stream(*GOOD), HANG],  # a kept connection that is dead when it is used again
    "reset-after-done": stream(*GOOD, 0.2, RESET),
    "until-close": [head() + DRESSED, CLOSE],
    "continue-first": [b"HTTP/1.1 100 Continue\r\n\r\n", *stream(*GOOD)],
    "gzip": whole("200 OK", gzip.compress(DRESSED), "text/event-stream", "Content-Encoding: gzip"),
    "wrong-type": whole("200 OK", DRESSED, "text/html"),
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
    "redirect-beside": whole("307 Temporary Redirect", b"", "text/plain", "Location: elsewhere"),
    "redirect": whole("302 Found", b"", "text/plain", "Location: http://other.example/v1"),
}


def big_event():
    """Made only for who asks: it takes the server a while."""
    return stream(ROLE, delta({"content": "x" * (64 << 20)}), STOP, DONE)


def each_byte(body):
    return [b"%c" % b for b in body]


def halves(body, at, wait):
    return [body[:int(at)], wait, body[int(at):]]


def lines(body):
    """Line by line, as in a read of its own each."""
    return [step for line in body.splitlines(keepends=True) for step in (line, 0.002)]


def flushed(body):
    """Compressed, and flushed at every byte."""
    squeeze = zlib.compressobj(wbits=31)
    return [squeeze.compress(b) + squeeze.flush(zlib.Z_SYNC_FLUSH) for b in each_byte(body)] + [squeeze.flush()]


DELIVERIES = {
    "whole": lambda body: chunked([body]),
    "bytes": lambda body: chunked(each_byte(body)),
    "lines": lambda body: chunked(lines(body)),
    "cut": lambda body, at: chunked(halves(body, at, 0.003)),
    "pause": lambda body, at: chunked(halves(body, at, 0.5)),
    "early": lambda body, at: [*chunked([body[:int(at)]])[:-1], 0.3, CLOSE],  # a proxy drops bytes that come with the end
    "length": lambda body: whole("200 OK", body, "text/event-stream"),
    "close": lambda body: [head(), *each_byte(body), CLOSE],
    "extensions": lambda body: chunked(halves(body, len(body) // 2, 0.001), b' ;a=1;b="two"', b"X-Trailer: 1\r\n"),
    "gzip": lambda body: [
        head("200 OK", "text/event-stream", "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        *chunked(flushed(body))[1:]],
}


def reply(model, key):
    how, _, name = model.rpartition("/")
    kind, *at = how.split(":")
    if kind in DELIVERIES and name in BODIES:
        return DELIVERIES[kind](BODIES[name]["body"], *at)
    if name == "big-event":
        return big_event()
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
