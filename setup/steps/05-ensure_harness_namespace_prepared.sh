#!/usr/bin/env bash
# Step 05: where the load lives: namespace, service account and the volume of the results.  run.sh does it too, for a
# stack that it did not stand up.
set -euo pipefail

# shellcheck source=scripts/lib/step.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib/step.sh"

step_check() {
	is_there namespace "$harness_namespace" '' || return 1
	is_there pvc "${cfg[HARNESS_PVC_NAME]}" "$harness_namespace"
}

step_up() {
	if [[ $harness_namespace != "$namespace" ]]; then
		render 05_namespace namespace --arg for harness
		kube_apply "$rendered"
	fi
	make_account "${cfg[HARNESS_SERVICE_ACCOUNT]}" "$harness_namespace" 05_namespace_sa_rbac_secret --arg for harness
	render "05_pvc_${cfg[HARNESS_PVC_NAME]}" pvc --arg for harness
	make_claim "${cfg[HARNESS_PVC_NAME]}" "$harness_namespace"
}

step_down() {
	remove "$harness_namespace" "serviceaccounts" "app.kubernetes.io/name=${cfg[HARNESS_SERVICE_ACCOUNT]}"
}

step_main "$@"
