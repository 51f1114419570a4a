# events: the last $most lines of what was told of the objects in $objects (slurped), and of $name; the latest is last.
([$objects[0].items[]?.metadata.name] + [$name] | unique) as $names
| [.items[]? | select(.involvedObject.name | IN($names[]))]
| sort_by(.series.lastObservedTime // .lastTimestamp // .eventTime // "")
| .[-$most:][]
| "\(.type) \(.reason): \(.involvedObject.kind | ascii_downcase)/\(.involvedObject.name): \(.message // "" | gsub("[[:space:]]+"; " "))"
	+ if (.count // 1) > 1 then " (\(.count) times)" else "" end
