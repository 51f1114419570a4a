# pods: run.json with the containers of the pods that are measured, and how often each had restarted before and after.
# --slurpfile list: kubectl's of the pods; --arg when: before or after; --argjson logs: the pods whose log was kept.
# A resumed run keeps what was before its first part.

def of_list:
  $list[0] | (.items // [.])[]
  | . as $pod
  | .status.containerStatuses[]?
  | {name: $pod.metadata.name, node: ($pod.spec.nodeName // null), container: .name, image, restarts: .restartCount,
      ended: (.lastState.terminated // .state.terminated // null)};
def key: "\(.name) \(.container)";
def times: if . == 1 then "once" else "\(.) times" end;

(.pods // []) as $known
| ($known | INDEX(key)) as $old
| [of_list] as $now
| ($now | INDEX(key)) as $new
| .pods = (
    [$known[] | . as $was
      | if $when == "after" then .restarts_after = $new[key].restarts else . end
      | if $logs | index($was.name) then .log = "pods/\(.name).log" else . end]
    + [$now[] | select($old[key] == null)
      | {name, node, container, image,
          restarts_before: (if $when == "before" then .restarts else null end),
          restarts_after: (if $when == "after" then .restarts else null end),
          log: (.name as $name | if $logs | index($name) then "pods/\($name).log" else null end)}])
| if $when == "before" then .
  else
    .warnings = [.warnings[]? | select(.code | IN("pod-restarted", "pod-gone", "pod-new") | not)]
      + [.pods[]
          | ((.restarts_after // 0) - (.restarts_before // 0)) as $restarts
          | $new[key].ended as $ended
          | if .restarts_after == null then
              {code: "pod-gone", message: "pod \(.name) was there at the beginning of the run and not at its end: what it was serving failed, its log went with it"}
            elif .restarts_before == null then
              {code: "pod-new", message: "pod \(.name) came during the run"}
            elif $restarts > 0 then
              {code: "pod-restarted", message: ("pod \(.name) restarted \($restarts | times) during the run (container \(.container)"
                + (if $ended then ": \($ended.reason // "ended"), exit code \($ended.exitCode)" else "" end)
                + "): what it was serving failed")}
            else empty end]
  end
