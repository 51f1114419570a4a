# doctor_json: the lines of a diagnosis, parted by tabs, as one object.
[inputs | split("\t") as [$status, $section, $what, $mend]
  | {$status, $section, $what, mend: (if $mend == "" then null else $mend end)}] as $checks
| {
    $exit, context: (if $context == "" then null else $context end), server: (if $server == "" then null else $server end),
    counts: (reduce $checks[] as $check ({ok: 0, warn: 0, bad: 0}; .[$check.status] += 1)), $checks
  }
