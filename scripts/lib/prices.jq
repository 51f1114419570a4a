# prices: writes prices.json of a run: the prices (yaml2json's output for cost.yaml) with the
# server that is priced.  jq -n --argjson prices --slurpfile run (run.json)
# --argjson seen {gpu, gpus}: what telemetry said, null where it did not.
# --argjson now {gpu, gpus, cpu, memory}: what was typed now.
# What was typed goes over the profile's resources, they over the prices' own server.

# Kubernetes' names of accelerators; a share of one (nvidia.com/gpu.shared) is not counted.
def is_gpu: test("^(nvidia\\.com/(gpu|mig-.*)|amd\\.com/gpu|habana\\.ai/gaudi)$");
def text: if . == null then null else tostring end;

# Of the profile's resources those that are to be priced.  What has a limit and no request
# requests its limit, as in Kubernetes.
def quantities($prices):
  (.limits // {}) as $limits
  | if $prices.calculation.use_requests == false then $limits else $limits + (.requests // {}) end
  | with_entries(select(.value != null));

# How many GPUs they ask for; null when they ask for none, or for several kinds.
def gpus: [to_entries[] | select(.key | is_gpu) | .value | tonumber? // null | if . == (floor? // null) then . else null end] | if length == 1 then .[0] else null end;

# How many an engine's arguments spread it over, where it got them.
def spread($not_applied):
  [.tensor_parallel_size, .pipeline_parallel_size] as $n
  | if ($n | all(. == null)) or ($not_applied | any(. == "tensor_parallel_size" or . == "pipeline_parallel_size")) then null
    else $n | map(. // 1) | .[0] * .[1] end;

$run[0] as $r
| (($r.flags // {}) + $now) as $typed
| ($r.workload.resources // {} | quantities($prices // {})) as $asked
| ($prices // {})
| .server = {
    gpu: ($typed.gpu // .server.gpu // $seen.gpu),
    gpus: (($typed.gpus | values | tonumber) // ($asked | gpus | select($typed.gpu == null or . != 0)) // .server.gpus // $seen.gpus
      // ($r.workload.vllm_features // {} | spread($r.not_applied // []))),
    cpu: ($typed.cpu // ($asked.cpu | text) // .server.cpu),
    memory: ($typed.memory // ($asked.memory | text) // .server.memory)
  }
