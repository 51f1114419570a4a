# nodes: what auto means on these nodes (kubectl get nodes -o json): {accelerator, affinity}, or {trouble: [OBJECT, REASON,
# HELP…]} when they have nothing of it, two kinds of it, or not the label that was asked for.
# $resource, $affinity and $number are the settings of the same names; a number of 0 asks for no accelerator.

include "accelerators";

.items as $nodes
| ($number != "0" and $number != "NA") as $wanted
| [$nodes[] | .status.allocatable // {} | to_entries[] | select((.key | test(accelerators)) and .value != "0") | .key]
| unique as $kinds
| [$nodes[] | "node \(.metadata.name): " + ([.status.allocatable // {} | to_entries[] | select(.key | contains("/")) | "\(.key) \(.value)"]
	| if . == [] then "no accelerator" else join(", ") end)] as $having
| (if $resource != "auto" then $resource elif $wanted then $kinds[0] else null end) as $accelerator
# each node's label of what its accelerator is, the first of those names that it has
| [$nodes[] | select($accelerator == null or (.status.allocatable[$accelerator] // "0") != "0") | .metadata.labels // {}
	| [product_labels as $name | select(.[$name]) | "\($name):\(.[$name])"] | first // empty]
| unique as $products
| if $resource == "auto" and $wanted and ($kinds | length) != 1 then
	{trouble: ["LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE=auto",
		(if $kinds == [] then "no node has an accelerator" else "nodes have different ones: \($kinds | join(", "))" end),
		$having[], "Name one, or set LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR=0 for engines that need none"]}
elif $affinity == "auto" and $wanted and ($products | length) != 1 then
	{trouble: ["LLMDBENCH_VLLM_COMMON_AFFINITY=auto",
		(if $products == [] then "no node says which accelerator it has" else "nodes have different ones: \($products | join(", "))" end),
		($nodes[] | "node \(.metadata.name): \([.metadata.labels // {} | to_entries[] | "\(.key):\(.value)"] | join(" "))"),
		"Name a label as LABEL:VALUE, or NA for any node"]}
elif ($affinity | IN("auto", "", "NA") | not) and ($affinity | contains(":"))
	and ($affinity | index(":") as $at | [.[:$at], .[$at + 1:]] | . as [$key, $value]
		| any($nodes[]; .metadata.labels[$key] == $value) | not) then
	{trouble: ["LLMDBENCH_VLLM_COMMON_AFFINITY=\($affinity)", "no node has that label",
		($nodes[] | "node \(.metadata.name): \([.metadata.labels // {} | to_entries[] | "\(.key):\(.value)"] | join(" "))"),
		"Name a label that is there, or NA for any node"]}
else
	{accelerator: $accelerator,
	affinity: (if $affinity == "auto" then (if $wanted then $products[0] else "" end) else $affinity end)}
end
