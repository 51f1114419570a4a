# overridden: the text of --overrides, "k=v,k=v", as {"k": "v"}.  A comma in brackets, in quotes or behind a
# backslash belongs to the value, and so does what follows one without a "=".  Ends with 2 where no key begins it.

[match("(\\\\.|\\[[^\\]]*\\]|\\{[^}]*\\}|\"[^\"]*\"|'[^']*'|[^,])+"; "g").string]
| reduce .[] as $piece ([];
    if $piece | test("^\\s*[A-Za-z_][A-Za-z0-9_.-]*=") then . + [$piece | sub("^\\s+"; "")]
    elif . == [] then "--overrides: \($piece): expected KEY=VALUE,KEY=VALUE\n" | halt_error(2)
    else .[-1] += "," + $piece end)
| map(capture("^(?<key>[^=]+)=(?<value>.*)$"; "m") | .value |= gsub("\\\\,"; ","))
| from_entries
