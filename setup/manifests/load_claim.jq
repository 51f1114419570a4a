# The volume of a load, where there is none of that name.  It stays when the load is over.
include "load";

{
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: (load_meta(load.pvc) | .labels |= del(.["tokpipe/run"]) | .annotations |= del(.["tokpipe/load"])),
  spec: ({
    accessModes: [load.access],
    resources: {requests: {storage: load.size}},
    volumeMode: "Filesystem"
  } + if load.class == "default" or load.class == "" or load.class == "NA" then {} else {storageClassName: load.class} end)
}
