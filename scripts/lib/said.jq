# said: what each request that begins something says, as one line of JSON text, a template's order: tools,
# then messages or the prompt.  jq -rnR REQUESTS; later turns of a conversation are not looked at.
inputs | fromjson? | select((.turn // 1) == 1) | .body | values
| [ (.tools // empty | tojson),
    (if .messages then .messages[] | "\(.role): \(.content | if type == "string" then . else tojson end)"
     else .prompt // .input // .query | if type == "string" then . else tojson end end) ]
| join("\n") | tojson
