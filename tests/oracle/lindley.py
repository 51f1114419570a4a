#!/usr/bin/env python3
"""Waiting times in llmsim's truth against queueing theory, on the same arrivals.

lindley.py drive URL RATE REQUESTS TOKENS SEED   Poisson arrivals of streamed requests; answers all read
lindley.py check TRUTH TTFT_US ITL_US TOKENS PLACES BOUND_US

The waiting time of request n follows from arrivals A alone: for one place by Lindley's recursion
W[n+1] = max(0, W[n] + S - A[n]), for several by that of Kiefer and Wolfowitz.  The truth's is its first
planned event - arrival - TTFT.  Prints the largest difference, and how late events were sent.
"""
import asyncio
import heapq
import json
import random
import sys


async def request(host, port, tokens, number):
    body = json.dumps({"prompt": "a b", "max_tokens": tokens, "stream": True}).encode()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"POST /v1/completions HTTP/1.1\r\nHost: x\r\nX-Request-Id: %d\r\nConnection: close\r\n"
                 b"Content-Length: %d\r\n\r\n%s" % (number, len(body), body))
    reply = await reader.read()
    while more := await reader.read():
        reply += more
    writer.close()
    assert b"[DONE]" in reply, reply[:200]


async def drive(url, rate, requests, tokens, seed):
    host, port = url.removeprefix("http://").split(":")
    draw = random.Random(seed)
    loop = asyncio.get_running_loop()
    at = loop.time()
    tasks = []
    for number in range(requests):
        at += draw.expovariate(rate)
        await asyncio.sleep(max(0, at - loop.time()))
        tasks.append(asyncio.create_task(request(host, port, tokens, number)))
    await asyncio.gather(*tasks)


def lindley(arrivals, service):
    waits = [0]
    for before, after in zip(arrivals, arrivals[1:]):
        waits.append(max(0, waits[-1] + service - (after - before)))
    return waits


def kiefer_wolfowitz(arrivals, service, places):
    free = [0] * places
    waits = []
    for arrival in arrivals:
        start = max(arrival, heapq.heappop(free))
        heapq.heappush(free, start + service)
        waits.append(start - arrival)
    return waits


def check(truth, ttft, itl, tokens, places, bound):
    with open(truth) as f:
        records = sorted((json.loads(line) for line in f), key=lambda r: r["recv_us"])
    arrivals = [r["recv_us"] for r in records]
    service = ttft + (tokens - 1) * itl
    waits = lindley(arrivals, service) if places == 1 else kiefer_wolfowitz(arrivals, service, places)
    off = [abs(r["plan_us"][0] - r["recv_us"] - ttft - w) for r, w in zip(records, waits)]
    late = sorted(e - p for r in records for e, p in zip(r["ev_us"], r["plan_us"]))
    print(f"requests {len(records)} waited {sum(w > 0 for w in waits)} mean_wait_us {sum(waits) / len(waits):.0f} "
          f"max_difference_us {max(off)} late_p50_us {late[len(late) // 2]} late_p99_us {late[len(late) * 99 // 100]}")
    assert all(len(r["plan_us"]) == tokens + 1 for r in records), "not every request was answered in full"
    assert sum(w > 0 for w in waits) > len(records) / 20, "hardly anything waited: this tests nothing"
    assert max(off) <= bound


if __name__ == "__main__":
    if sys.argv[1] == "drive":
        asyncio.run(drive(sys.argv[2], float(sys.argv[3]), *map(int, sys.argv[4:7])))
    else:
        check(sys.argv[2], *map(int, sys.argv[3:8]))
