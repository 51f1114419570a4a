# group_keys: by what pctl can group these metric records: "turn" where they are of sessions, and
# the tags, eight at most; dots and backslashes of a name are escaped for pctl.
reduce inputs as $r ({}; (if $r.turn != null then .turn = 1 else . end)
  | reduce (($r.tags // {}) | keys_unsorted[]) as $k (.; .["tags." + ($k | gsub("(?<c>[.\\\\])"; "\\\(.c)"))] = 1))
| keys | ([.[] | select(. == "turn")] + ([.[] | select(startswith("tags."))] | .[:8]))[]
