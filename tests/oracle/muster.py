"""Both sides of muster's lines, by the page: a clock that is elsewhere, ways that take unequal times.

muster.py listen APART_US THERE_MS BACK_MS [MODE]: prints its port; answers one at a time by a clock that is APART_US
ahead, THERE_MS after a question has come and BACK_MS before the answer goes.  MODE: drop (the first connection is
closed in the middle), mute (the first is never answered), garbage.
muster.py ask PORT LINE...: says the lines, prints what comes back until the other side closes or says a start.
"""
import socket
import sys
import time


def clock_us(apart=0):
    return int(time.time() * 1e6) + apart


def listen(apart, there_ms, back_ms, mode=""):
    s = socket.create_server(("127.0.0.1", 0))
    print(s.getsockname()[1], flush=True)
    kept = []
    for n in range(1000):
        c, _ = s.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        kept.append(c)
        if mode == "mute" and n == 0:
            continue
        f = c.makefile("rw", newline="\n")
        for k, line in enumerate(f):
            if mode == "garbage":
                f.write("HTTP/1.1 400 Bad Request\n")
            elif mode == "drop" and n == 0 and k == 5:
                break
            elif line.startswith("p "):
                time.sleep(there_ms / 1e3)
                t2 = clock_us(apart)
                t3 = clock_us(apart)
                time.sleep(back_ms / 1e3)
                f.write("%s %d %d\n" % (line.split()[1], t2, t3))
            elif line == "ready\n":
                f.write("start %d\n" % (clock_us(apart) + 3000000))
            try:
                f.flush()
            except OSError:
                break
        c.shutdown(socket.SHUT_RDWR) if mode == "drop" and n == 0 else None


def ask(port, *lines):
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.sendall("".join(line + "\n" for line in lines).encode())
    for line in c.makefile():
        print(line, end="", flush=True)
        if line.startswith("start"):
            return


if sys.argv[1] == "listen":
    listen(int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:])
else:
    ask(*sys.argv[2:])
