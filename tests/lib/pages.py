#!/usr/bin/env python3
"""pages.py DIR [--tls CERT KEY]: serves files of DIR as metrics pages, read anew for each request.

Prints its URL.  DIR/NAME is the page /NAME; a file that begins with "STATUS n" answers with that
status, one that begins with "HANG" not at all.  Each request is a line of DIR/log: the
connection's number, the path, the Authorization and Accept-Encoding it came with.
"""
import itertools
import os
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DIR = sys.argv[1]
connections = itertools.count(1)
lock = threading.Lock()


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.number = next(connections)

    def do_GET(self):
        with lock, open(os.path.join(DIR, "log"), "a") as f:
            print(self.number, self.path, self.headers.get("Authorization", "-"),
                  self.headers.get("Accept-Encoding", "-"), file=f)
        try:
            with open(os.path.join(DIR, self.path.lstrip("/")), "rb") as f:
                page = f.read()
        except OSError:
            page = b"STATUS 404"
        if page.startswith(b"HANG"):
            time.sleep(60)
            return
        status = int(page.split()[1]) if page.startswith(b"STATUS ") else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    scheme = "http"
    if sys.argv[2:3] == ["--tls"]:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"{scheme}://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


main()
