#!/usr/bin/env bats
# Where a Service can be asked from outside of its cluster, by what the API says of it.  (Through a port-forward, on a
# real cluster: tests/cluster/outside.bats.)
load lib/common

# where SERVICE-JSON: its port, and its URL.
where() {
	local port
	port=$(jq -r -f "$TOP/scripts/lib/service_port.jq" <<<"$1")
	printf '%s %s\n' "$port" "$(jq -r -f "$TOP/scripts/lib/service_url.jq" --arg port "$port" <<<"$1")"
}

@test "the port that speaks HTTP, and the address that is there from outside" {
	same '80 ' "$(where '{"spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "ports": [{"port": 80}]}}')"
	same '8000 http://203.0.113.7:8000' "$(where '{"spec": {"type": "LoadBalancer", "ports": [{"port": 9090, "name": "metrics"},
		{"port": 8000, "name": "http-api"}]}, "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}}}')"
	same '443 https://llm.example:443' "$(where '{"spec": {"type": "LoadBalancer", "ports": [{"port": 443}]},
		"status": {"loadBalancer": {"ingress": [{"hostname": "llm.example", "ip": "203.0.113.7"}]}}}')"
	same '8443 https://[2001:db8::7]:8443' "$(where '{"spec": {"type": "LoadBalancer", "ports": [{"port": 8443, "name": "https"}]},
		"status": {"loadBalancer": {"ingress": [{"ip": "2001:db8::7"}]}}}')"
	# A balancer that has no address yet is no way; nor is UDP.
	same '80 ' "$(where '{"spec": {"type": "LoadBalancer", "ports": [{"port": 53, "protocol": "UDP"}, {"port": 80}]}, "status": {"loadBalancer": {}}}')"
	same '80 http://llm.example:80' "$(where '{"spec": {"type": "ExternalName", "externalName": "llm.example", "ports": [{"port": 80}]}}')"
	same ' ' "$(where '{"spec": {"type": "ClusterIP", "ports": [{"port": 53, "protocol": "UDP"}]}}')"
}

@test "the port of a port-forward is read from what kubectl says" {
	printf '%s\n' 'Forwarding from 127.0.0.1:40123 -> 8000' 'Forwarding from [::1]:40123 -> 8000' 'Handling connection for 40123' >said
	same 40123 "$(forward_dir=$PWD bash -c '. "$1/scripts/lib/reach.sh"; forward_dir=$PWD; forwarded_port' -- "$TOP")"
	echo 'error: unable to forward port because pod is not running' >said
	same '' "$(bash -c '. "$1/scripts/lib/reach.sh"; forward_dir=$PWD; forwarded_port' -- "$TOP")"
}

@test "run.json says how the server was reached, once however often the run goes on" {
	way() {
		jq -c -f "$TOP/scripts/lib/way.jq" --arg via "$1"
	}
	same '["url",[]]' "$(way url <<<'{}' | jq -c '[.load.via, .warnings]')"
	way port-forward <<<'{"warnings": [{"code": "other", "message": "kept"}]}' | way port-forward >got
	same '["other","port-forward"]' "$(jq -c '[.warnings[].code]' got)"
	same '["other"]' "$(way url <got | jq -c '[.warnings[].code]')"
	jq -e '.load.note == .warnings[1].message' got
}

# ways OBJECT…: what leads to the Service s, port 80, of these objects, by their kinds.
ways() {
	local kind
	for kind in Ingress Route HTTPRoute Gateway; do
		printf '%s\n' "$@" | jq -s --arg kind "$kind" 'map(select(.kind == $kind)) | if $kind == "Gateway" then .[] else {items: .} end' >"$kind"
	done
	jq -r -f "$TOP/scripts/lib/ways.jq" --arg port 80 --slurpfile ingress Ingress --slurpfile route Route --slurpfile httproute HTTPRoute \
		--slurpfile gateway Gateway <<<'{"metadata": {"name": "s", "namespace": "n"}, "spec": {"ports": [{"port": 80, "name": "http"}]}}'
}

@test "an Ingress, a Route and an HTTPRoute are ways to the Service that they lead to, and to no other" {
	local to='"backend": {"service": {"name": "s", "port": {"number": 80}}}'
	same $'ingress\thttps://llm.example/a' "$(ways '{"kind": "Ingress", "spec": {"tls": [{"hosts": ["llm.example"]}],
		"rules": [{"host": "llm.example", "http": {"paths": [{"path": "/a/v1", '"$to"'}]}}]}}')"
	same $'ingress\thttp://203.0.113.7:8080' "$(ways '{"kind": "Ingress", "spec": {"defaultBackend": {"service": {"name": "s", "port": {"name": "http"}}}},
		"status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7", "ports": [{"port": 8080}]}]}}}')"
	same '' "$(ways '{"kind": "Ingress", "spec": {"rules": [{"host": "*.example", "http": {"paths": [{"path": "/", '"$to"'}]}},
		{"host": "x", "http": {"paths": [{"path": "/", '"${to/80/81}"'}, {"path": "/(.*)", '"$to"'}]}}]}}')"
	same $'route\thttps://r.example' "$(ways '{"kind": "Route", "spec": {"host": "r.example", "to": {"name": "s"}, "tls": {}}}')"
	same '' "$(ways '{"kind": "Route", "spec": {"host": "r", "to": {"name": "s"}, "alternateBackends": [{"name": "t"}]}}')"
	local gateway='{"kind": "Gateway", "metadata": {"name": "g", "namespace": "n"}, "spec": {"listeners": [{"name": "a", "protocol": "HTTP", "port": 8081}]},
		"status": {"addresses": [{"value": "2001:db8::7"}]}}'
	local route='{"kind": "HTTPRoute", "spec": {"parentRefs": [{"name": "g"}], "rules": [{"backendRefs": [{"name": "s", "port": 80}]}]}}'
	same $'httproute\thttp://[2001:db8::7]:8081' "$(ways "$gateway" "$route")"
	same '' "$(ways "$gateway" "${route/'"port": 80}'/'"port": 80}, {"name": "t", "port": 80}'}")"
	same '' "$(ways "$route")"
}

@test "a way that is none is told with the nearest" {
	run --separate-stderr "$TOP/bench.sh" --service s --via ingres
	is 2 'did you mean ingress?'
	run --separate-stderr "$TOP/bench.sh" --local --via ingress
	is 2 '--via goes with --service'
}
