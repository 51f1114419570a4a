# run: what the writers of a run directory's results share.  The input of each function is
# {run, runsum, summary}: run.json, runsum.json, and the records of summary.jsonl.

# One number of the summary of a field over all requests; null when it was not measured.
def stat($field; $key): first(.summary[] | select(.field == $field and .group == {}) | .[$key]) // null;

# What the run and its run record warn of, one sentence a matter.
def warnings:
  ((.run.warnings // []) + (.runsum.warnings // []))
  | [(map(select(.code == "few-requests"))
       | select(length > 0)
       | "\(.[0].n) requests are too few for the interval of \(map(.percentile) | join(", ")): it takes \(map(.needed) | max)"),
     (.[] | select(.code != "few-requests") | .message)];

# The bounds on each request, in words; nothing when there were none.
def slo_words($most; $least):
  .runsum.goodput.slo // {} | select(. != {})
  | to_entries
  | map((.key | if endswith(">=") then "\(.[:-2])\($least)" else "\(.)\($most)" end) + (.value | tostring))
  | join(", ");

# Labels that have to stand wherever the numbers are shown.
def labels: {
  status: .run.status,
  ended_by: .run.ended_by,
  simulated: (.run.server.simulated == true),
  note: .run.server.note,
  tokens_from: .runsum.tokens.output_from,
  # What was counted in another way because the server did not report it.
  estimated: [
    (if .runsum.tokens.input_from // "" | contains("expected") then "input_tokens" else empty end),
    (if .runsum.tokens.output_from // "" | contains("events") then "output_tokens" else empty end)
  ],
  client_limited: (.runsum.client.verdict == "client-limited"),
  warnings: warnings
};

# Who sent the load, where that was not this machine.
def senders:
  if .load.where? == "cluster" then "\(.load.pods) \(if .load.pods == 1 then "pod" else "pods" end) of the cluster" else null end;
