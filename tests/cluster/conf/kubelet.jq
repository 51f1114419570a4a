# The kubelet: cgroups of either version, nothing collected, and room for what a small machine has.
{
  apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration",
  failCgroupV1: false, failSwapOn: false, cgroupDriver: "cgroupfs", cgroupRoot: $cgroup,
  containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
  address: $node_ip,
  authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "\($pki)/ca.crt"}},
  authorization: {mode: "Webhook"},
  clusterDomain: "cluster.local", clusterDNS: [$dns_ip], resolvConf: "\($at)/conf/resolv.conf",
  volumePluginDir: "\($at)/volumeplugins",
  imageGCHighThresholdPercent: 100,
  evictionHard: {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%",
                 "nodefs.inodesFree": "1%"},
  nodeStatusUpdateFrequency: "5s", maxPods: 110
}
