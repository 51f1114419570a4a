# ended: run.json after the pipeline: --arg state, by (requests, duration, signal or "").
(now * 1e6 | floor) as $now
| (if $by == "" then null else $by end) as $by
| .status = $state
| .ended_by = $by
| .ended = ($now / 1e6 | floor | todate)
| .ended_us = $now
| .parts[-1] += {ended_us: $now, ended_by: $by}
