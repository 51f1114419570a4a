"""llama.py MODEL ALIAS: llama.cpp's own HTTP server, as the Python package xllamacpp
carries it, on a free port of 127.0.0.1.  Prints its URL and stays until it is ended."""
import os
import signal
import sys

os.environ["OMP_WAIT_POLICY"] = "passive"  # before the library reads it
import xllamacpp  # noqa: E402

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {sys.argv[2]}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 8192
params.n_parallel = 4
params.endpoint_metrics = True
# Half of the machine, asleep while it waits: the client runs here, too, and threads that spin
# at a barrier make everything a hundred times slower on a machine that is busy.
for cpu in (params.cpuparams, params.cpuparams_batch):
    cpu.n_threads = (len(os.sched_getaffinity(0)) + 1) // 2
    cpu.poll = 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
signal.pause()
