# doctor_needs: can the cluster give what the scenario asks for?  See doctor.jq.
include "doctor_words";
include "doctor_cluster";
include "quantity";

def wants($name): cfg($name) | if . == "" or . == "NA" then 0 else quantity end;
def simulated: cfg("VLLM_STANDALONE_IMAGE_NAME") | test("sim");

# fits: of a node that the engine may use.
def has_label: cfg("VLLM_COMMON_AFFINITY") as $want
  | ($want | IN("auto", "", "NA")) or (($want | index(":")) as $at | .metadata.labels[$want[:$at]] == $want[$at + 1:]);
def fits: (.status.allocatable.cpu // 0 | quantity) >= wants("VLLM_COMMON_CPU_NR")
  and (.status.allocatable.memory // 0 | quantity) >= wants("VLLM_COMMON_CPU_MEM");

# accelerator_lines: $nodes_say is what nodes.jq makes of the settings: {accelerator, affinity} or {trouble}.
def accelerator_lines:
  wants("VLLM_COMMON_ACCELERATOR_NR") as $number
  | ($ARGS.named.models * wants("VLLM_COMMON_REPLICAS")) as $pods
  | $ARGS.named.nodes_say as $say
  | if $say.trouble then bad(4; "scenario"; "\($say.trouble[0]): \($say.trouble[1])"; $say.trouble[-1])
    elif $number == 0 then ok("scenario"; "\($pods) engine pods without an accelerator")
    else
      ([fact("nodes").items[] | select(may_run and has_label)] | map(. as $node | .status.allocatable[$say.accelerator] // 0 | quantity
        | {all: ., free: (taken($say.accelerator) as $taken | if $taken == null then . else . - ($taken[$node.metadata.name] // 0) end)})) as $nodes
      | ([$nodes[].free / $number | floor] | add // 0) as $room
      | "\($pods) engine pods with \($number) \($say.accelerator) each" as $what
      | if all($nodes[]; .all < $number) then
          bad(4; "scenario"; "\($what): no node has so many (at most \([$nodes[].all] | max // 0))";
            "set LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR to what a node has")
        elif $room < $pods then
          bad(4; "scenario"; "\($what): there is room for \($room) now";
            "wait for those that use them, or set LLMDBENCH_VLLM_COMMON_REPLICAS=\([$room, 1] | max)")
        else ok("scenario"; "\($what): there is room for \($room)") end
    end;

def size_lines:
  if unknown("nodes") or any(fact("nodes").items[]; may_run and has_label and fits) then empty
  else
    bad(4; "scenario";
      "no node has the \(cfg("VLLM_COMMON_CPU_NR")) CPUs and \(cfg("VLLM_COMMON_CPU_MEM")) of memory that an engine asks for";
      "set LLMDBENCH_VLLM_COMMON_CPU_NR and _CPU_MEM to what a node has")
  end;

# class_line: of the volumes that a standup makes.
def class_line:
  cfg("VLLM_COMMON_PVC_STORAGE_CLASS") as $name
  | if unknown("classes") then empty
    else
      (if $name | IN("", "NA", "default") then first(fact("classes").items[] | select(is_default)) // null
        else first(fact("classes").items[] | select(.metadata.name == $name)) // null end) as $class
      | "LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=\($name)" as $set
      | if $class == null then
          bad(4; "scenario";
            "\($set): there is no such class (there are: \([fact("classes").items[].metadata.name] | join(", ")))";
              "name one of them")
        elif $class | makes_volumes | not then
          bad(4; "scenario"; "\($set): nothing is known to make volumes of class \($class.metadata.name)";
            "name another class")
        elif ($class.provisioner | one_node) and cfg("VLLM_COMMON_PVC_ACCESSMODE") == "ReadWriteMany" then
          bad(4; "scenario";
            "LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteMany: class \($class.metadata.name) has no such volumes";
            "set it to ReadWriteOnce, or name a class of a network file system")
        else ok("scenario"; "volumes of class \($class.metadata.name), \(cfg("VLLM_COMMON_PVC_ACCESSMODE"))") end
    end;

# token_line: is there one where something is downloaded?
def token_line:
  if $ARGS.named.downloads | not then empty
  elif $ARGS.named.token then ok("scenario"; "a token of Hugging Face: LLMDBENCH_HF_TOKEN")
  elif unknown("secret") | not then
    if any(fact("secret")[]; . == cfg("VLLM_COMMON_HF_TOKEN_KEY")) then ok("scenario";
      "a token of Hugging Face: secret \(cfg("VLLM_COMMON_HF_TOKEN_NAME"))")
    else bad(3; "scenario";
      "secret \(cfg("VLLM_COMMON_HF_TOKEN_NAME")): it has no key \(cfg("VLLM_COMMON_HF_TOKEN_KEY"))";
        "set LLMDBENCH_VLLM_COMMON_HF_TOKEN_KEY") end
  else bad(3; "scenario"; "no token of Hugging Face, and models are downloaded from there";
    "export LLMDBENCH_HF_TOKEN") end;

def needs_lines:
  if chosen then (if unknown("nodes") then empty else accelerator_lines, size_lines end), class_line, token_line else empty end;
