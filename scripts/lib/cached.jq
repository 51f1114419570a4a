# cached: run.json with why something of the prefix cache was not measured.  --slurpfile cache (cache.jq's)
.not_measured = ((.not_measured // {} | with_entries(select(.key | startswith("cache.") | not))) + $cache[0].not_measured)
