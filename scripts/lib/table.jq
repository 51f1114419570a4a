# table: numbers and words in columns, for what people read.

def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def left($n): tostring | " " * ([$n - length, 0] | max) + .;

# A number with so many decimals; "-" for null.
def fixed($digits):
  if . == null then "-" else
    pow(10; $digits) as $scale
    | (. * $scale | round) as $whole
    | (($whole | fabs) / $scale | floor) as $int
    | (if $whole < 0 then "-" else "" end) + "\($int)"
      + (if $digits > 0 then "." + ("\(($whole | fabs) - $int * $scale)" | "0" * ($digits - length) + .) else "" end)
  end;
