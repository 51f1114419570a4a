# service_url: where a Service (the input) can be asked from outside of its cluster, by itself; "" where nowhere.
# --arg port: which of its ports.
(.spec.ports[]? | select((.port | tostring) == $port)) as $p
| (if .spec.type == "ExternalName" then .spec.externalName
   elif .spec.type == "LoadBalancer" then first(.status.loadBalancer.ingress[]? | .hostname // .ip) // null
   else null end) as $host
| if $host == null then ""
  else (if $port == "443" or $p.name == "https" then "https" else "http" end) as $scheme
    | "\($scheme)://\(if $host | contains(":") then "[\($host)]" else $host end):\($port)"
  end
