# kube-proxy, by nftables; the kernel's table of connections is the machine's and stays as it is.
{
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1", kind: "KubeProxyConfiguration",
  mode: "nftables", clusterCIDR: $pod_cidr, bindAddress: $node_ip, hostnameOverride: $node,
  clientConnection: {kubeconfig: $kubeconfig}, conntrack: {maxPerCore: 0}
}
