# What PREPROCESS may call, in the pods below /setup/preprocess: the files of setup/preprocess, which come
# as named arguments of their names.
include "common";

{
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta("llm-d-benchmark-preprocesses-\(stack.id)"),
  data: ($ARGS.named | with_entries(select(.key | startswith("standalone-preprocess."))))
}
