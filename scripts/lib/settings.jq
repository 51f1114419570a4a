# settings: NAME, VALUE and ORIGIN with a NUL behind each, $file the scenario's path, to settings.json.
sub("\u0000$"; "") | split("\u0000")
| [range(0; length; 3) as $i | {name: .[$i], value: .[$i + 1], origin: .[$i + 2]}]
| {
	scenario: (if $file == "" then null else $file end),
	values: (map({(.name): .value}) | add // {}),
	origin: (map({(.name): .origin}) | add // {}),
}
