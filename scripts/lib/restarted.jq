# restarted: POD <tab> CONTAINER of each container that restarted since the run (the input, run.json) began.
# --slurpfile list: kubectl's of its pods as they are now.
([.pods[]? | {key: "\(.name)\t\(.container)", value: .restarts_before}] | from_entries) as $before
| $list[0] | (.items // [.])[]
| .metadata.name as $pod
| .status.containerStatuses[]?
| "\($pod)\t\(.name)" as $key
| select($before[$key] != null and .restartCount > $before[$key])
| $key
