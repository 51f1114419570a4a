"""llama.py MODEL ALIAS: llama.cpp's own HTTP server, as the Python package xllamacpp
carries it, on a free port of 127.0.0.1.  Prints its URL and stays until it is ended."""
import os
import signal
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {sys.argv[2]}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 8192
params.n_parallel = 4
params.endpoint_metrics = True
params.cpuparams.n_threads = os.cpu_count() or 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
signal.pause()
