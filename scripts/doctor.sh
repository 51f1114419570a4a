#!/usr/bin/env bash
# doctor.sh: can a stack be stood up, measured and removed from here?  Each line says what is right, what will be missing
# (warn) and what will fail (bad), and how to mend it.  It changes nothing, here and in the cluster.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib
# shellcheck source=scripts/lib/base.sh
. "$lib/base.sh"
# shellcheck source=scripts/lib/stackflags.sh
. "$lib/stackflags.sh"
# shellcheck source=scripts/lib/facts.sh
. "$lib/facts.sh"

usage='[OPTION...]'
about='Says what this machine and a Kubernetes cluster lack for a stack to be stood up, measured and removed.'
notes='Exit status: 0 nothing is bad, 2 usage or settings, 3 a tool, the cluster, a right or a token is missing, 4 only resources are,
130 interrupted.  Nothing is changed.'
PROGRAMS=(genload sendreq tokstat pctl runsum tokview muster yaml2json)
scratch=''
lines=() # STATUS<TAB>SECTION<TAB>WHAT<TAB>MEND<TAB>EXIT

clean_up() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	stop_asking
	[[ -z $scratch ]] || rm -rf "$scratch"
	exit "$status"
}

# say ok|warn|bad SECTION WHAT [MEND [EXIT]]
say() {
	lines+=("$1"$'\t'"$2"$'\t'"$3"$'\t'"${4-}"$'\t'"${5-0}")
}

# look_at_tools: what has to be on this machine.
look_at_tools() {
	local package kcmd=${LLMDBENCH_CONTROL_KCMD:-kubectl}
	! type -P jq >/dev/null || say ok tools "jq: $(jq --version)"
	while read -r package; do
		if [[ $package == jq ]]; then
			say bad tools "jq: not installed: nothing else can be looked at" "apt-get install jq" 3
		else
			say warn tools "package $package: not installed" "apt-get install $package; bench.sh and standup.sh do it by themselves"
		fi
	done < <(missing_packages run)
	look_at_programs
	if type -P "$kcmd" >/dev/null; then
		say ok tools "$kcmd: $("$kcmd" version --client 2>/dev/null | sed -n 's/^Client Version: *//p')"
	else
		say bad tools "$kcmd: not installed" "install it: https://kubernetes.io/docs/tasks/tools/" 3
	fi
	if type -P helm >/dev/null; then
		say ok tools "helm: $(helm version --short 2>/dev/null)"
	else
		say warn tools "helm: not installed: nothing that comes as a chart can be" "https://helm.sh/docs/intro/install"
	fi
}

# look_at_programs: ours, all of one version.
look_at_programs() {
	local name version wrong=0
	version=$(program_version)
	for name in "${PROGRAMS[@]}"; do
		if ! type -P "$name" >/dev/null; then
			say warn tools "$name: not built" "make; bench.sh and standup.sh do it by themselves"
		elif [[ $("$name" --version 2>/dev/null) != "$name (tokpipe) $version" ]]; then
			say warn tools "$name: not of version $version" "make"
		else
			continue
		fi
		wrong=1
	done
	((wrong)) || say ok tools "tokpipe: $version"
}

# choose: sets kubectl and context; status 1 when there is none.
choose() {
	kubectl=("${cfg[CONTROL_KCMD]}")
	context=${opt[context]-}
	if [[ ${cfg[CLUSTER_URL]} != auto && -z $context ]]; then
		context_of_url
		return
	fi
	[[ -n $context ]] || context=$("${kubectl[@]}" config current-context 2>/dev/null) || return 1
	kubectl+=(--context "$context")
}

# look_at_cluster: nothing of it is asked when nobody answers.
look_at_cluster() {
	local status=0 why
	if ! type -P "${cfg[CONTROL_KCMD]}" >/dev/null; then
		say bad cluster "it cannot be asked without ${cfg[CONTROL_KCMD]}" "install that" 3
		return
	fi
	choose || status=$?
	if ((status)); then
		why_no_context
		say bad cluster "none is chosen: $why" \
			"kubectl config use-context NAME, --kubeconfig FILE, or set LLMDBENCH_CLUSTER_URL and _TOKEN" 3
		return
	fi
	ask_first
	if ! is_known server; then
		no_answer
		return
	fi
	[[ -n $server ]] || server=$("${kubectl[@]}" config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
	say ok cluster "$server answers${context:+ (context $context)}"
	ask_all
	diagnose
}

# no_answer: why, and what helps.
no_answer() {
	local mend="check the network and the kubeconfig: kubectl cluster-info" reason
	reason=$(jq -r .error "$facts/server.json")
	case $reason in
	*'does not exist'* | *'not found'*) mend="choose one of: kubectl config get-contexts" ;;
	*Unauthorized* | *'logged in'* | *'credentials'*) mend="log in again: the token or certificate is not taken" ;;
	*x509*) mend="take the cluster's own certificate into the kubeconfig (certificate-authority)" ;;
	esac
	say bad cluster "${context:+context $context: }no answer: ${reason#[Ee]rror: }" "$mend" 3
}

# diagnose: doctor.jq's lines of what was answered.
diagnose() {
	local nodes_say='{}' made token=false downloads=false settings=$work/environment/settings.json
	all_facts >"$scratch/facts"
	models=()
	if $chosen; then
		mapfile -t models < <(models_json "${cfg[DEPLOY_MODEL_LIST]}" | jq -c '.[]')
		! downloads || downloads=true
		[[ -z ${LLMDBENCH_HF_TOKEN-} ]] || token=true
		! is_known nodes || nodes_say=$(jq -L "$lib" -f "$lib/nodes.jq" --arg resource "${cfg[VLLM_COMMON_ACCELERATOR_RESOURCE]}" \
			--arg affinity "${cfg[VLLM_COMMON_AFFINITY]}" --arg number "${cfg[VLLM_COMMON_ACCELERATOR_NR]}" "$facts/nodes.json")
	fi
	made=$(jq -rn -L "$lib" --slurpfile facts "$scratch/facts" --slurpfile settings "$settings" --rawfile table "$lib/rights.tsv" \
		--arg stack "$namespace" --arg load "$harness_namespace" --argjson chosen "$chosen" --argjson models "${#models[@]}" \
		--argjson downloads "$downloads" --argjson token "$token" --argjson nodes_say "$nodes_say" \
		"$(<"$lib/doctor.jq") | .[] | [.status, .section, .what, .mend // \"\", .exit | tostring] | join(\"\\t\")")
	mapfile -t -O "${#lines[@]}" lines <<<"$made"
}

# show: the lines, for people or as one JSON object; the status is the exit status that they make.
show() {
	local line status section what mend code worst=0
	for line in "${lines[@]}"; do
		code=${line##*$'\t'}
		((worst == 3 || code == 0)) || worst=$code
	done
	if [[ -n ${opt[json]-} ]]; then
		type -P jq >/dev/null || die 4 "--json: jq is not installed"
		printf '%s\n' "${lines[@]}" |
			out jq -Rn --argjson exit "$worst" --arg context "$context" --arg server "$server" -f "$lib/doctor_json.jq"
	else
		out text
	fi
	return "$worst"
}

text() {
	for line in "${lines[@]}"; do
		IFS=$'\x1f' read -r status section what mend code <<<"${line//$'\t'/$'\x1f'}"
		printf '%-4s  %-9s  %s%s\n' "$status" "$section" "$what" "${mend:+  → $mend}"
	done
}

main() {
	local chosen=false
	stack_options doctor
	options+=($'context NAME\tthe context of the kubeconfig' $'kubeconfig FILE\tthe kubeconfig' $'json\tone JSON object')
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option; did you mean -c ${operands[0]}?"
	flag_values
	[[ -z ${opt[kubeconfig]-} ]] || export KUBECONFIG=${opt[kubeconfig]}
	[[ ! -v opt[kubeconfig] || -r $KUBECONFIG ]] || die 2 "--kubeconfig: $KUBECONFIG: cannot be read"
	trap 'exit 130' INT TERM HUP
	trap clean_up EXIT
	scratch=$(mktemp -d) || die 4 "${TMPDIR:-/tmp}: work files cannot be written there (TMPDIR)"
	facts=$scratch/answers
	mkdir "$facts"
	look_at_tools
	if type -P jq >/dev/null; then
		over[CONTROL_WORK_DIR]=$scratch/work over[CONTROL_DRY_RUN]=0
		resolve_settings doctor
		identify_stack
		[[ -z $scenario_file && ${origin[DEPLOY_METHODS]} == default ]] || chosen=true
		! $chosen || check_methods standup
		look_at_cluster
	fi
	show
}

main "$@"
