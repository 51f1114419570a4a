# histogram: the bins of a distribution, by one rule, for analysis.json and for the plots.
#
# Bins begin at 0 and are all as wide as the smallest of 1, 2, 5, 10, 20, 50 … that is not
# below a twentieth of the 99th percentile.  The last one begins at the first multiple of
# that width which is not below the 99th percentile, and is open: it holds what is beyond.

# The width for a 99th percentile (less where the bins begin), which is the input.
def width:
  (. / 20) as $least
  | first(range(0; 15) as $k | (1, 2, 5) | . * ([range($k)] | reduce .[] as $_ (1; . * 10)) | select(. >= $least));

# {bins, counts} of an array of numbers, the input; empty when there are none.  Bins begin at
# the multiple of the width at or below $from, which is a lower bound of the numbers.
def histogram($from; $p99):
  if $p99 == null or length == 0 then {bins: [], counts: []}
  else
    ($p99 - $from | width) as $w
    | ($from / $w | floor) as $first
    | (($p99 / $w | ceil) - $first + 1) as $n
    | reduce .[] as $x ([range($n) | 0]; .[[($x / $w | floor) - $first, $n - 1] | min] += 1)
    | {bins: [range($n) | ($first + .) * $w], counts: .}
  end;
def histogram($p99): histogram(0; $p99);
