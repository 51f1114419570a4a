# again: run.json when a run goes on: --arg url, --slurpfile plan.
(now * 1e6 | floor) as $now
| .status = "running"
| .ended_by = null
| .ended = null
| .ended_us = null
| .url = $url
| .plan = $plan[0]
| .parts += [{started_us: $now, ended_us: null, ended_by: null}]
