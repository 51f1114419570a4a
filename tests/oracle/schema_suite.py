#!/usr/bin/env python3
"""schema_suite.py make SUITE DIR | check SUITE METRICS

The official JSON-Schema-Test-Suite (a directory of draft2020-12) as records: make writes
requests.jsonl and responses.jsonl, one pair a case; check compares tokstat's verdicts with the
suite's.  A case whose schema has a keyword that tokstat does not check has to be null, and every
other one has to have the suite's own answer."""
import json
import pathlib
import sys

KNOWN = set("""type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern
minItems maxItems uniqueItems prefixItems items contains minContains maxContains minProperties maxProperties required
dependentRequired properties patternProperties additionalProperties propertyNames allOf anyOf oneOf not if then else
$ref $defs definitions $schema $id title description default examples deprecated readOnly writeOnly $comment format
contentEncoding contentMediaType""".split())


def cases(suite):
    for file in sorted(pathlib.Path(suite).glob("*.json")):
        for group in json.loads(file.read_text()):
            for test in group["tests"]:
                yield file.name, group, test


def make(suite, directory):
    directory = pathlib.Path(directory)
    with open(directory / "requests.jsonl", "w") as q, open(directory / "responses.jsonl", "w") as r:
        for i, (_, group, test) in enumerate(cases(suite)):
            form = {"type": "json_schema", "json_schema": {"name": "x", "schema": group["schema"]}}
            print(json.dumps({"id": i, "body": {"response_format": form}}), file=q)
            print(json.dumps({"id": i, "due_us": 0, "sent_us": 0, "end_us": 3, "status": 200, "streamed": True,
                              "ev_us": [1], "ev_kind": "c", "text": json.dumps(test["data"]), "error": None}), file=r)


def check(suite, metrics):
    verdicts = [json.loads(line)["structured_ok"] for line in open(metrics)]
    right = null = 0
    bad = []
    for (name, group, test), got in zip(cases(suite), verdicts, strict=True):
        if got is None:
            null += 1
            if only_known(group["schema"]):
                bad.append(f"{name}: {group['description']}: {test['description']}: not judged")
        elif got == test["valid"]:
            right += 1
        else:
            bad.append(f"{name}: {group['description']}: {test['description']}: {got}")
    print(f"{right} as the suite says, {null} not judged, {len(bad)} wrong")
    print("\n".join(bad))
    sys.exit(1 if bad or right < 830 else 0)


def only_known(schema, root=True):
    """Whether nothing in the schema is beyond tokstat: the walk that the suite's own form allows."""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict) or not set(schema) <= KNOWN or ("$id" in schema and not root):
        return False
    if "json-schema.org" not in schema.get("$schema", "json-schema.org"):
        return False
    if "$ref" in schema and not (schema["$ref"] == "#" or schema["$ref"].startswith("#/")):
        return False
    subs = [schema[k] for k in ("items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else")
            if k in schema]
    for k in ("allOf", "anyOf", "oneOf", "prefixItems"):
        subs += schema.get(k, [])
    for k in ("properties", "patternProperties", "$defs", "definitions"):
        subs += schema.get(k, {}).values()
    return all(only_known(s, False) for s in subs)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
