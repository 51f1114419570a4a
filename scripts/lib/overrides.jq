# overrides: what "rate=5,question_len=100" or a treatment sets in a profile, as yaml2json's --set takes it:
# an array of "load_test.rate=5".  A key is a whole one (load_test.rate), or a last part that the profile has once,
# or, when it has none, a profile can have once; question_len, output_len, system_prompt_len,
# num_groups, num_prompts_per_group and streaming are other names.
# A key of none of them is an object {unknown, known: [names]}, for the caller to say what was meant.
# In: the profile.  --argjson schema (the profiles' own); --argjson values {key: text}; --arg source, for messages.  Ends with 2.

def refuse($message): "\($source): \($message)\n" | halt_error(2);

# What the profile says in a key's place, which goes when the key is set and it is not, as with the flags of bench.sh.
def displaced: {
    "request.max_tokens": "request.output_tokens", "request.output_tokens": "request.max_tokens",
    "prompts.file": "prompts.input_tokens", "prompts.input_tokens": "prompts.file", "prompts.prefix_tokens": "prompts.file",
    "load_test.requests": "load_test.duration_seconds"
  };

# The keys that a rule of the schema allows, as paths.
def allowed($path):
  objects | .keys // {} | to_entries[]
  | ($path + [.key]) as $here
  | $here, (.value | allowed($here));

def ends($name): map(select(.[-1] == $name) | join(".")) | unique;

def one_of($key; $places):
  if ($places | length) == 1 then $places[0]
  else refuse("\($key): there are several: \($places | join(", ")); say which") end;

. as $profile
| [$schema | allowed([])] as $allowed
| [paths(. != null) | select(all(.[]; type == "string"))] as $present
# Names of other tools, each with what it stands for here.
| {
    question_len: "prompts.input_tokens",
    output_len: (if .request.output_tokens then "request.output_tokens" else "request.max_tokens" end),
    system_prompt_len: "prompts.prefix_tokens",
    num_groups: "prompts.prefix_groups",
    num_prompts_per_group: "prompts.prefix_prompts",
    streaming: "request.stream"
  } as $other
| [$values | to_entries[]
  | .key as $key
  | .value as $value
  | ($present | ends($key)) as $here
  | ($allowed | ends($key)) as $there
  | if $key | contains(".") then $key
    elif $other[$key] then $other[$key]
    elif $here != [] then one_of($key; $here)
    elif $there != [] then one_of($key; $there)
    else {unknown: $key, known: ([$allowed[][-1], ($other | keys[])] | unique)} end
  | if type == "object" then .
    elif (. == "load_test.rate" or . == "load_test.concurrency") and $profile.load_test.stages and $values["load_test.stages"] == null then
      refuse("\($key): this profile has stages, and each has its own; say load_test.stages=null, too, and load_test.duration_seconds")
    else {key: ., value: $value} end]
| map(select(.key) | displaced[.key] // empty | select(split(".") as $path | $profile | getpath($path)) | "\(.)=null")
  + map(if .key then "\(.key)=\(.value)" else . end)
