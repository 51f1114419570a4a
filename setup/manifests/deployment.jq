# The Deployment of one model's engines.
include "common";
include "args";

# One node label, or none: where auto found nothing, in a dry run.
def node_affinity:
  said("VLLM_COMMON_AFFINITY")
  | if . == "auto" then $ARGS.named.found.affinity // "" else . end
  | if . == "" then {}
    elif contains(":") | not then refuse("VLLM_COMMON_AFFINITY"; "\(.): expected LABEL:VALUE, auto or NA")
    else
      index(":") as $at
      | {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{matchExpressions: [{key: .[:$at], operator: "In", values: [.[$at + 1:]]}]}]
        }}}}
    end;

def by_default(names): all(names; $ARGS.named.settings[0].origin["VLLM_COMMON_\(.)"] == "default");

def accelerator:
  cfg("VLLM_COMMON_ACCELERATOR_RESOURCE")
  | if . == "auto" then $ARGS.named.found.accelerator // "nvidia.com/gpu" else . end;

# Who says how many share the model and not how many there are means as many as that takes.
def accelerators:
  if by_default("ACCELERATOR_NR") and (by_default("TENSOR_PARALLELISM", "DATA_PARALLELISM") | not) then
    tensor_parallel * data_parallel | tostring
  else said("VLLM_COMMON_ACCELERATOR_NR") | if . == "0" then "" else . end
  end;

# NAME of a resource and how many: both, or none of it.
def resource($name; $number): if $name == "" or $name == "NA" then {} else {($name): $number} end;

def resources:
  {cpu: said("VLLM_COMMON_CPU_NR"), memory: said("VLLM_COMMON_CPU_MEM")}
  + resource(accelerator; accelerators)
  + resource(cfg("VLLM_COMMON_NETWORK_RESOURCE"); said("VLLM_COMMON_NETWORK_NR"))
  + resource(cfg("VLLM_COMMON_EPHEMERAL_STORAGE_RESOURCE"); said("VLLM_COMMON_EPHEMERAL_STORAGE_NR"))
  + {"ephemeral-storage": said("VLLM_STANDALONE_EPHEMERAL_STORAGE")}
  | left_out
  | {limits: ., requests: .};

# --- the environment of an engine

def pair($name; $value): if $value == "NA" then empty else {name: $name, value: ($value | literal)} end;

def from_file:
  if type != "object" or (.name | type) != "string" then
    refuse("VLLM_COMMON_ENVVARS_TO_YAML"; "\(tojson): expected a list of {name, value}")
  elif has("value") then
    .value |= (if type == "string" then . else tojson end | if contains("REPLACE_ENV_") then filled else . end)
  else . end;

def named($name):
  ($name | ltrimstr("LLMDBENCH_")) as $key
  | $ARGS.named.settings[0].values
  | if has($key) then pair($key | ltrimstr("VLLM_STANDALONE_"); .[$key])
    else refuse("VLLM_COMMON_ENVVARS_TO_YAML"; "\($name): no variable of that name is set") end;

def asked_for:
  if $ARGS.named.env_file then $ARGS.named.env_file[0] | if type == "array" then .[] else . end | from_file
  else said("VLLM_COMMON_ENVVARS_TO_YAML") | split(",")[] | gsub("\\s"; "") | select(. != "") | named(.) end;

def environment:
  [
    pair("LLMDBENCH_VLLM_STANDALONE_MODEL"; model.model),
    pair("LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT"; cfg("VLLM_STANDALONE_VLLM_LOAD_FORMAT")),
    pair("LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG"; cfg("VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG")),
    pair("VLLM_LOGGING_LEVEL"; cfg("VLLM_STANDALONE_VLLM_LOGGING_LEVEL")),
    pair("HF_HOME"; cfg("VLLM_STANDALONE_PVC_MOUNTPOINT")),
    (select(downloads) | "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN" | {name: ., valueFrom: token_ref}),
    asked_for
  ]
  # of two with one name the later holds
  | reduce .[] as $e ([]; map(select(.name != $e.name)) + [$e]);

# --- the pod

def port: number("VLLM_COMMON_INFERENCE_PORT");
def healthy: {httpGet: {path: "/health", port: port}};

# Our Deployment is patient for 100 minutes, and ready five seconds after the engine is.
def probes:
  {
    startupProbe: (healthy + {failureThreshold: 1200, periodSeconds: 5, timeoutSeconds: 5,
      initialDelaySeconds: number("VLLM_COMMON_INITIAL_DELAY_PROBE")}),
    livenessProbe: {tcpSocket: {port: port}, failureThreshold: 3, periodSeconds: 10},
    readinessProbe: (healthy + {failureThreshold: 3, periodSeconds: 5})
  };

def volumes:
  {name: "preprocesses", at: "/setup/preprocess",
   is: {configMap: {name: "llm-d-benchmark-preprocesses-\(stack.id)", defaultMode: 365}}},
  {name: "cache-volume", at: cfg("VLLM_STANDALONE_PVC_MOUNTPOINT"),
   is: (if simulated then {emptyDir: {}}
        else {persistentVolumeClaim: {claimName: cfg("VLLM_COMMON_PVC_NAME")}} end)},
  (said("VLLM_COMMON_SHM") | select(. != "") | {name: "shm", at: "/dev/shm", is: {emptyDir: {medium: "Memory", sizeLimit: .}}});

def container:
  {
    name: model.name,
    image: image("VLLM_STANDALONE_"),
    command: ["/bin/bash", "-c"],
    args: [command],
    env: environment,
    ports: [{name: "http", containerPort: port, protocol: "TCP"}]
  }
  + probes
  + {resources: resources, volumeMounts: [volumes | {name, mountPath: .at}]};

{
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: (meta(model.name) | .labels += {app: model.name}),
  spec: {
    replicas: number("VLLM_COMMON_REPLICAS"),
    progressDeadlineSeconds: number("VLLM_COMMON_TIMEOUT"),
    selector: {matchLabels: pods_of(model.name)},
    template: {
      metadata: {
        labels: (labels(model.name) + pods_of(model.name)),
        annotations: annotations("VLLM_COMMON_ANNOTATIONS")
      },
      spec: ({
        schedulerName: cfg("VLLM_COMMON_POD_SCHEDULER"),
        serviceAccountName: cfg("VLLM_COMMON_SERVICE_ACCOUNT"),
        enableServiceLinks: false,
        containers: [container],
        volumes: [volumes | {name} + .is]
      } + node_affinity)
    }
  }
}
