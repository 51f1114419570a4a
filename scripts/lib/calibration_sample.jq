# calibration_sample: the 20 requests that calibration sends.  Input: the records of a workload, whose
# expect.input_tokens are genload's own count x; --rawfile words: 20 words, one a line.
#
# Four requests say one word: they show what the template adds.  Sixteen are from the workload, chosen
# with probability in proportion to x (at even steps of its running sum), so that the mean of
# counted / x over them is the ratio of the sums, whatever the prompts' lengths are.  Each begins with a word of its
# own, the same as one of the four would have, so that no prefix cache is warm when the run comes.

def text: .body | if has("messages") then .messages[-1].content else .prompt end;
def say($t): if .body | has("messages") then .body.messages[-1].content = $t else .body.prompt = $t end;
def alone: if .body | has("messages") then .body.messages |= [.[-1]] else . end;

($words | split("\n")) as $word
| map(select(.phase == null and .expect.input_tokens != null and (text | type) == "string")) as $all
| ($all | map(.expect.input_tokens) | add) as $sum
| reduce $all[] as $r ({sum: 0, picked: []};
    .sum += $r.expect.input_tokens
    | until((.picked | length) >= 16 or ((.picked | length) + 0.5) * $sum / 16 > .sum; .picked += [$r]))
| .picked as $picked
| range(0; if $picked == [] then 0 else 20 end)
| . as $i
| (if $i < 16 then $picked[$i] | say("\($word[$i]) \(text)") else $picked[0] | alone | say($word[$i]) end)
| {id: ($i + 1), api, path, method, tags: {one_word: ($i >= 16)}, expect: {input_tokens: .expect.input_tokens},
   body: (.body | del(.stream_options, .min_tokens, .ignore_eos, .n) | .stream = false | .max_tokens = 1)}
