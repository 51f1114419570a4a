# inload_record: run.json with where its load comes from, and what its pods sample: --slurpfile load (load.json); --arg metrics.
$load[0] as $l
| .load = {where: "cluster", via: "in-cluster", note: null, pods: $l.pods, job: $l.name, namespace: $l.namespace, image: $l.image,
    pvc: $l.pvc, folder: "\($l.mount)/\($l.run)", start_us: null, shards: []}
| .plan.gpusample = (if $metrics == "" then [] else ["gpusample", "--source", "engine", ($metrics | split(",")[] | "--url", .)] end)
| .not_measured += {gpu: "the server is not on this machine"}
| if $metrics == "" then .not_measured.engine = "no pod of the server is known that tells its counts" else . end
