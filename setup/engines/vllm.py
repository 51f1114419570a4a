"""vllm.py COMMAND…: become COMMAND with "--host 127.0.0.1 --port N" behind it, and print the URL first.

N is a free port.  vLLM takes the better part of a minute until it binds: a socket that is bound
to the port, and does not listen, keeps it from everybody else until then.
"""
import os
import socket
import sys

held = socket.socket()
held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as vLLM's own: the two may share
held.bind(("127.0.0.1", 0))
held.set_inheritable(True)
port = held.getsockname()[1]
print(f"http://127.0.0.1:{port}", flush=True)
os.execvp(sys.argv[1], [*sys.argv[1:], "--host", "127.0.0.1", "--port", str(port)])
