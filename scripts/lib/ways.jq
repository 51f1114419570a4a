# ways: where a Service (the input) can be asked from outside of its cluster, WAY and URL by tab, a line each, the ones to be
# tried first first.  --arg port: which of its ports; --slurpfile ingress, route, httproute, gateway: lists of those of its
# namespace, and the Gateways.  What leads to other Services, too, or asks for headers, is no way to this one.
def bracketed: if contains(":") then "[\(.)]" else . end;
def at($scheme; $port; $path):
  "\($scheme)://\(bracketed)"
  + (if $port == null or $port == {http: 80, https: 443}[$scheme] then "" else ":\($port)" end)
  + ($path // "" | rtrimstr("/") | rtrimstr("/v1") | select(test("^(/[A-Za-z0-9._~-]+)*$")));
def literal: select(. != null and . != "" and (contains("*") | not));

.metadata.name as $name | .metadata.namespace as $namespace
| first(.spec.ports[]? | select("\(.port)" == $port)) as $own

| def ingresses: $ingress[0].items[]? as $i | $i.spec | (.tls // []) as $tls
    | ((.rules[]? | {host} + (.http.paths[]? | {path, service: .backend.service})),
       (.defaultBackend.service // empty | {host: null, path: "/", service: .}))
    | select(.service.name == $name)
    | select(.service.port | .number == $own.port or (.name != null and .name == $own.name))
    | . as $rule
    | if .host then .host | literal | at(if any($tls[]; (.hosts // []) | index($rule.host)) then "https" else "http" end; null; $rule.path)
      else $i.status.loadBalancer.ingress[]? | first(.ports[]?.port, null) as $exposed | (.hostname // .ip | literal)
        | at("http"; $exposed; $rule.path) end;
  def routes: $route[0].items[]? | select(.spec.to.name == $name and (.spec.alternateBackends // []) == []) | .spec as $spec
    | (first(.status.ingress[]?.host | literal) // (.spec.host | literal))
    | at(if $spec.tls then "https" else "http" end; null; $spec.path);
  def httproutes: $httproute[0].items[]? as $r | $r.spec.rules[]?
    | [.backendRefs[]? | select(.weight != 0)] as $to
    | select(($to | length) == 1 and $to[0].name == $name and ($to[0].namespace // $namespace) == $namespace and $to[0].port == $own.port)
    | (.matches // [{}])[] | select(.headers == null and .queryParams == null) | .path.value as $path
    | $r.spec.parentRefs[]? as $parent | $gateway[]
    | select(.metadata.name == $parent.name and .metadata.namespace == ($parent.namespace // $namespace)) as $g
    | $g.spec.listeners[] | select($parent.sectionName == null or .name == $parent.sectionName)
    | select(.protocol == "HTTP" or .protocol == "HTTPS") as $l
    | (if ($r.spec.hostnames // []) != [] then $r.spec.hostnames[] elif $l.hostname then $l.hostname
       else $g.status.addresses[]?.value end)
    | literal | at($l.protocol | ascii_downcase; $l.port; $path);

  ("ingress\t" + ingresses), ("route\t" + routes), ("httproute\t" + httproutes)
