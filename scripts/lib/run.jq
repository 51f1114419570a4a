# run: what the writers of a run directory's results share.  The input of each function is
# {run, runsum, summary, metrics}: run.json, runsum.json, and the records of summary.jsonl
# and metrics.jsonl (of the latter only what is read below).

# What the programs keep of a metric record, so that a long run fits into memory.
def kept: {ok, due_us, end_us, e2e_ms, tokens_from, input_from, error};

# One number of the summary of a field over all requests; null when it was not measured.
def stat($field; $key): first(.summary[] | select(.field == $field and .group == {}) | .[$key]) // null;

def share($n; $of): if $of > 0 then $n / $of else null end;

def words: unique | map(select(. != null)) | if length == 0 then null else join(" and ") end;

# Labels that have to stand wherever the numbers are shown.
def labels:
  (.metrics | map(select(.ok))) as $ok
  | {
      status: .run.status,
      ended_by: .run.ended_by,
      simulated: (.run.server.simulated == true),
      tokens_from: ($ok | map(.tokens_from) | words),
      estimated: [
        (if any($ok[]; .input_from == "expected") then "input_tokens" else empty end),
        (if any($ok[]; .tokens_from == "events") then "output_tokens" else empty end)
      ],
      client_limited: (.runsum.client.verdict == "client-limited")
    };
