# repeated: how much of what was said had been said before, from the beginning on: of sorted lines each
# shares with the one before it what it shares with any.  jq -nR LINES
def shared($a; $b):
  ([$a, $b] | map(length) | min) as $most
  | {low: 0, high: 64}
  | until(.high >= $most or $a[:.high] != $b[:.high]; {low: .high, high: (.high * 2)})
  | .high = ([.high, $most] | min)
  | until(.low >= .high; ((.low + .high + 1) / 2 | floor) as $m | if $a[:$m] == $b[:$m] then .low = $m else .high = $m - 1 end)
  | .low;

reduce inputs as $line ({lines: 0, chars: 0, repeated: 0, before: ""};
  .before as $before
  | .lines += 1
  | .chars += ($line | length)
  | .repeated += shared($before; $line)
  | .before = $line)
| del(.before)
