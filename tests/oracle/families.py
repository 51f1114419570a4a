"""families.py OURS THEIRS: two pages of /metrics.  Each vllm: family of OURS is in THEIRS, of the same type, with the same
series: the names they end in, the names of their labels, the values of those that name kinds and bounds.

Prints what OURS lacks.  The labels of the information about a cache may be fewer.
"""
import re
import sys

LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
KINDS = ("le", "finished_reason")  # what llmsim has of these, vLLM has; of bounds all


def page(path):
    types, series = {}, {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if line.startswith("# TYPE vllm:"):
                types[words[2]] = words[3]
            elif line.startswith("vllm:"):
                name, _, labels = line.rpartition(" ")[0].partition("{")
                labels = dict(LABEL.findall(labels))
                kinds = {(k, v) for k, v in labels.items() if k in KINDS}
                seen = series.setdefault(name, [set(labels), set()])
                seen[1] |= kinds
    return types, series


def main():
    (types, series), (their_types, their_series) = map(page, sys.argv[1:])
    wrong = []
    for name, kind in types.items():
        if their_types.get(name) != kind:
            wrong.append(f"{name}: {kind}, theirs: {their_types.get(name)}")
    for name, (labels, kinds) in series.items():
        theirs, their_kinds = their_series.get(name, (set(), set()))
        if labels != theirs and not (name.endswith("_info") and labels <= theirs):
            wrong.append(f"{name}: labels {sorted(labels)}, theirs: {sorted(theirs)}")
        if not kinds <= their_kinds or (name.endswith("_bucket") and kinds != their_kinds):
            wrong.append(f"{name}: {sorted(kinds ^ their_kinds)}")
    print("\n".join(wrong) or f"{len(types)} families, all as theirs")
    print("not there:", *sorted(set(their_types) - set(types)))
    return 1 if wrong or not types else 0


if __name__ == "__main__":
    sys.exit(main())
