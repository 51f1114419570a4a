"""Does every variable of setup/variables.tsv land where the table says?

  sentinels.py set ROUND          NAME=VALUE, each with a NUL: a value for each variable that nothing else has
  sentinels.py look ROUND WORK    prints each place of WORK where the value is not; and what was not looked at

Round 1 sets all that apply to method standalone but the two that hide others; rounds 2 and 3 set one of those more.
Round 4 sets those of the load, and looks at what run.sh renders.
This is the table's second reader: it knows where things are from LANDS alone.
"""

import json
import os
import re
import shlex
import subprocess
import sys

TOP = os.path.join(os.path.dirname(__file__), "..", "..")
FILES = {"ns": "04_namespace", "sec": "04_secret", "pvc": "04_storage_pvc_setup", "job": "04_download_pod_job_",
         "hns": "05_namespace_sa_rbac_secret", "hpvc": "05_pvc_", "dep": "06_a_deployment_", "svc": "06_b_service_",
         "rte": "06_c_httproute_", "ocp": "06_d_route_", "load": "07_load_job_"}
# Given by the test itself, or of no value that could be looked for.
SAID = {"DEPLOY_METHODS": "standalone", "DEPLOY_MODEL_LIST": "sentinel-org/Sentinel-7b",
        "VLLM_COMMON_ENVVARS_TO_YAML": ",".join(f"LLMDBENCH_VLLM_STANDALONE_{n}" for n in (
            "VLLM_ALLOW_LONG_MAX_MODEL_LEN", "VLLM_SERVER_DEV_MODE", "SENTINEL_A", "SENTINEL_B")),
        "VLLM_COMMON_ANNOTATIONS": "sentinel/a:x y,b:1", "VLLM_COMMON_ACCELERATOR_RESOURCE": "sentinel.com/card",
        "VLLM_COMMON_NETWORK_RESOURCE": "sentinel.com/net", "VLLM_COMMON_EPHEMERAL_STORAGE_RESOURCE": "sentinel.com/disk",
        "VLLM_STANDALONE_HTTPROUTE_GATEWAY": "sentinel-ns/sentinel-gateway", "VLLM_COMMON_FQDN": ".sentinel.local",
        "VLLM_STANDALONE_HTTPROUTE_HOSTNAME": "sentinel.example.com", "HARNESS_LOAD_PARALLELISM": "7"}
MADE_UP = {"VLLM_STANDALONE_SENTINEL_A": "value of a", "VLLM_STANDALONE_SENTINEL_B": "value: of b"}
FROM_ROUND = {"VLLM_COMMON_TENSOR_PARALLELISM": 2, "VLLM_STANDALONE_ARGS": 3}
ROUTES = {"VLLM_STANDALONE_ROUTE", "VLLM_STANDALONE_HTTPROUTE"}  # the other way round from the second on
# No file holds these: their tests are those of the cluster they reach, of the waits, and of the secret.
ELSEWHERE = {"CLUSTER_URL", "CLUSTER_TOKEN", "CLUSTER_CA", "HF_TOKEN", "DEPLOY_SCENARIO", "VLLM_COMMON_FQDN"}


def rows(load=False):
    """The variables that apply, to a stack or to its load, with a sentinel each."""
    with open(os.path.join(TOP, "setup", "variables.tsv"), encoding="utf-8") as table:
        fields = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    for number, (name, default, scope, kind, lands, _) in enumerate(fields, 101):
        if scope == "r" and lands != "-" and (load or "hpvc" in lands) or scope in "*s" and not load:
            yield name, sentinel(number, name, default, kind.rstrip("?")), lands


def sentinel(number, name, default, kind):
    kind, _, more = kind.partition(":")
    if name in SAID:
        return SAID[name]
    return {"int": str(number), "seconds": str(4000 + number), "port": str(20000 + number), "quantity": f"{number}Mi",
            "portion": f"0.{number}", "bool": "0" if default == "1" else "1", "label": f"sentinel/label:v{number}",
            "json": f'{{"s":{number}}}', "mount": f"/sentinel{number}", "name": f"sentinel-{number}",
            "tag": f"v{number}", "choice": more.split(",")[-1]}.get(kind, f"sentinel{number}")


def chosen(rounds):
    """What is set in a round, and that of the rounds before."""
    for name, value, lands in rows(rounds == 4):
        if name in ELSEWHERE or rounds < FROM_ROUND.get(name, 1):
            continue
        if rounds > 1 and name in ROUTES:
            value = "10"[int(value)]
        yield name, value, lands


def values(path, document):
    """What jq finds there."""
    found = subprocess.run(["jq", "-r", f".{path} | if type == \"string\" then . else tojson end"], check=False,
                           input=json.dumps(document), capture_output=True, encoding="utf-8")
    return found.stdout.splitlines()


class Work:
    def __init__(self, path, settings):
        self.settings = settings
        folder = os.path.join(path, "setup", "yamls")
        self.files = {}
        for file in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file), encoding="utf-8") as text:
                self.files[file] = json.load(text)
        with open(os.path.join(path, "environment", "stack.json"), encoding="utf-8") as text:
            self.stack = json.load(text)

    def document(self, short):
        return next((d for f, d in self.files.items() if f.startswith(FILES[short])), None)

    def pods(self):
        return [d["spec"]["template"]["spec"] for d in self.files.values() if d["kind"] in ("Deployment", "Job")]

    def holds(self, place, name, value):
        """Is value at place?  None where no file is meant."""
        if place.partition(".")[0] == "stack":
            return value in values(place.partition(".")[2], self.stack) or value in str(values(place[6:], self.stack))
        if place == "all:ns":
            return all(d["metadata"].get("namespace", value) == value for f, d in self.files.items() if not f.startswith("05"))
        if place == "all:sa":
            return len(self.pods()) == 2 and all(p["serviceAccountName"] == value for p in self.pods())
        short = re.match(r"[a-z]*", place)[0]
        if short not in FILES:
            return None
        document = self.document(short)
        if place == short:
            return (document is not None) == (value == "1")
        if document is None:
            return None if short == "load" else False
        if place.startswith(short + "."):
            found = values(place[len(short) + 1:], document)
            return found != [] and all(self.same(f, value) for f in found)
        return self.short_form(document["spec"]["template"], place[len(short) + 1:], value)

    def same(self, found, value):
        return found == value or (found.startswith("{") and set(value.split("/")) <= set(json.loads(found).values()))

    def short_form(self, template, place, value):
        container = template["spec"]["containers"][0]
        what, _, key = place.partition(":")
        env = {e["name"]: e.get("value") for e in container["env"]}
        if what == "arg":
            words = shlex.split(container["args"][0])
            return key in words and words[words.index(key) + 1] == value
        if what == "args":
            return value in container["args"][0]
        if what == "image":
            return value == container["image"] or value in re.split("[/:]", container["image"])
        if what == "env" and key == "*":
            return all(env.get(n.replace("VLLM_STANDALONE_", "")) == v for n, v in MADE_UP.items())
        if what == "env":
            return env.get(key) == value
        if what == "res":
            limits, requests = (container["resources"][k] for k in ("limits", "requests"))
            key = self.settings.get(key, key)
            return value in limits if key == "@" else limits.get(key) == value and requests == limits
        if what == "affinity":
            label, wanted = value.split(":")
            terms = template["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
            return terms == {"nodeSelectorTerms": [{"matchExpressions": [{"key": label, "operator": "In", "values": [wanted]}]}]}
        assert what == "annotations", place
        return template["metadata"]["annotations"] == dict(pair.split(":", 1) for pair in value.split(","))


def hidden(rounds, name, lands):
    """By another variable of the round: the cards that share a layer, the whole command, the route that is off."""
    return (rounds == 2 and name == "VLLM_COMMON_ACCELERATOR_NR" or rounds > 1 and lands.startswith("rte.")
            or rounds == 3 and (":arg:" in lands or name in ("VLLM_STANDALONE_PREPROCESS", "DEPLOY_MODEL_LIST")))


def look(rounds, path):
    settings = {name: value for name, value, _ in chosen(rounds)}
    work, wrong, seen = Work(path, settings), [], 0
    for name, value, lands in chosen(rounds):
        found = {place: work.holds(place, name, value) for place in lands.split()}
        seen += sum(f is not None for f in found.values())
        if not hidden(rounds, name, lands):
            wrong += [f"LLMDBENCH_{name}={value}: not at {p}" for p, f in found.items() if f is False]
            if all(f is None for f in found.values()):
                wrong.append(f"LLMDBENCH_{name}: the table names no place that could be looked at: {lands}")
    print("\n".join(wrong))
    print(f"{seen} places", file=sys.stderr)
    return 1 if wrong or seen < (16 if rounds == 4 else 69) else 0


def main():
    if sys.argv[1] == "set":
        pairs = [(n, v) for n, v, _ in chosen(int(sys.argv[2]))] + list(MADE_UP.items())
        sys.stdout.write("".join(f"LLMDBENCH_{n}={v}\0" for n, v in pairs))
        return 0
    return look(int(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    sys.exit(main())
