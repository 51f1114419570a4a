# record: a new run.json.  What was not measured is named here with its reason.
# --arg id, version, commit, profile, profile_file, namespace,
# service, url, model, engine, note; --slurpfile workload, plan (plan.jq's); --argjson command,
# flags (for resume), engine_args, features (features.jq's), host, models (the answer of /v1/models or null).

def none_if_empty: if . == "" then null else . end;

($models.data // [] | map(.owned_by | strings)[0]) as $owner
| (now * 1e6 | floor) as $now
| {
    id: $id,
    status: "running",
    ended_by: null,
    started: ($now / 1e6 | floor | todate),
    started_us: $now,
    ended: null,
    ended_us: null,
    parts: [{started_us: $now, ended_us: null, ended_by: null}],
    command: $command,
    version: $version,
    commit: ($commit | none_if_empty),
    host: $host,
    profile: $profile,
    profile_file: $profile_file,
    namespace: ($namespace | none_if_empty),
    service: ($service | none_if_empty),
    url: $url,
    model: $model,
    seed: $workload[0].load_test.seed,
    server: {
      engine: ({llamacpp: "llama.cpp"}[$owner // ""] // $owner // ($engine | none_if_empty)),
      simulated: ($owner == "llmsim"),
      note: ($note | none_if_empty),
      started: ($engine | none_if_empty),
      args: $engine_args,
      models: [$models.data[]?.id]
    },
    workload: $workload[0],
    plan: $plan[0],
    flags: $flags,
    features: $features,
    not_applied: [$features[] | select(.state == "not applied" or .state == "differs") | .key],
    not_measured: {
      cost: "the GPU of this server is not known, so nothing was priced",
      energy: "it is not computed; what power was sampled stands in telemetry.jsonl",
      resources: "no pods were sampled in this run"
    }
  }
