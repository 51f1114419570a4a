# cache: whether the engine's prefix cache did what the workload asks for, as {cache, not_measured}.
# jq -n --slurpfile repeated (repeated.jq's) --slurpfile counted (counted.jq's) METRICS
#
# To be expected from a cache: the beginnings that requests share, and of a later turn of a conversation
# the one before it, prompt and reply.  An engine also finds the tokens that its template puts in front of each
# prompt, and it finds whole blocks only: that much more or less is no contamination.

def six: if . == null then . else . * 1e6 | round / 1e6 end;
def share($a; $b): if $b > 0 then $a / $b | six else null end;
def percent: . * 100 | round | "\(.) %";

$repeated[0] as $said
| ($counted[0].rise | {hits: .prefix_hits_total, queries: .prefix_queries_total}) as $engine
| [inputs | select(.ok and .input_from == "usage")
    | {session, turn: (.turn // 1), input_tokens, output_tokens, cached_tokens, expect: .expect.input_tokens}] as $ok
| ($ok | map(.input_tokens) | add // 0) as $tokens
| ($ok | map(select(.cached_tokens != null))) as $told
| ($ok | map(select(.turn == 1))) as $begun
| ($begun | map(.input_tokens) | add // 0) as $first
| ([$ok | map(select(.session != null)) | group_by(.session)[] | sort_by(.turn)
    | range(1; length) as $i | select(.[$i].turn == .[$i - 1].turn + 1)
    | [.[$i].input_tokens, .[$i - 1].input_tokens + .[$i - 1].output_tokens] | min] | add // 0) as $history
| (if $said.lines == 0 or $tokens == 0 then null
   else share(([$said.repeated / $said.chars * $first, $first] | min) + $history; $tokens) end) as $expected
| share($told | map(.cached_tokens) | add // 0; $told | map(.input_tokens) | add // 0) as $usage
| (if $engine.hits == null then null else share($engine.hits; $engine.queries // 0) end) as $counters
| ($usage // $counters) as $found
| (if $expected == null or $found == null then null
   else
     ($tokens / ($ok | length)) as $mean
     | ($begun | map(.expect | numbers) | if . == [] then $said.chars / $said.lines / 5 else add / length end) as $own
     | ([$first - $own * ($begun | length), 0] | max / ($ok | length)) as $template
     | if ($found - $expected) * $mean > 16 + 0.05 * $mean + $template then "warmer"
       elif $expected > 0.1 and $found * $mean < $expected * $mean / 2 - 16 then "colder"
       else "as-expected" end
   end) as $verdict
| {
    cache: {
      expected_ratio: $expected,
      usage_ratio: $usage,
      engine_ratio: $counters,
      verdict: $verdict,
      warning: (
        if $verdict == "warmer" then
          "\($found | percent) of the prompt tokens came from the engine's prefix cache, \($expected | percent) were to be expected: "
          + "it had been sent these prompts before, and the latencies are a warm cache's"
        elif $verdict == "colder" then
          "\($found | percent) of the prompt tokens came from the engine's prefix cache, \($expected | percent) were to be expected: "
          + "it keeps none, or too little, of what these prompts share"
        else null end)
    },
    not_measured: (
      (if $expected == null then {"cache.expected_ratio": (if $said.lines == 0 then "what was sent is not there (requests.jsonl)" else "the server reports no prompt tokens" end)} else {} end)
      + (if $usage == null then {"cache.usage_ratio": "the server reports no cached tokens in its usage"} else {} end)
      + (if $counters == null then {"cache.engine_ratio": "no count of prefix-cache queries and hits was sampled from the engine"} else {} end)
      + (if $verdict == null then {"cache.verdict": "what was expected or what was found is not known"} else {} end))
  }
