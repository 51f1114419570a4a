#!/usr/bin/env bash
# Step 03: on OpenShift, that metrics of user workloads are collected.  It is a setting of the whole cluster: one that is
# there is left as it is, and who may not make it is told what to ask for.
set -euo pipefail

# shellcheck source=scripts/lib/step.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib/step.sh"

map=cluster-monitoring-config map_namespace=openshift-monitoring

# is_on: status 1 when the setting is not there, 2 when it is and says something else or may not be read.
is_on() {
	local status=0
	try get configmap "$map" -n "$map_namespace" -o json || status=$?
	((status == 0)) || return "$status"
	jq -e '.data["config.yaml"] // "" | test("enableUserWorkload:[ ]*true")' <<<"$answer" >/dev/null || return 2
}

step_check() {
	local status=0
	! has_api route.openshift.io || is_on || status=1
	return "$status"
}

step_up() {
	local status=0
	has_api route.openshift.io || return 0
	is_on || status=$?
	case $status in
	0) return ;;
	1) ;;
	*)
		warn "configmap $map_namespace/$map: it may not be read, or does not have enableUserWorkload: true:" \
			"without it the cluster's Prometheus does not see the engines"
		return
		;;
	esac
	render 03_cluster-monitoring-config_configmap monitoring
	note_command "${kubectl[@]}" "${server_side[@]}" -f "$rendered"
	attempt "${kubectl[@]}" "${server_side[@]}" -f "$rendered" </dev/null ||
		warn "configmap $map_namespace/$map: you may not make it (${complaint##*$'\n'}): ask an administrator," \
			"or live without the engines' metrics in the cluster's Prometheus"
}

step_down() {
	! has_api route.openshift.io || remove "$map_namespace" configmaps
}

step_main "$@"
