# vllm_args: arguments of vLLM, one string as one would type it, into --set options: one
# vllm_features.KEY=VALUE a line.  Raw input: --vllm-args.  A word of quotes is one word; --key value
# and --key=value are the same, --key alone is true, --no-key false.
def unquoted: gsub("\"(?<a>[^\"]*)\"|'(?<b>[^']*)'"; "\(.a // "")\(.b // "")");
def value: . as $text | try (fromjson | tojson) catch ($text | tojson);
def key: ltrimstr("--") | gsub("-"; "_");

[scan("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+") | unquoted]
| . as $words
| if length > 0 and ($words[0] | startswith("--") | not) then
    "--vllm-args: \($words[0]): not an option: expected --KEY VALUE\n" | halt_error(2)
  else . end
| [range(0; length) as $i | $words[$i] | select(startswith("--"))
    | . as $word
    | [range($i + 1; $words | length) | select($words[.] | startswith("--"))] as $later
    | $words[$i + 1:($later[0] // ($words | length))] as $values
    | if ($values | length) > 1 then "--vllm-args: \($values[1]): one value for \($word), please; quote what has blanks\n" | halt_error(2)
      elif contains("=") and $values != [] then "--vllm-args: \($values[0]): \($word) has its value already\n" | halt_error(2)
      elif contains("=") then capture("^(?<k>[^=]*)=(?<v>.*)$") | "\(.k | key)=\(.v | value)"
      elif $values != [] then "\(key)=\($values[0] | value)"
      elif startswith("--no-") then "\(ltrimstr("--no-") | key)=false"
      else "\(key)=true" end]
| .[] | "vllm_features.\(.)"
