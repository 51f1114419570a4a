# rights: what may this user do?  The table rights.tsv (raw, --rawfile table) and the namespaces ($stack, $load) become
# reviews that the API server answers; its answers become what is denied.

def rows:
  $ARGS.named.table | split("\n")[] | select(. != "" and (startswith("#") | not)) | split("\t")
  | {for: .[0], need: .[1], where: .[2], kind: .[3], verbs: (.[4] | split(",")), without: .[5]};

# RESOURCE[.GROUP][/SUBRESOURCE]
def resource:
  (split("/")) as [$whole, $sub]
  | ($whole | split(".")) as $parts
  | {resource: $parts[0], group: ($parts[1:] | join("."))} + if $sub then {subresource: $sub} else {} end;

def place($where): {stack: $ARGS.named.stack, load: $ARGS.named.load, all: ""}[$where];

# reviews: one for each verb of each kind, none twice.
def reviews:
  [rows | .where as $where | .verbs[] as $verb | .kind | resource + {verb: $verb, namespace: place($where)}]
  | unique[]
  | {apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: {resourceAttributes: .}};

def key: "\(.namespace // "") \(.verb) \(.resource).\(.group // "")/\(.subresource // "")";

# denied($answers; $groups): of the array of answered reviews: {namespace, kind, verbs, for, need, without}, one for each kind
# in each place.  Of API groups that the cluster has not ($groups, null: not known) nothing is needed.
def denied($answers; $groups):
  ($answers | map({key: (.spec.resourceAttributes | key), value: (.status.allowed == true)}) | from_entries) as $may
  | [rows
    | .namespace = place(.where)
    | (.kind | resource) as $resource
    | .namespace as $namespace
    | select($groups == null or ($resource.group | contains(".") | not) or any($groups[]; . == $resource.group))
    | .verbs |= map(select($may[$resource + {verb: ., $namespace} | key] | not))
    | select(.verbs != [])]
  | group_by([.namespace, .kind])
  | map((if any(.[]; .need == "must") then map(select(.need == "must")) else . end)
    | .[0] + {verbs: (map(.verbs[]) | unique), for: (map(.for) | unique), without: (map(.without) | unique | join("; "))}
    | del(.where));
