# The namespace of the stack, or (--arg for harness) of the load.
include "common";

{
  apiVersion: "v1",
  kind: "Namespace",
  metadata: (meta(namespace) | del(.namespace))
}
