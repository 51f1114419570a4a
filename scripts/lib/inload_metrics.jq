# inload_metrics: the /metrics of each pod that is ready, by comma.  In: the pods behind a Service; --argjson service; --arg
# port: the Service's.
(first($service.spec.ports[] | select("\(.port)" == $port)) | .targetPort // .port) as $target
| [.items[]
    | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))
    | (if $target | type == "string" then first(.spec.containers[].ports[]? | select(.name == $target) | .containerPort) else $target end) as $at
    | select($at) | .status.podIP | if contains(":") then "[\(.)]" else . end
    | "http://\(.):\($at)/metrics"]
| join(",")
