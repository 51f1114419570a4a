# The pods' network: a bridge in the node, no masquerading, a way back to the pod itself through a Service.
{
  cniVersion: "1.0.0", name: "lab",
  plugins: [
    {type: "bridge", bridge: "cni0", isGateway: true, ipMasq: false, hairpinMode: true,
     ipam: {type: "host-local", dataDir: "\($at)/cni/networks", ranges: [[{subnet: $pod_cidr}]],
            routes: [{dst: "0.0.0.0/0"}]}},
    {type: "portmap", capabilities: {portMappings: true}}
  ]
}
