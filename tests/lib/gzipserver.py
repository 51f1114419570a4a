#!/usr/bin/env python3
"""gzipserver.py gzip|deflate: answers every POST with five events, 60 ms apart, compressed and flushed one by one.

Prints its URL.  The text of the first event is what the client's Accept-Encoding said."""
import http.server
import json
import sys
import time
import zlib


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Encoding", sys.argv[1])
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        squeeze = zlib.compressobj(wbits=31 if sys.argv[1] == "gzip" else 15)
        texts = [self.headers["Accept-Encoding"], " b", " c", " d"]
        events = [json.dumps({"choices": [{"index": 0, "delta": {"content": t}}]}) for t in texts] + ["[DONE]"]
        for i, event in enumerate(events):
            time.sleep(0.06 if i else 0)
            last = zlib.Z_FINISH if i == len(events) - 1 else zlib.Z_SYNC_FLUSH
            self.chunk(squeeze.compress(f"data: {event}\n\n".encode()) + squeeze.flush(last))
        self.chunk(b"")

    def chunk(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
