# common: what every manifest here is made of.  A manifest is built as a document, never as text, so no
# value can break one.  Named arguments: settings and stack (slurped settings.json and stack.json), model (one
# of the stack's models, where an object belongs to one), for ("harness" where an object is the load's, else
# the stack's), found (what was read from the cluster where a setting says auto).
# Settings are strings; NA means: leave it out.

def stack: $ARGS.named.stack[0];
def model: $ARGS.named.model;
def harness: $ARGS.named.for == "harness";

def refuse($name; $words): "LLMDBENCH_\($name): \($words)\n" | halt_error(2);

def cfg($name): $ARGS.named.settings[0].values[$name] // "";
def said($name): cfg($name) | if . == "NA" then "" else . end;
def number($name): cfg($name) | tonumber? // refuse($name; "\(.): expected a number");

def left_out: with_entries(select(.value != "" and .value != null));

# A label's value has 63 characters at most.
def labels($name):
  {
    "app.kubernetes.io/managed-by": "tokpipe",
    "app.kubernetes.io/name": ($name[:63] | gsub("[^A-Za-z0-9]+$"; "")),
    "tokpipe/stack": stack.id
  };

# The pods that belong together: these labels are theirs alone, and never change.
def pods_of($name): {app: $name, "tokpipe/stack": stack.id};

def namespace: if harness then stack.harness_namespace else stack.namespace end;

def meta($name):
  {
    name: $name,
    namespace: namespace,
    labels: labels($name),
    annotations:
      (stack | {"tokpipe/version": .version, "tokpipe/scenario": .scenario, "tokpipe/made-by": .made_by} | left_out)
  };

# REGISTRY/REPO/NAME:TAG, or NAME@DIGEST.
def image($which):
  said("\($which)IMAGE_TAG") as $tag
  | [said("\($which)IMAGE_\("REGISTRY", "REPO", "NAME")") | select(. != "")] | join("/")
  | if $tag == "" then . elif $tag | test("^sha256:") then "\(.)@\($tag)" else "\(.):\($tag)" end;

# A simulated engine reads no weights: it needs no volume for them, and no token.
def simulated: cfg("VLLM_STANDALONE_IMAGE_NAME") | test("sim");
def downloads: (simulated | not) and (model == null or model.download);

def token_ref: {secretKeyRef: {name: cfg("VLLM_COMMON_HF_TOKEN_NAME"), key: cfg("VLLM_COMMON_HF_TOKEN_KEY")}};

def storage_class:
  said("VLLM_COMMON_PVC_STORAGE_CLASS") | if . == "default" or . == "" then {} else {storageClassName: .} end;

# What Kubernetes would take for one of its own variables, $(NAME) and $$, comes out of it as it is here.
def literal: gsub("\\$(?=[$(])"; "$$");

# KEY:VALUE,KEY:VALUE.  A piece without a colon belongs to the value before it.  Or a JSON object.
def annotations($name):
  said($name)
  | if startswith("{") then (fromjson? // refuse($name; "no JSON object")) | map_values(tostring)
    else
      reduce (split(",")[] | select(. != "")) as $piece ([];
        if $piece | contains(":") then . + [$piece]
        elif . == [] then refuse($name; "\($piece): expected KEY:VALUE")
        else .[-1] += ",\($piece)" end)
      | map(index(":") as $at | {key: .[:$at], value: .[$at + 1:]})
      | from_entries
    end
  | first((keys[]
    | select(test("^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$") | not)), null) as $bad
  | if $bad != null then refuse($name; "\($bad): no name of an annotation") else . end;
