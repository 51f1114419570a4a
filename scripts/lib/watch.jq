# watch: what a wait for a Deployment, a Job, a claim or some pods sees: ready, waiting or failed, and why.
# Read: $objects and $events (lists as kubectl gives them, slurped), $nodes ([] when they may not be read), $log (the end of the
# log of the pod that this same program named in a pass before, or "").  $kind, $name and $ns are what is waited for, $now
# and $since epoch seconds, $limit the seconds that there are, $grace those for which a pod may be without a node, a
# volume or a mount; $classes_known: the storage classes are among the objects.
# Printed: {state, done, of, object, words, reason, status, advice, pods}; pods are those whose log tells more.

def items: $objects[0].items // [];
def of_kind($kind): items[] | select(.kind == $kind);
def seconds: if . == null then $now else sub("\\.[0-9]+Z$"; "Z") | fromdate end;
def waited: $now - $since;
def one_line: gsub("[[:space:]]+"; " ") | sub("^ "; "") | sub(" $"; "");

def failure($words; $status; $object; $reason; $advice):
	{state: "failed", object: $object, words: $words, reason: ($reason | one_line), status: $status, advice: $advice};
def not_ready($reason; $advice): failure("Service not ready"; 3; "pod \($ns)/\(.metadata.name)"; $reason; $advice)
	+ {pods: [.metadata.name]};
def no_memory($reason; $advice): failure("Out of memory"; 4; "pod \($ns)/\(.metadata.name)"; $reason; $advice)
	+ {pods: [.metadata.name]};
def unbound($object; $reason; $advice): failure("Volume not bound"; 4; $object; $reason; $advice);

def deployment: first(of_kind("Deployment") | select(.metadata.name == $name)) // {};
def revision: .metadata.annotations["deployment.kubernetes.io/revision"];
# The pods of the latest revision: those of one before may crash for ever, and go when this one is ready.
def latest:
	(deployment | revision) as $revision
	| [of_kind("ReplicaSet") | select(revision == $revision) | .metadata.labels["pod-template-hash"]] as $hashes
	| of_kind("Pod") | select(.metadata.labels["pod-template-hash"] | IN($hashes[]));
def pods: [if $kind == "deployment" then latest else of_kind("Pod") end | select(.metadata.deletionTimestamp == null)];
def containers: (.status.initContainerStatuses // []) + (.status.containerStatuses // []);
def is_ready: any(.status.conditions[]?; .type == "Ready" and .status == "True");
def condition($type): first(.status.conditions[]? | select(.type == $type)) // null;

# events_of OBJECT-NAME: what was told of it, latest last.
def events_of($object): [$events[0].items[]? | select(.involvedObject.name == $object)]
	| sort_by(.series.lastObservedTime // .lastTimestamp // .eventTime // "");

def limit_of($container): first(.spec.containers[]? | select(.name == $container) | .resources.limits.memory) // null;
def memory_advice: ["Reduce gpu_memory_utilization", "Increase resource limits"];
def more_memory: memory_advice + ["Raise LLMDBENCH_VLLM_COMMON_CPU_MEM, the memory of each pod"];
def smaller_model: memory_advice + [
	"LLMDBENCH_VLLM_COMMON_ACCELERATOR_MEM_UTIL: 0.95 leaves little for anything else; try 0.90",
	"A smaller LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN needs less KV cache",
	"More GPUs for each pod (LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR), or quantised weights (AWQ, INT4, FP8)"];

def image_trouble:
	. as $pod | containers[] | . as $container | .state.waiting // {}
	| select(.reason | IN("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"))
	| .message as $message
	| ($pod | [events_of(.metadata.name)[] | select(.reason == "Failed" and (.message | test("pull"; "i"))) | .message] | first) as $event
	| $pod | not_ready("image \($container.image) cannot be pulled: \($message // $event // "no reason given")";
		["Check the image's name and tag", "Check imagePullSecrets, and whether the nodes reach the registry"]);

def killed:
	. as $pod | containers[] | select(.ready | not)
	| select(any(.state, .lastState; .terminated.reason? == "OOMKilled"))
	| .name as $container | $pod | limit_of($container) as $limit
	| no_memory("killed" + if $limit then " at its limit of \($limit)" else ": the node had no memory left" end; more_memory);

# The last end of a container that is not ready, when it ended too often or lately.
def end_of_crash:
	select(.ready | not)
	| (.lastState.terminated // .state.terminated) as $last_end
	| select($last_end and (.state.waiting.reason == "CrashLoopBackOff"
		or (.restartCount >= 2 and ($last_end.finishedAt | seconds) > $now - 600)))
	| $last_end;

def log_says($pattern): $log | test($pattern; "i");
def no_approval: "401 Client Error|403 Client Error|gated repo|GatedRepo|Repository Not Found|Invalid user token|Invalid credentials";
def gpu_memory: "CUDA out of memory|OutOfMemoryError|larger than the maximum number of tokens|No available memory for the cache blocks|KV cache";
def token_advice: ["The model may be gated: ask for access on its page at Hugging Face, with the account of the token",
	"Check LLMDBENCH_HF_TOKEN, and the Secret that holds it in the cluster"];

def crashed:
	. as $pod | containers[] | end_of_crash as $last_end
	| ("crashed: exit code \($last_end.exitCode)" + if $last_end.message then ": \($last_end.message)" else "" end) as $reason
	| $pod
	| if log_says(gpu_memory) then no_memory($reason; smaller_model)
	elif $last_end.exitCode == 137 then
		no_memory("killed (137): most often memory, or a signal from outside"; more_memory)
	elif log_says(no_approval) then not_ready($reason + ": no approval for the model"; token_advice)
	elif $last_end.exitCode == 0 then not_ready("ended by itself (exit code 0), though it has to serve"; ["Look at its log"])
	else not_ready($reason; ["Look at its log: the end of it is above"]) end;

def not_configured:
	. as $pod | containers[] | .state.waiting // {}
	| select(.reason | IN("CreateContainerConfigError", "CreateContainerError", "RunContainerError"))
	| "\(.reason): \(.message // "no reason given")" as $reason
	| $pod | not_ready($reason; ["Make the Secret, the ConfigMap or the volume that is named there"]);

def not_mounted:
	select(waited >= $grace and (.status.phase == "Pending") and (condition("PodScheduled").status == "True"))
	| . as $pod
	| ([events_of(.metadata.name)[] | select(.reason | IN("FailedMount", "FailedAttachVolume")) | .message] | last) as $message
	| select($message) | $pod | not_ready($message; ["Make the Secret, the ConfigMap or the volume that is named there"]);

# What the nodes have of that which the pod asks for beside processors and memory.
def what_nodes_have:
	[.spec.containers[]?.resources.requests // {} | keys[] | select(contains("/"))] | unique as $asked
	| [$nodes[0].items[]? | . as $node | $asked[] | "node \($node.metadata.name) has \(.): \($node.status.allocatable[.] // "none")"];

def on_no_node:
	. as $pod | condition("PodScheduled")
	| select(. and .status == "False" and .reason == "Unschedulable" and $now - (.lastTransitionTime | seconds) >= $grace)
	| .message as $message
	| $pod
	| select(any(events_of(.metadata.name)[]; .reason == "TriggeredScaleUp") | not)
	| if $message | test("PersistentVolumeClaim"; "i") then
		unbound("pod \($ns)/\(.metadata.name)"; $message; ["Check: kubectl get pvc,storageclass -n \($ns)"])
	else
		failure("Insufficient resources"; 4; "pod \($ns)/\(.metadata.name)"; $message; what_nodes_have + [
			"Ask for less (LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR, _CPU_NR, _CPU_MEM), or for other nodes (_AFFINITY)"])
	end;

def no_scheduler:
	select(.spec.nodeName == null and condition("PodScheduled") == null and waited >= $grace)
	| not_ready("no scheduler named \(.spec.schedulerName) takes it"; ["Check LLMDBENCH_VLLM_COMMON_POD_SCHEDULER"]);

def no_pod:
	deployment | (condition("ReplicaFailure") // empty)
	| select(.status == "True" and $now - (.lastTransitionTime | seconds) >= 5)
	| failure("Service not ready"; 3; "deployment \($ns)/\($name)"; "no pod can be made: \(.message)";
		["Check quotas, the service account and admission policies: kubectl describe replicaset -n \($ns)"]);

def pod_troubles: image_trouble, not_configured, on_no_node, no_scheduler, not_mounted;

def job: first(of_kind("Job") | select(.metadata.name == $name)) // {};
def more_time:
	if job.metadata.labels["tokpipe/run"] then ["Give it longer: --load-timeout, with --resume, too"]
	else ["Give it longer: LLMDBENCH_VLLM_COMMON_PVC_DOWNLOAD_TIMEOUT", "Look at the log of its pod: the end of it is above"] end;
def job_failed:
	(job | condition("Failed") // empty) | select(.status == "True")
	| ([pods[].metadata.name] | .[-1:]) as $last
	| ([pods[] | containers[] | (.state.terminated // .lastState.terminated // empty)] | last) as $last_end
	| ("failed: \(.reason): \(.message // "")" + if $last_end then " (exit code \($last_end.exitCode))" else "" end) as $reason
	| "job \($ns)/\($name)" as $object
	| if $last_end.reason == "OOMKilled" then failure("Out of memory"; 4; $object; $reason; more_memory)
	elif log_says(no_approval) then failure("Service not ready"; 3; $object; "no approval for the model: " + $reason; token_advice)
	elif .reason == "DeadlineExceeded" then failure("Service not ready"; 3; $object; $reason; more_time)
	else failure("Service not ready"; 3; $object; $reason; ["Look at the log of its pod: the end of it is above"]) end
	| . + {pods: $last};

def claim: first(of_kind("PersistentVolumeClaim") | select(.metadata.name == $name)) // {};
def class_of_claim:
	claim.spec.storageClassName as $class
	| first(of_kind("StorageClass") | select(.metadata.name == $class)) // null;
def classes: [of_kind("StorageClass").metadata.name] | if . == [] then "there is none" else "there is: " + join(", ") end;
def claim_failed:
	"pvc \($ns)/\($name)" as $object
	| ["Set LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS to a class that makes volumes (\(classes))",
		"Check: kubectl describe pvc \($name) -n \($ns)"] as $advice
	| ([events_of($name)[] | select(.reason | IN("ProvisioningFailed", "FailedBinding")) | .message] | last) as $event
	| if claim.status.phase == "Lost" then unbound($object; "its volume is lost"; $advice)
	elif claim.status.phase != "Pending" then empty
	elif claim.spec.storageClassName == null and claim.spec.volumeName == null and waited >= 2 then
		unbound($object; "no storage class was named, and the cluster has no default one"; $advice)
	elif (claim.spec.storageClassName // "") != "" and $classes_known and class_of_claim == null and claim.spec.volumeName == null then
		unbound($object; "there is no storage class \(claim.spec.storageClassName)"; $advice)
	elif waited >= $grace then unbound($object; $event // "nothing has bound it for \(waited) s"; $advice)
	else empty end;
def waits_for_pod: class_of_claim.volumeBindingMode == "WaitForFirstConsumer";

# What those that are not ready do, for the end of a wait.
def doing:
	[pods[] | select(is_ready | not)
		| "pod \(.metadata.name): " + ([containers[].state.waiting.reason // empty] | first // .status.phase // "Unknown")]
	| if . == [] then "no pod of it is there" else join("; ") end;

def progress:
	if $kind == "deployment" then
		deployment as $d | ($d.spec.replicas // 1) as $of
		| {done: ([pods[] | select(is_ready)] | length), of: $of,
			ready: ($d.metadata and $d.status.observedGeneration >= $d.metadata.generation
				and ($d.status.updatedReplicas // 0) == $of and ($d.status.readyReplicas // 0) == $of
				and ($d.status.replicas // 0) == $of)}
	elif $kind == "job" then
		(job.spec.completions // 1) as $of
		| {done: (job.status.succeeded // 0), of: $of, ready: any(job.status.conditions[]?; .type == "Complete" and .status == "True")}
	elif $kind == "pvc" then
		{done: 0, of: 1, ready: (claim.status.phase == "Bound" or (claim.status.phase == "Pending" and waits_for_pod))}
	else
		{done: ([pods[] | select(is_ready)] | length), of: (pods | length)} | .ready = (.of > 0 and .done == .of)
	end;

def failures:
	if $kind == "pvc" then claim_failed
	elif $kind == "job" then job_failed, (pods[] | pod_troubles)
	else no_pod, (pods[] | killed, crashed, pod_troubles) end;

def subject: if $kind == "pods" then "pods \($ns)/\($name)" else "\($kind) \($ns)/\($name)" end;
# An update that was sent and not yet seen: the pods that are there tell nothing of it.
def unseen: $kind == "deployment" and deployment.status.observedGeneration != deployment.metadata.generation;
def overdue:
	select(waited >= $limit)
	| failure("Service not ready"; 3; subject; "not ready after \(waited) s: \(doing)"; ["Look at the events above"])
	+ {pods: [pods[] | select(is_ready | not) | .metadata.name][:1]};

progress as $progress
| (if $progress.ready then {state: "ready"}
	elif unseen then first(overdue) // {state: "waiting"}
	else first(failures, overdue) // {state: "waiting"} end)
| {state, done: $progress.done, of: $progress.of, object: (.object // subject), words: (.words // null),
	reason: (.reason // null), status: (.status // 0), advice: (.advice // []), pods: (.pods // [])}
