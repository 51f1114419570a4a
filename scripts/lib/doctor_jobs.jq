# doctor_jobs: who may do what, and what is there of ours.  See doctor.jq.
include "doctor_words";
include "rights";

# --as a user or a service account, for a binding.
def subject:
  fact("user").status.userInfo.username // "YOU"
  | if test("^system:serviceaccount:") then "--serviceaccount=\(split(":")[2:] | join(":"))" else "--user=\(.)" end;

def mend_right:
  "ask for " +
  if .namespace == "" then
    "kubectl create clusterrole NAME --verb=\(.verbs | join(",")) --resource=\(.kind) and kubectl create clusterrolebinding NAME --clusterrole=NAME \(subject)"
  elif (.kind | test("rolebindings")) then "kubectl create rolebinding NAME -n \(.namespace) --clusterrole=admin \(subject)"
  elif (.kind | test("metrics|route")) then
    "kubectl create role NAME -n \(.namespace) --verb=\(.verbs | join(",")) --resource=\(.kind) and kubectl create rolebinding NAME -n \(.namespace) --role=NAME \(subject)"
  else "kubectl create rolebinding NAME -n \(.namespace) --clusterrole=edit \(subject)" end;

def rights_lines:
  if unknown("rights") then bad(3; "rights"; "they cannot be asked for: \(why("rights"))";
    "ask an administrator whether you may create selfsubjectaccessreviews")
  else
    (if unknown("groups") then null else [fact("groups").groups[]?.name] end) as $groups
    | denied(fact("rights"); $groups) as $denied
    | (("standup", "run", "teardown") as $job
      | select(any($denied[]; .need == "must" and any(.for[]; . == $job)) | not)
      | ok("rights";
        "\($job): all that it needs in namespace \(if $job == "run" then $ARGS.named.load else $ARGS.named.stack end)")),
    ($denied | sort_by(.need)[]
      | "you may not \(.verbs | join(", ")) \(.kind) \(if .namespace == "" then "in the whole cluster" else "in namespace \(.namespace)" end)" as $what
      | if .need == "must" then bad(3; "rights"; "\($what) (\(.for | join(", ")))"; mend_right)
        else warn("rights"; "\($what): \(.without)"; mend_right) end)
  end;

# What there is of ours: in all namespaces, or in those that may be read.
def ours:
  if unknown("ours") then [fact("ours_here";
    "ours_load").items[]?] | unique_by(.kind, .metadata.namespace, .metadata.name)
  else [fact("ours").items[]?] end;

def tag($name): .metadata.labels[$name];
def is_record: .kind == "ConfigMap" and tag("app.kubernetes.io/name") == "tokpipe-stack";
def since: .data.since | tonumber? // null | if . then " since \(todate)" else "" end;

# record_line: of a stack's record, with the number of its objects.
def record_line($count):
  (.data.stack | fromjson? // {}) as $stack
  | .metadata.namespace as $ns
  | "stack \($stack.name // "?") (\(tag("tokpipe/stack"))) in namespace \($ns)" as $object
  | "LLMDBENCH_CONTROL_STACK=\($stack.name // "NAME" | @sh) setup/teardown.sh -p \($ns)" as $remove
  | if (.data.holder // "") != "" then
      warn("leftovers"; "\($object): \(.data.state)\(since), by \(.data.holder)";
        "wait until it is done; where that process is gone: \($remove)")
    elif .data.state == "up" then ok("leftovers";
      "\($object): up\(since), \(number($count; "object")); \($remove) removes it")
    else warn("leftovers";
      "\($object): \(.data.state)\(since), and nobody goes on with it; \(number($count; "object"))"; $remove) end;

def names: map("\(.kind | ascii_downcase)/\(.metadata.name)") | if length > 4 then .[:4] + ["…"] else . end | join(", ");
def kinds: map(.kind | ascii_downcase) | unique | join(",");

# lost_lines: objects of one stack that has no record.
def lost_lines:
  (.[0] | tag("tokpipe/stack")) as $id
  | .[0].metadata.namespace as $ns
  | "kubectl delete \(kinds) -n \($ns) -l app.kubernetes.io/managed-by=tokpipe\(if $id then ",tokpipe/stack=\($id)" else "" end)" as $remove
  | if all(.[]; .kind == "PersistentVolumeClaim") then
      ok("leftovers"; "volumes that stay, in namespace \($ns): \(names); \($remove) removes them")
    else warn("leftovers";
      "\(number(length; "object")) in namespace \($ns) of a stack without a record: \(names)"; $remove) end;

# run_line: the objects of one run.
def run_line:
  (.[0] | tag("tokpipe/run")) as $run
  | .[0].metadata.namespace as $ns
  | "run \($run) in namespace \($ns)" as $object
  | if any(.[]; .kind == "Job" and (.status.active // 0) > 0) then ok("leftovers"; "\($object): its load is being sent")
    else
      warn("leftovers"; "\($object): \(names)";
        "where its results are collected: kubectl delete \(kinds) -n \($ns) -l tokpipe/run=\($run)")
    end;

def leftovers_lines:
  ours as $ours
  | [$ours[] | select(is_record)] as $records
  | [$ours[] | select(tag("tokpipe/run"))] as $runs
  | ([$ours[] | select((is_record | not) and (tag("tokpipe/run") | not))] | group_by([.metadata.namespace, tag("tokpipe/stack")])) as $stacks
  | (if unknown("ours") then "the namespaces that may be read" else "any namespace" end) as $where
  | (if unknown("ours") then
      warn("leftovers"; "only the namespaces of this stack were looked at: \(why("ours"))";
        "ask for the right to list objects in all of them")
    else empty end),
  (if $ours == [] then ok("leftovers"; "nothing of ours in \($where)") else empty end),
  ($records[] | . as $record
    | record_line([$stacks[][] | select(.metadata.namespace == $record.metadata.namespace and tag("tokpipe/stack") == ($record | tag("tokpipe/stack")))] | length)),
  ($stacks[]
    | .[0] as $first
    | select(any($records[]; .metadata.namespace == $first.metadata.namespace and tag("tokpipe/stack") == ($first | tag("tokpipe/stack"))) | not)
    | lost_lines),
  ($runs | group_by([.metadata.namespace, tag("tokpipe/run")])[] | run_line);
