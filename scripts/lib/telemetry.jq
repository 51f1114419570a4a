# telemetry: what the writers of results and analysis make of the samples.  $sampled: pctl's
# summaries by device, uuid and name (an engine has none) over the run's window; $counted: counted.jq's.

# The means of each GPU, as {device, uuid, name, util_ratio, mem_used_bytes, power_w}.
def gpus($sampled):
  [$sampled[] | select(.group.device != null)]
  | group_by(.group)
  | map(.[0].group + (map({(.field): .mean}) | add | {util_ratio, mem_used_bytes, power_w}));

# Each GPU counts as much as any other.
def gpu_utilization($sampled):
  gpus($sampled) | map(.util_ratio | numbers) | if . == [] then null else add / length end;

# What a run's pods used: of each the mean, by time, of all the sum; null when there are no figures.  $used: pctl's summaries
# by namespace and pod.
def used($used; $field):
  [$used[] | select(.field == $field) | .mean | numbers] | if . == [] then null else add end;
def resources($sampled; $used): {
  avg_gpu_utilization: gpu_utilization($sampled),
  avg_memory_usage_gb: (used($used; "mem_bytes") | if . then . / 1e9 else . end),
  avg_cpu_usage: used($used; "cpu_cores")
};

def ratio($a; $b): if $a != null and ($b // 0) > 0 then $a / $b else null end;
def mean_ms($rise; $what): ratio($rise[$what + "_sum_s"]; $rise[$what + "_count"])
  | if . then . * 1e6 | round / 1e3 else . end;

# The engine's own account; null when it was not sampled.
def engine($sampled; $counted):
  [$sampled[] | select(.group.device == null)] as $gauges
  | def mean($field): first($gauges[] | select(.field == $field) | .mean) // null;
  if $counted.samples == 0 then null
  else $counted.rise as $rise | {
    metrics: $counted.engine,
    note: "as the engine counts, other clients and warm-ups included",
    samples: $counted.samples,
    counted: $rise,
    prefix_hit_ratio: ratio($rise.prefix_hits_total; $rise.prefix_queries_total),
    ttft_mean_ms: mean_ms($rise; "ttft"),
    itl_mean_ms: mean_ms($rise; "itl"),
    e2e_mean_ms: mean_ms($rise; "e2e"),
    queue_mean_ms: mean_ms($rise; "queue"),
    running_mean: mean("running"),
    waiting_mean: mean("waiting"),
    kv_ratio_mean: mean("kv_ratio")
  } end;
