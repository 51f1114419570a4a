# fill: the placeholders of a template.  {{NAME}} is a part that was made here, {{plot:NAME}} a
# plot, {{a.path}} a value of results.json.  Everything else in double braces is an error that
# names the file, the line and the nearest name.

# Every plot that a report may have; those without data are not drawn.
def plot_names:
  ["ttft", "itl", "e2e" | . + "_hist", . + "_curve"]
  + ["requests", "tokens", "flight", "rows", "gpu_util", "gpu_power", "gpu_memory", "engine_requests", "engine_kv"
     | . + "_wide", . + "_narrow"];

def absent:
  if test("curve") then ""
  elif test("ttft|itl") then "<p class=\"none\">No values: a reply that was not streamed has none.</p>"
  else "<p class=\"none\">No values</p>" end;

# Dotted names of everything in an object, branches too.
def dotted: [paths | select(all(.[]; type == "string")) | join(".")];

# Why a value is null, from run.json's not_measured by the longest part of its path.
def reason($path; $run):
  [range($path | length; 0; -1) as $n | $run.not_measured[$path[:$n] | join(".")]? // empty][0];

def value_text($path; $run):
  if . == null then
    if $path[0] == "metadata" or $path[0] == "labels" then "none"
    else "not measured" + (reason($path; $run) | if . then ": " + . else "" end) end
  elif type == "string" then .
  else tojson end;

def edits($a; $b):
  ($a | explode) as $x | ($b | explode) as $y
  | reduce range($x | length) as $i ([range(($y | length) + 1)];
      . as $row
      | reduce range($y | length) as $j ([$i + 1];
          . + [[.[-1] + 1, $row[$j + 1] + 1, $row[$j] + (if $x[$i] == $y[$j] then 0 else 1 end)] | min]))
  | .[-1];

# The name that is fewest edits away, if those are few; "" else.
def nearest($names):
  . as $word
  | ([$names[] | {name: ., edits: edits($word; .)}] | min_by(.edits)) as $best
  | if $best.edits <= ($word | length / 3 | ceil) then $best.name else "" end;

def unknown($file; $line; $names):
  . as $name
  | nearest($names) as $near
  | "\($file):\($line): {{\($name)}}: there is no such part, plot or value of results.json"
    + (if $near == "" then "" else "; did you mean {{\($near)}}?" end) + "\n"
  | halt_error(2);

# $data: {run, results}; $part and $svg: what was made, by name.
def filled($file; $line; $data; $part; $svg):
  gsub("^[ \t]+|[ \t]+$"; "")
  | . as $name
  | (split(".") | map(select(. != ""))) as $path
  | if $part[$name] != null then $part[$name]
    elif startswith("plot:") and (.[5:] | IN(plot_names[])) then $svg[.[5:]] // (.[5:] | absent)
    elif ($data.results | dotted | index($name)) != null then
      $data.results | getpath($path) | @html "\(value_text($path; $data.run))"
    else unknown($file; $line; ($part | keys) + (plot_names | map("plot:" + .)) + ($data.results | dotted)) end;

def fill($file; $data; $part; $svg):
  split("{{") as $pieces
  | reduce $pieces[] as $piece ({line: 1, out: []};
      .line as $line
      | (if .out == [] then [$piece]
         else
           ($piece | index("}}")) as $close
           | if $close == null then "\($file):\($line): {{ without }}\n" | halt_error(2)
             else [($piece[:$close] | filled($file; $line; $data; $part; $svg)), $piece[$close + 2:]] end
         end) as $texts
      | {line: ($line + ($piece | explode | map(select(. == 10)) | length)), out: (.out + $texts)})
  | .out | add;
