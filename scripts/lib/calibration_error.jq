# calibration_error: how far off the calibrated lengths were in a run.  jq -n, on its metric records.
# Out: {n, expected_mean, counted_mean, error_ratio}: of the ok requests whose input the server counted; null without any.

reduce (inputs | select(.ok and .input_from == "usage" and .expect.input_from? == "calibrated")) as $m
  ({n: 0, expected: 0, counted: 0}; .n += 1 | .expected += $m.expect.input_tokens | .counted += $m.input_tokens)
| if .n == 0 then null
  else {n, expected_mean: (.expected / .n), counted_mean: (.counted / .n), error_ratio: (.counted / .expected - 1)}
  end
