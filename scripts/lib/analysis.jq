# analysis: writes analysis.json.  Every key is explained in docs/RESULTS.md, with the pipeline
# that recomputes it.  jq -n --slurpfile run --slurpfile runsum --slurpfile summary --slurpfile sampled
# --slurpfile counted --slurpfile cache
# --slurpfile used --arg resources REASON --arg asked SERVICE METRICS; a SERVICE says that the resources of its pods were
# asked for, a REASON why there are none.
include "run";
include "histogram";
include "telemetry";

# One failed request.  A 2xx reply in which nothing was generated carries no error object.
def failure: {
  timestamp: (.end_us / 1000000 | floor | todate),
  error: (.error.kind // "protocol"),
  details: (.error.message // "no output in the reply")
};

{run: $run[0], runsum: $runsum[0], summary: $summary, metrics: [inputs | {ok, e2e_ms, end_us, error}]}
| stat("e2e_ms"; "p99") as $p99
| {
    summary: {
      total_requests: .runsum.requests.total,
      successful_requests: .runsum.requests.ok,
      failed_requests: .runsum.requests.failed,
      success_rate: .runsum.requests.success_ratio
    },
    latency: {
      percentiles: {
        p50: stat("e2e_ms"; "p50"),
        p90: stat("e2e_ms"; "p90"),
        p95: stat("e2e_ms"; "p95"),
        p99: $p99
      },
      histogram: (.metrics | map(select(.ok).e2e_ms) | histogram($p99))
    },
    throughput: {
      requests_per_second: .runsum.rate.ok_rps,
      tokens_per_second: .runsum.rate.output_tps,
      requests_per_second_interval: (.runsum.rate | [.ok_rps_lo, .ok_rps_hi]),
      tokens_per_second_interval: (.runsum.rate | [.output_tps_lo, .output_tps_hi]),
      peak_tokens_per_second: .runsum.peak.output_tps
    },
    goodput: .runsum.goodput,
    steady: (.runsum.steady | if . then {rule, warmup, drain, window, requests, rate, in_flight} else null end),
    errors: (.metrics | map(select(.ok | not) | failure)),
    gpus: gpus($sampled),
    engine: engine($sampled; $counted[0]),
    cache: $cache[0].cache,
    client: .runsum.client,
    labels: labels
  }
| if $resources == "" and $asked == "" then .
  elif $resources == "" then . + {resources: resources($sampled; $used)}
  else . + {resources: null, not_measured: {resources: $resources}} end
