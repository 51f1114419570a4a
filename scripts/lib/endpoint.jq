# endpoint: which Service, or pod, the load is for: {name, port, host} where there is one (host: a pod's address, else
# null), {several: [names]} where there are more, {} where there is none.
# In: kubectl's list of services or pods.  --arg word: standalone, or any part of a name; --arg stack: the id of ours;
# --arg name: what the model's Service is called in it.

def port:
  (.spec.ports // [.spec.containers[].ports[]? | {name, port: .containerPort}]) as $ports
  | first(($ports[] | select(.port == 80)), ($ports[] | select(.name == "default" or .name == "http")), $ports[0]).port;

def serving: .kind != "Pod" or (.status.phase == "Running" and .status.podIP != null and .metadata.deletionTimestamp == null);

# The first of these that finds something decides.
def found($all):
  ($all | map(select($word == "standalone" and .metadata.name == $name)) | select(. != [])),
  ($all | map(select($word == "standalone" and .metadata.labels["tokpipe/stack"] == $stack
    and .metadata.labels["app.kubernetes.io/managed-by"] == "tokpipe" and .metadata.labels["tokpipe/run"] == null)) | select(. != [])),
  ($all | map(select(.metadata.name == $word)) | select(. != [])),
  ($all | map(select(.metadata.name | contains($word)))
    # replicas are alike: which one does not matter, but pods of different owners are different things
    | if all(.[]; .kind == "Pod") then group_by(.metadata.ownerReferences[0].uid // .metadata.name) | map(.[0]) else . end);

[.items[] | select(serving)] as $all
| first(found($all)) as $found
| if $found | length > 1 then {several: ($found | map(.metadata.name))}
  else ($found[0] // empty | {name: .metadata.name, port: port, host: (.status.podIP // null)}) // {} end
