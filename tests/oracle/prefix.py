#!/usr/bin/env python3
"""prefix.py URL BLOCK BLOCKS REQUESTS SEED: prefix hits of llmsim against a count of our own.

Sends prompts that share beginnings, one after the other, and expects of each the cached tokens that
a least-recently-used cache of whole blocks gives, where a block is known by all tokens up to its end;
then the same sums in /metrics.
"""
import http.client
import json
import random
import re
import sys
from collections import OrderedDict


def expected(cache, prompt, block, capacity):
    """Cached tokens of prompt; then its blocks are in cache, the first one most recently used."""
    prefixes = [tuple(prompt[:end]) for end in range(block, len(prompt) + 1, block)]
    hits = 0
    while hits < len(prefixes) and prefixes[hits] in cache and (hits + 1) * block < len(prompt):
        hits += 1
    for prefix in reversed(prefixes[:capacity]):
        cache[prefix] = True
        cache.move_to_end(prefix)
    while len(cache) > capacity:
        cache.popitem(last=False)
    return hits * block


def prompts(requests, block, seed):
    """Prompts over a few stems: some new, some that go on from an old one, some repeated."""
    draw = random.Random(seed)
    past = [[draw.randrange(1000) for _ in range(10 * block)] for _ in range(4)]
    for _ in range(requests):
        old = draw.choice(past[-20:])
        prompt = old[:draw.randrange(len(old) + 1)] + [draw.randrange(1000) for _ in range(draw.randrange(4 * block))]
        prompt = draw.choice([prompt, prompt, old]) or [1]
        past.append(prompt)
        yield prompt


def post(connection, path, body):
    connection.request("POST", path, json.dumps(body))
    return json.load(connection.getresponse())


def total(page, name):
    return sum(float(v) for v in re.findall(rf"^vllm:{name}_total{{.*}} (.*)$", page, re.M))


def main(url, block, capacity, requests, seed):
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    cache = OrderedDict()
    queries = hits = evicted = 0
    for number, prompt in enumerate(prompts(requests, block, seed)):
        want = expected(cache, prompt, block, capacity)
        usage = post(connection, "/v1/completions", {"prompt": prompt, "max_tokens": 1})["usage"]
        got = usage["prompt_tokens_details"]["cached_tokens"]
        assert usage["prompt_tokens"] == len(prompt)
        assert got == want, f"request {number} of {len(prompt)} tokens: {got} cached, expected {want}"
        queries += len(prompt)
        hits += want
        evicted += len(cache) == capacity
    connection.request("GET", "/metrics")
    page = connection.getresponse().read().decode()
    assert total(page, "prefix_cache_queries") == queries
    assert total(page, "prefix_cache_hits") == hits
    print(f"requests {requests} tokens {queries} cached {hits} full {evicted}")
    assert hits > 0 and evicted > requests / 2, "this tests nothing"


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
