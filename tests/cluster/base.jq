# What a cluster has before anybody uses it: storage classes, one of which never binds, rights of its parts, and DNS.
def bound($name; $role; $subject):
  {apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: {name: $name},
   roleRef: {apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: $role}, subjects: [$subject]};
def user($name): {apiGroup: "rbac.authorization.k8s.io", kind: "User", name: $name};
def account($name): {kind: "ServiceAccount", name: $name, namespace: "kube-system"};
def class($name; $provisioner): {apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: {name: $name},
                                 provisioner: $provisioner};
def system($name): {name: $name, namespace: "kube-system"};

def storage:
  (class("standard"; "kubernetes.io/host-path")
   | .metadata.annotations = {"storageclass.kubernetes.io/is-default-class": "true"}),
  class("broken"; "tokpipe.invalid/none"),
  bound("lab-volumes"; "system:controller:persistent-volume-binder"; account("persistent-volume-binder"));

def corefile: "cluster.local:5353 in-addr.arpa:5353 {
    errors
    health :8080
    ready :8181
    kubernetes cluster.local in-addr.arpa {
        ttl 1
    }
    cache 1
    loadbalance
}
";

def dns_pod:
  {
    serviceAccountName: "coredns",
    dnsPolicy: "Default",
    volumes: [{name: "config", configMap: {name: "coredns"}}],
    containers: [{
      name: "coredns", image: "localhost/coredns:1", args: ["-conf", "/etc/coredns/Corefile"],
      ports: [{name: "dns", containerPort: 5353, protocol: "UDP"}, {name: "dns-tcp", containerPort: 5353}],
      readinessProbe: {httpGet: {path: "/ready", port: 8181}, periodSeconds: 1},
      volumeMounts: [{name: "config", mountPath: "/etc/coredns"}],
      securityContext: {runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true,
                        allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}
    }]
  };

def dns:
  {"k8s-app": "kube-dns"} as $labels
  | {apiVersion: "v1", kind: "ServiceAccount", metadata: system("coredns")},
    {apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: {name: "lab-dns"}, rules: [
      {apiGroups: [""], resources: ["services", "pods", "namespaces", "endpoints"], verbs: ["list", "watch"]},
      {apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"]}]},
    bound("lab-dns"; "lab-dns"; account("coredns")),
    {apiVersion: "v1", kind: "ConfigMap", metadata: system("coredns"), data: {Corefile: corefile}},
    {apiVersion: "v1", kind: "Service", metadata: (system("kube-dns") + {labels: $labels}), spec: {
      clusterIP: $dns_ip, selector: $labels, ports: [
        {name: "dns", port: 53, targetPort: 5353, protocol: "UDP"},
        {name: "dns-tcp", port: 53, targetPort: 5353, protocol: "TCP"}]}},
    {apiVersion: "apps/v1", kind: "Deployment", metadata: (system("coredns") + {labels: $labels}), spec: {
      replicas: 1, selector: {matchLabels: $labels}, template: {metadata: {labels: $labels}, spec: dns_pod}}};

{apiVersion: "v1", kind: "List",
 items: [storage, bound("lab-proxy"; "system:node-proxier"; user("system:kube-proxy")), dns]}
