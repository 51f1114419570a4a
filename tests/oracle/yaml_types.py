#!/usr/bin/env python3
"""yaml2json against two others: the types of plain scalars, and the structure of documents.

Scalars: random ones, and every type's edges, against the regular expressions of YAML 1.2.2 section
10.3.2, and against ruamel.yaml where that keeps to them (it knows _ in numbers, 0b1, signs before
0x and 0o, dates, = and << too).  Documents: random data written by ruamel.yaml in block and flow
style must come back as it was.
"""
import io
import json
import math
import random
import re
import subprocess
import sys

from ruamel.yaml import YAML

EDGES = """null Null NULL nULL ~ ~~ true True TRUE tRUE false False FALSE yes Yes no on off y n
0 -0 +0 00 007 09 -1 +1 --1 +-1 1_000 0b1 0o17 0o8 0o -0o7 0x1F 0xg 0x +0x1 1:30 190:20:30
1. .5 -.5 +.5 . -. +. .e1 1e3 1E3 1e+3 1e-3 1.e3 .5e3 1e 1e+ e3 1.2.3 1,5 1.5E+3 0e0 -0.0 0.1e-1
9223372036854775807 -9223372036854775808 .inf -.inf +.Inf .INF .iNF .nan .NaN .NAN -.nan
2026-11-22 = << 1e400 1e-400 4.9e-324 0.1 0.30000000000000004 123456789012345678""".split()

CORE = [
    (r"null|Null|NULL|~", lambda s: None),
    (r"true|True|TRUE", lambda s: True),
    (r"false|False|FALSE", lambda s: False),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda s: int(s[2:], 8)),
    (r"0x[0-9a-fA-F]+", lambda s: int(s[2:], 16)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?(\.inf|\.Inf|\.INF)", lambda s: math.inf),
    (r"\.nan|\.NaN|\.NAN", lambda s: math.nan),
]
RUAMEL_DIFFERS = re.compile(r".*_.*|[-+]?0b[01]+|[-+]0[ox].*|[0-9]{4}-.*|=|<<|[-+]?\.[0-9]+[eE][0-9]+|[-+]\.[0-9]+[eE].*")


def core(text):
    for pattern, value in CORE:
        if re.fullmatch(pattern, text):
            return value(text)
    return text


def has_json(value):
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def yaml2json(text):
    done = subprocess.run(["yaml2json"], input=text.encode(), capture_output=True)
    if done.returncode:
        sys.exit(f"yaml2json refused:\n{done.stderr.decode()}\n{text}")
    return json.loads(done.stdout)


def reader():
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml


def same(a, b):
    return type(a) is type(b) and a == b


def scalars(rng):
    found = list(EDGES)
    while len(found) < 4000:
        text = "".join(rng.choice("0012789+-..eExoabfnNulrTs~_:") for _ in range(rng.randint(1, 7)))
        if text[-1] != ":" and text not in ("-", "--", "---", "..."):
            found.append(text)
    return found


def check_scalars(rng):
    texts = [t for t in scalars(rng) if has_json(core(t))]
    values = yaml2json("".join(f"- {t}\n" for t in texts))
    wrong = [(t, v, core(t)) for t, v in zip(texts, values) if not same(v, core(t))]
    pairs = [(t, v) for t, v in zip(texts, values) if not RUAMEL_DIFFERS.fullmatch(t)]
    others = reader().load("".join(f"- {t}\n" for t, _ in pairs))
    wrong += [(t, v, o) for (t, v), o in zip(pairs, others) if not same(v, o)]
    kinds = {type(v).__name__ for v in values}
    for text, ours, expected in wrong[:20]:
        print(f"{text}: yaml2json {ours!r}, expected {expected!r}")
    print(f"{len(texts)} scalars, {len(pairs)} of them read by ruamel.yaml too, {len(wrong)} wrong")
    return not wrong and len(pairs) > len(texts) / 2 and kinds == {"NoneType", "bool", "int", "float", "str"}


def document(rng, depth=0):
    kind = rng.choice("slm") if depth < 5 else "s"
    if kind == "l":
        return [document(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    if kind == "m":
        return {text(rng): document(rng, depth + 1) for _ in range(rng.randint(0, 4))}
    return rng.choice([None, True, rng.randint(-(2**63), 2**63 - 1), rng.random() * 10 ** rng.randint(-9, 9), text(rng)])


def text(rng):
    words = ["", "a", "no", "1", "null", "é", "😀", ": ", " #", "\n", "\t", "'", '"', "\\", "- ", "{", "]", "%", "@", "\x07", "~"]
    return "".join(rng.choice(words) for _ in range(rng.randint(1, 4))) or "key"


def reread(text):
    try:
        return reader().load(text)
    except Exception:  # it writes some texts that it cannot read
        return None


def check_documents(rng):
    wrong = read = 0
    for i in range(300):
        yaml, out, data = reader(), io.StringIO(), document(rng)
        yaml.default_flow_style = [True, False, None][i % 3]
        yaml.allow_unicode = i % 2 == 0
        yaml.dump(data, out)
        if reread(out.getvalue()) != data:
            continue
        read += 1
        if yaml2json(out.getvalue()) != data:
            wrong += 1
            print(f"differs:\n{out.getvalue()}")
    print(f"{read} documents, {wrong} wrong")
    return not wrong and read > 150


def main():
    rng = random.Random(20261122)
    good = check_scalars(rng) & check_documents(rng)
    sys.exit(0 if good else 1)


main()
