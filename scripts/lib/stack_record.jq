# stack_record: the ConfigMap that says which stack it is, what happens to it and who does that.
# $stack is stack.json (slurped), $state standing-up, up or tearing-down, $holder "HOST/SPACE PID START USER" or "",
# $since epoch seconds, $version the resourceVersion that it replaces, or "".
$stack[0] as $s
| {
	apiVersion: "v1", kind: "ConfigMap",
	metadata: ({
		name: "tokpipe-stack-\($s.id)", namespace: $s.namespace,
		labels: {"app.kubernetes.io/managed-by": "tokpipe", "app.kubernetes.io/name": "tokpipe-stack", "tokpipe/stack": $s.id}
	} + if $version != "" then {resourceVersion: $version} else {} end),
	data: {stack: ($s | tojson), state: $state, holder: $holder, since: $since}
}
