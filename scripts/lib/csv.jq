# csv: writes requests.csv: one row per request of metrics.jsonl, as RFC 4180 has it: CRLF at
# the end of each line, quotes doubled.  An empty cell is a value that there is not.  jq -rjn
[ "id", "ok", "status", "due_us", "sent_us", "end_us", "send_lag_ms", "connect_ms", "ttfb_ms", "ttft_ms", "ttfo_ms",
  "tpot_ms", "e2e_ms", "e2e_done_ms", "input_tokens", "input_from", "output_tokens", "tokens_from", "cached_tokens",
  "streamed", "finish", "target" ] as $columns
| ($columns + ["error", "details", "tags"] | @csv), "\r\n",
  (inputs
   | ([.[$columns[]]] + [.error.kind, .error.message, (.tags | if . == null or . == {} then null else tojson end)]
      | map(if type == "object" or type == "array" then tojson else . end) | @csv), "\r\n")
