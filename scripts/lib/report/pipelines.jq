# pipelines: for each headline number the line that recomputes it inside the run directory.
# docs/RESULTS.md has the same lines; a test runs them.
def pipelines: {
  "performance.p50_latency_ms": "tokstat responses.jsonl | pctl -p 50 e2e_ms | jq .p50",
  "performance.p95_latency_ms": "tokstat responses.jsonl | pctl -p 95 e2e_ms | jq .p95",
  "performance.p99_latency_ms": "tokstat responses.jsonl | pctl -p 99 e2e_ms | jq .p99",
  "performance.avg_ttft_ms": "tokstat responses.jsonl | pctl ttft_ms | jq .mean",
  "performance.throughput_rps": "tokstat responses.jsonl | runsum | jq .rate.ok_rps",
  "performance.success_rate": "tokstat responses.jsonl | runsum | jq .requests.success_ratio",
  "performance.error_rate": "tokstat responses.jsonl | runsum | jq .requests.error_ratio",
  "throughput.tokens_per_second": "tokstat responses.jsonl | runsum | jq .rate.output_tps",
  "cost.cost_per_1k_tokens": "tokstat responses.jsonl | runsum | costcalc --prices prices.json | jq .text.cost_per_1k_tokens",
  "cost.hourly_cost": "tokstat responses.jsonl | runsum | costcalc --prices prices.json | jq .text.hourly_cost",
  "quality.structured_ok_rate": "tokstat --requests requests.jsonl responses.jsonl | runsum | jq .quality.structured_ok_rate",
  "quality.tool_call_ok_rate": "tokstat --requests requests.jsonl responses.jsonl | runsum | jq .quality.tool_call_ok_rate",
  "itl_ms.p50": "tokstat responses.jsonl | pctl -p 50 itl_ms | jq .p50"
};
