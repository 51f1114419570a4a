# load: what the objects of a load in the cluster share.  $ARGS.named.load: {name, run, stack, version, namespace, image, account, pvc,
# mount, pods, timeout (seconds, 0: none), cpu, memory ("" or NA: not said), key (is there an API key?), debug, args (of
# load.sh)}.  Pods of a load have no rights at all: not root's, not to write but on the volume, none in the cluster.
include "common";

def load: $ARGS.named.load[0];
def folder: "\(load.mount)/\(load.run)";

def load_labels:
  {
    "app.kubernetes.io/managed-by": "tokpipe",
    "app.kubernetes.io/name": load.name,
    "tokpipe/stack": load.stack,
    "tokpipe/run": load.name
  } | left_out;

def load_meta($name):
  {name: $name, namespace: load.namespace, labels: load_labels, annotations: {"tokpipe/version": load.version, "tokpipe/load": load.run}};

def nobody: 65532;

def pod_of_load($container):
  {
    restartPolicy: "Never",
    serviceAccountName: load.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {runAsNonRoot: true, runAsUser: nobody, runAsGroup: nobody, fsGroup: nobody,
      fsGroupChangePolicy: "OnRootMismatch", seccompProfile: {type: "RuntimeDefault"}},
    containers: [{
      image: load.image,
      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: ["ALL"]}},
      volumeMounts: [{name: "requests", mountPath: load.mount}, {name: "tmp", mountPath: "/tmp"}]
    } + $container],
    volumes: [{name: "requests", persistentVolumeClaim: {claimName: load.pvc}}, {name: "tmp", emptyDir: {}}]
  };
