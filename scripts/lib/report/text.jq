# text: numbers as people read them.  Each takes a number, or null, and gives text: null is
# an en dash, never 0.

def fixed($decimals):
  (reduce range($decimals) as $_ (1; . * 10)) as $p
  | (if . < 0 then "-" else "" end) as $sign
  | ((. | fabs) * $p | round) as $n
  | ($n / $p | floor | tostring) as $whole
  | ($n % $p | tostring) as $part
  | $sign + $whole + (if $decimals > 0 then "." + ("0" * ($decimals - ($part | length)) // "") + $part else "" end);

# "1234567" or 1234567 -> "1,234,567"
def grouped:
  tostring | split(".") as [$whole, $part]
  | ($whole | length % 3) as $lead
  | ([$whole[:$lead] | select(. != "")] + [range($lead; $whole | length; 3) as $i | $whole[$i:$i + 3]] | join(","))
    + (if $part then "." + $part else "" end);

# At least three digits: 0.123 1.23 12.3 123.4 1,234
def digits:
  if . == null then "–"
  elif . == 0 then "0"
  elif fabs < 1 then fixed(3)
  elif fabs < 10 then fixed(2)
  elif fabs < 999.95 then fixed(1)
  else fixed(0) | grouped end;

def count: if . == null then "–" else fixed(0) | grouped end;

# Milliseconds, as {text, unit}; seconds from ten of them on.
def latency:
  if . != null and . >= 10000 then {text: (. / 1000 | fixed(2) | grouped), unit: "s"}
  else {text: digits, unit: "ms"} end;
def latency_text: if . == null then "–" else latency | "\(.text)\u00a0\(.unit)" end;

def percent:
  if . == null then "–"
  else
    (. * 100)
    | (if . == floor then fixed(0) elif . > 99.9 or . < 0.1 then fixed(3) else fixed(1) end) + "\u00a0%"
  end;

def seconds:
  if . == null then "–"
  elif . < 120 then "\(fixed(1)) s"
  else "\(. / 60 | floor) min \(. % 60 | floor) s" end;
