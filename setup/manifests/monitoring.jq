# That OpenShift's Prometheus looks at the workloads of users, too.
include "common";

{
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: (meta("cluster-monitoring-config") | .namespace = "openshift-monitoring"),
	data: {"config.yaml": "enableUserWorkload: true\n"}
}
