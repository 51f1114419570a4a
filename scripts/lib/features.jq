# features: what becomes of the profile's vllm_features.  Input: the workload.  --argjson known: the
# options of the engine that is started here, null for a server that was there already; models: what
# /v1/models answered, or null; --arg metrics: of /metrics, the lines that tell a configuration.
# Out: {args[]: for the engine, features[{key, value, state, reported?}]}, state one of
#	applied		the engine that is started gets it as an argument
#	as asked	the server reports that value
#	differs		the server reports another value, which is `reported`
#	not applied	the engine has no such option, or the server does not tell
# A null or empty value asks for nothing, nor does a false that an engine could only be told by silence.

# Where an engine listens and what it serves is bench.sh's to say.
def ours: . as $key | any("host", "port", "uds", "unix_socket", "api_key", "model", "truth", "help", "version"; . == $key);

def option: "--" + gsub("_"; "-");
def negation: "--no-" + gsub("_"; "-");
def reported:
  ($models.data // [] | map(.max_model_len | numbers) | .[0]) as $len
  | ([$metrics | scan("([A-Za-z_]+)=\"([^\"]*)\"")] | map({key: .[0], value: .[1]})
     | map(.key = ({cache_dtype: "kv_cache_dtype"}[.key] // .key))
     | map({key, value: (.value | if . == "True" then true elif . == "False" then false elif . == "None" then null else (tonumber? // .) end)})
     | from_entries)
  + (if $len then {max_model_len: $len} else {} end);

(if $known == null then reported else {} end) as $there
| [ (.vllm_features // {}) | to_entries[]
    | select(.value != null and .value != "")
    | .key as $key
    | .value as $value
    | if $known == null then
        if $there | has($key) | not then {state: (if $value == false then null else "not applied" end)}
        elif $there[$key] == $value then {state: "as asked"}
        else {state: "differs", reported: $there[$key]} end
      elif $key | ours then {state: "not applied"}
      elif $value == false then
        ($key | negation) as $no
        | if $known | index($no) then {state: "applied", args: [$no]} else {state: null} end
      elif $known | index($key | option) | not then {state: "not applied"}
      elif $value == true then {state: "applied", args: [$key | option]}
      else {state: "applied", args: ["\($key | option)=\($value | if type == "string" then . else tojson end)"]} end
    | select(.state != null)
    | {key: $key, value: $value} + . ]
| {args: [.[].args // [] | .[]], features: map(del(.args))}
