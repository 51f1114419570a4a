# calibration: what the 20 answers say (calibration_sample.jq).  Input: the response records.
# Out: token_ratio (counted tokens for each of genload's own), template_tokens, requests, and the
# ratio's standard error as a share of it; null when an answer has no usage.

def mean: add / length;
def round_to($n): . * $n | round / $n;

if length < 20 or any(.[]; .error != null or .usage.prompt_tokens == null) then null
else
  (map(select(.tags.one_word) | .usage.prompt_tokens) | mean) as $one
  | map(select(.tags.one_word | not) | (.usage.prompt_tokens - $one) / .expect.input_tokens) as $ratios
  | ($ratios | mean) as $ratio
  | if $ratio < 0.01 then null
    else
      {
        token_ratio: ($ratio | round_to(10000)),
        template_tokens: ([$one - 1 | round, 0] | max),
        requests: length,
        ratio_stderr: (($ratios | map(. - $ratio | . * .) | add / 15 / 16 | sqrt) / $ratio | round_to(100000))
      }
    end
end
