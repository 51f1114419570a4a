# inload_shard: what is known of one shard of a load.  In: the lines of its responses, raw; --argjson shard, requests (how many it
# made), part (the first one of this round of the load); --rawfile attempts, status, made; --slurpfile told (muster's records, of
# each pod that it told).
[inputs | fromjson? | select(.phase == null) | .part // 1] as $parts
| ($attempts | split("\n") | map(select(. != "") | split(" ") | {pod: .[0], node: (if .[1] == "-" then null else .[1] end)})) as $pods
| {
    shard: $shard,
    pods: $pods | map(.pod),
    nodes: ($pods | map(.node) | unique | map(values)),
    attempts: ($pods | length),
    status: (if $status == "" then null else $status | tonumber end),
    made: (if $made == "" then null else $made | tonumber end),
    requests: $requests,
    records: ($parts | length),
    records_of_later: ($parts | map(select(. > $part)) | length),
    measured_anew: (($parts | map(select(. >= $part)) | unique | length) <= ($told | length)),
    offset_us: ($told | last | .offset_us?),
    error_us: ($told | last | .error_us?),
    rtt_us: ($told | last | .rtt_us?),
    start_us: ($told | first | .start_us?),
    late_us: ($told | first | .late_us?)
  }
