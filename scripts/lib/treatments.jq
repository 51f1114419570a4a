# treatments: the treatments of one part of an experiment file, in the file's order, one a line:
# {"n": 1, "name": "1", "values": {"FACTOR": "text", ...}}.  A treatment is a text of values by comma, one
# for each factor; NA leaves its factor out, REPLACE_COMMA is a comma inside a value.  What all of them have
# in common (constants) comes first.  A part without treatments is one, without a number, of the constants alone.
# In: the experiment.  --arg part setup or run; --argjson where {the places of the same keys}.  Ends with 2
# where values and factors do not fit, names are used twice, or a factor of a stack is no variable.

def refuse($keys; $message):
  (reduce $keys[] as $k ($where; if type == "object" then .[$k] else . end)) as $place
  | "\($place): \($keys | join(".")): \($message)\n" | halt_error(2);

def text: if type == "string" then . elif type == "null" then "" else tojson end;
def trimmed: sub("^\\s+"; "") | sub("\\s+$"; "");
def counted($what): "\(.) \($what)" + (if . == 1 then "" else "s" end);

# A name that can be part of a directory's.
def as_name: gsub("[^A-Za-z0-9._-]+"; "-") | sub("^[.-]+"; "") | .[:60];

def constants: (.constants // {}) | if type == "array" then add // {} else . end | map_values(text);

# The rows: {name, text}.
def rows:
  (.treatments // [])
  | if type == "array" then to_entries | map({name: "\(.key + 1)", text: (.value | text), keys: [$part, "treatments"]})
    else to_entries | map({name: (.key | as_name), text: (.value | text), keys: [$part, "treatments", .key]}) end;

def check_names:
  (map(.name) | group_by(.) | map(select(length > 1)[0])[0]) as $twice
  | if $twice then refuse([$part, "treatments"]; "two are called \($twice)")
    elif any(.name == "") then refuse([$part, "treatments"]; "a name has no letter or digit in it") else . end;

def check_factors($keys):
  (group_by(.) | map(select(length > 1)[0])[0]) as $twice
  | (map(select(test("^LLMDBENCH_[A-Z0-9_]+$") | not))[0]) as $none
  | if $twice then refuse($keys; "\($twice) is there twice")
    elif $part == "setup" and $none then refuse($keys; "\($none): not a variable of a scenario (LLMDBENCH_...)")
    else . end;

def values($factors):
  (.text | split(",") | map(trimmed | gsub("REPLACE_COMMA"; ","))) as $values
  | if ($values | length) != ($factors | length) then
      refuse(.keys; "\"\(.text)\" is \($values | length | counted("value")), "
        + if $factors == [] then "and there are no factors" else "for \($factors | length | counted("factor")) (\($factors | join(", "))); NA leaves one out" end)
    else [$factors, $values] | transpose | map({key: .[0], value: .[1]}) | map(select(.value != "NA")) | from_entries end;

(.[$part] // {}) as $section
| ($section | constants) as $constants
| ($section.factors // [] | map(trimmed) | check_factors([$part, "factors"])) as $factors
| ($constants | keys_unsorted | check_factors([$part, "constants"])) as $same
| ($section | rows | check_names) as $rows
| if $rows == [] then {n: 0, name: "", values: ($constants | del(.[] | select(. == "NA")))}
  else range(0; $rows | length) as $i
    | $rows[$i]
    | {n: ($i + 1), name, values: (($constants | del(.[] | select(. == "NA"))) + values($factors))}
  end
