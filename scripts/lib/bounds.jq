# bounds: what a profile's validation block asks for, one expression of runsum --assert a line.
.validation // {}
| (.min_success_rate | values | "requests.success_ratio>=\(.)"),
  (.max_error_rate | values | "requests.error_ratio<=\(.)"),
  (.max_p95_latency_ms | values | "e2e_ms.p95<=\(.)"),
  (.assert // [])[]
