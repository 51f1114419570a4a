# doctor_cluster: what kind of cluster it is, and what it has.  See doctor.jq.
include "doctor_words";
include "accelerators";
include "quantity";

def version($name): fact($name) | (.clientVersion // .) | .gitVersion // "?";
def minor($name): fact($name) | (.clientVersion // .) | .minor // "" | capture("^(?<n>[0-9]+)").n | tonumber? // null;

def version_lines:
  minor("server") as $server | minor("client") as $client
  | (if unknown("user") then empty else ok("cluster"; "you are \(fact("user").status.userInfo.username)") end),
  (if $server != null and $server < 28 then
    warn("cluster"; "Kubernetes \(version("server")): load from several pods needs v1.28";
      "update it, or send load from one machine: --local-load")
  else ok("cluster"; "Kubernetes \(version("server"))") end),
  (if $server == null or $client == null then empty
  elif ($server - $client | fabs) > 1 then
    warn("cluster";
      "kubectl \(version("client")) is \($server - $client | fabs) minor versions away from it; one is supported";
      "install kubectl v1.\($server): https://kubernetes.io/docs/tasks/tools/")
  else empty end);

# namespace_line($name; $fact): there, going away, or to be made.
def namespace_line($name; $fact):
  fact($fact) as $ns
  | if $ns.error then
      if $ns.error | test("NotFound|not found") then ok("namespace"; "\($name): not there yet: a standup makes it")
      else warn("namespace"; "\($name): \(why($fact))"; "name one of yours with -p, or ask for: get namespaces") end
    elif $ns.status.phase == "Terminating" then
      bad(3; "namespace"; "\($name): it is being removed"; "wait until it is gone, or name another one with -p")
    elif $ns.metadata.labels["pod-security.kubernetes.io/enforce"] == "restricted" then
      warn("namespace"; "\($name): it takes no pod that runs as root, which images of vLLM do";
        "kubectl label --overwrite namespace \($name) pod-security.kubernetes.io/enforce=baseline")
    else ok("namespace"; $name) end;

def namespace_lines:
  namespace_line($ARGS.named.stack; "namespace"),
  if $ARGS.named.load == $ARGS.named.stack then empty else namespace_line($ARGS.named.load; "load_namespace") end;

# The API groups that something needs, and what is missing without.
def known_apis:
  [["gateway.networking.k8s.io", "Gateway API", "no HTTPRoute", "https://gateway-api.sigs.k8s.io, where one is wanted"],
  ["route.openshift.io", "Routes", "no Route (OpenShift alone has them)", "nothing, unless this is OpenShift"],
  ["inference.networking.k8s.io|inference.networking.x-k8s.io", "inference extension", "no InferencePool: no routing that knows what engines hold",
    "https://gateway-api-inference-extension.sigs.k8s.io, where one is wanted"],
  ["serving.kserve.io", "KServe", "bench.sh finds no InferenceService", "https://kserve.github.io/website, where one is wanted"]];

def api_lines:
  if unknown("groups") then warn("apis"; "they cannot be listed: \(why("groups"))";
    "ask for: get /apis (the ClusterRole system:discovery)")
  else
    [fact("groups").groups[].name] as $there
    | known_apis[] as [$names, $title, $without, $where]
    | ($names | split("|")) as $names
    | if any($names[]; IN($there[])) then ok("apis"; "\($title): \([$names[] | select(IN($there[]))][0])")
      else warn("apis"; "\($title): \($names[0]) is not there: \($without)"; $where) end
  end;

def is_ready: any(.status.conditions[]?; .type == "Ready" and .status == "True");
def may_run: is_ready and (.spec.unschedulable != true);

# taken($resource): {NODE: how many of it pods there have asked for}; null when that is not known.
def taken($resource):
  if unknown("pods") then null
  else
    reduce (fact("pods").items[] | select(.spec.nodeName)
      | {node: .spec.nodeName, n: ([.spec.containers[].resources | .requests[$resource] // .limits[$resource] // 0 | quantity] | add)}) as $pod
      ({}; .[$pod.node] += $pod.n)
  end;

def product: .metadata.labels // {} | first(.[product_labels] // empty) // "unnamed";

# cards: {resource, product, nodes, all, free} for each kind of accelerator.
def cards:
  [fact("nodes").items[]? | . as $node
    | .status.allocatable // {} | to_entries[] | select((.key | test(accelerators)) and (.value | quantity) > 0)
    | taken(.key) as $taken
    | (.value | quantity) as $all
    | {resource: .key, product: ($node | product), name: $node.metadata.name, all: $all,
      free: (if $taken == null then null elif $node | may_run then $all - ($taken[$node.metadata.name] // 0) else 0 end)}]
  | group_by([.resource, .product])
  | map({resource: .[0].resource, product: .[0].product, nodes: map(.name), all: (map(.all) | add), most: (map(.all) | max),
    free: (if any(.[]; .free == null) then null else map(.free) | add end)});

def node_lines:
  if unknown("nodes") then
    warn("nodes"; "they cannot be listed: \(why("nodes"))";
      "ask for: list nodes; without it name LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE and _AFFINITY")
  else
    [fact("nodes").items[]] as $nodes
    | [$nodes[] | select(may_run)] as $good
    | ([$good[].status.allocatable.cpu // 0 | quantity] | max) as $cpu
    | ([$good[].status.allocatable.memory // 0 | quantity] | max) as $memory
    | (if $good == [] then bad(4; "nodes"; "\($nodes | length) nodes, and pods may run on none of them";
      "look at: kubectl describe nodes")
      else ok("nodes";
        "\($good | length) of \($nodes | length) take pods; with up to \($cpu) CPUs and \($memory / 107374182.4 | floor / 10) GiB of memory") end),
    ($nodes[] | select(may_run | not)
      | warn("nodes"; "\(.metadata.name): \(if .spec.unschedulable then "cordoned" else "not ready" end)";
        if .spec.unschedulable then "kubectl uncordon \(.metadata.name)" else "kubectl describe node \(.metadata.name)" end)),
    (cards as $cards
      | if $cards == [] then
          if chosen and (cfg("VLLM_COMMON_ACCELERATOR_NR") | IN("0", "NA")) then ok("nodes";
            "none has an accelerator, and the scenario asks for none")
          else warn("nodes"; "none has an accelerator";
            "install the device plugin of its maker (nvidia.com/gpu: NVIDIA's GPU operator), or set LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR=0") end
        else
          ($cards[]
          | "\(.all) \(.resource) (\(.product)) on \(.nodes | number(length; "node")), at most \(.most) on one, \(.free // "an unknown number") free" as $what
          | if .free == 0 then warn("nodes"; $what; "wait for those that use them: kubectl get pods -A -o wide")
            elif .product == "unnamed" then warn("nodes"; "\($what): no label says which product it is";
              "name the label of its nodes with -a KEY:VALUE, or install the maker's feature discovery")
            else ok("nodes"; $what) end)
        end)
  end;

# Makers of volumes that only one node at a time can write to, and makers that are no CSI drivers.
def one_node:
  IN("ebs.csi.aws.com", "pd.csi.storage.gke.io", "disk.csi.azure.com", "cinder.csi.openstack.org", "csi.vsphere.vmware.com",
    "rancher.io/local-path", "kubernetes.io/aws-ebs", "kubernetes.io/gce-pd", "kubernetes.io/azure-disk", "kubernetes.io/cinder")
  or endswith(".rbd.csi.ceph.com");
def without_driver:
  test("^kubernetes\\.io/|hostpath$|^rancher\\.io/local-path$|nfs-subdir-external-provisioner$|^cluster\\.local/");

def is_default: .metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true";

# makes_volumes: is something known to serve this class?
def makes_volumes:
  .metadata.name as $name | .provisioner as $driver
  | if $driver == "kubernetes.io/no-provisioner" then any(fact("volumes").items[]?; .spec.storageClassName == $name and .status.phase == "Available")
    else
      ($driver | without_driver) or unknown("drivers") or any(fact("drivers").items[]?; .metadata.name == $driver)
      or any(fact("volumes").items[]?; .spec.storageClassName == $name)
    end;

def modes:
  .metadata.name as $name
  | [fact("volumes").items[]? | select(.spec.storageClassName == $name) | .spec.accessModes[]] | unique
  | if . == [] then "" else ", volumes with \(join(", "))" end;

def storage_lines:
  if unknown("classes") then warn("storage"; "classes cannot be listed: \(why("classes"))";
    "ask for: list storageclasses")
  else
    [fact("classes").items[]] as $classes
    | [$classes[] | select(is_default)] as $default
    | (if $default == [] then
        warn("storage";
          "no class is the default (\(if $classes == [] then "there is none" else [$classes[].metadata.name] | join(", ") end))";
          "name one with LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS, or kubectl annotate storageclass NAME storageclass.kubernetes.io/is-default-class=true")
      elif ($default | length) > 1 then
        warn("storage"; "\($default | length) classes are the default: \([$default[].metadata.name] | join(", "))";
          "kubectl annotate storageclass NAME storageclass.kubernetes.io/is-default-class- on all but one")
      else empty end),
    ($classes[]
      | "class \(.metadata.name)\(if is_default then " (default)" else "" end): \(.provisioner), \(.volumeBindingMode // "Immediate")\(modes)" as $what
      | if makes_volumes | not then
          warn("storage"; "\($what): nothing is known to make its volumes";
            "install its driver, or use another class: LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS")
        elif .provisioner | one_node then
          warn("storage"; "\($what): only one node at a time can write to a volume";
            "set LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteOnce, and keep what shares one on one node")
        else ok("storage"; $what) end)
  end;

def metrics_lines:
  (if unknown("usage") | not then ok("metrics"; "metrics.k8s.io tells pods' CPU and memory")
  else
    warn("metrics";
      "metrics.k8s.io does not answer: CPU and memory of pods come from the kubelet, where nodes/proxy may be read";
      "install metrics-server: https://github.com/kubernetes-sigs/metrics-server")
  end),
  ([fact("services").items[]?] + [$ARGS.named.facts[0] | to_entries[] | select(.key | startswith("services_")) | .value.items[]?]
    | [.[] | select(.metadata.name | test("prometheus") and (test("alertmanager|node-exporter|kube-state|pushgateway|adapter|operator(?!ated)") | not))
      | "\(.metadata.namespace)/\(.metadata.name)"] as $found
    | if $found == [] then
        warn("metrics";
          "no Service is called prometheus\(if unknown("services") then " in the namespaces that it usually has" else "" end): runs have what engines say themselves, no history";
          "helm install prometheus, where one is wanted: https://prometheus-community.github.io/helm-charts")
      else ok("metrics";
        "Prometheus: \($found[0])\(if ($found | length) > 1 then " and \(($found | length) - 1) more" else "" end)") end);
