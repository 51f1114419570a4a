# results: writes results.json.  Every key is explained in docs/RESULTS.md, with the pipeline
# that recomputes it.  jq -n --slurpfile run --slurpfile runsum --slurpfile summary
# --slurpfile sampled --slurpfile used --slurpfile cost --slurpfile cache
include "run";
include "telemetry";

{run: $run[0], runsum: $runsum[0], summary: $summary}
| {
    metadata: {
      timestamp: .run.started,
      namespace: .run.namespace,
      service: .run.service,
      profile: .run.profile,
      total_requests: .runsum.requests.total,
      concurrent_users: (.run.workload.load_test | if (.arrival // "closed") == "closed" and .stages[0].rate == null then .concurrency else null end)
    },
    performance: {
      p50_latency_ms: stat("e2e_ms"; "p50"),
      p95_latency_ms: stat("e2e_ms"; "p95"),
      p99_latency_ms: stat("e2e_ms"; "p99"),
      avg_ttft_ms: stat("ttft_ms"; "mean"),
      throughput_rps: .runsum.rate.ok_rps,
      success_rate: .runsum.requests.success_ratio,
      error_rate: .runsum.requests.error_ratio
    },
    # Why something is null stands in run.json under not_measured.
    cost: $cost[0].text,
    energy: {energy_per_1k_tokens_wh: null, total_energy_wh: null},
    resources: resources($sampled; $used),
    quality: .runsum.quality,
    cache: $cache[0].cache,
    client: .runsum.client,
    labels: labels
  }
