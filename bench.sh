#!/usr/bin/env bash
# bench.sh: measure an LLM endpoint: one command from nothing to a report.
#
# Sets up what is missing, finds or starts the server, makes the run directory, runs the
# pipe, computes the results and tells.  Everything it does is a function of scripts/lib.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/scripts/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/plan.sh
. "$lib/plan.sh"
# shellcheck source=scripts/lib/cluster.sh
. "$lib/cluster.sh"
# shellcheck source=scripts/lib/measure.sh
. "$lib/measure.sh"
# shellcheck source=scripts/lib/resume.sh
. "$lib/resume.sh"
# shellcheck source=scripts/lib/inload.sh
. "$lib/inload.sh"
# shellcheck source=scripts/lib/inload_plan.sh
. "$lib/inload_plan.sh"

usage='{--local | --engine NAME | --url URL | --service NAME | --resume RUN} [OPTION...]'
about='Measures an OpenAI-compatible LLM server and writes a run directory with a report.'
options=(
	$'local\tmeasure the built-in simulated engine (--engine sim)'
	$'engine NAME\tstart an engine here and measure it: sim, llama, vllm'
	$'url URL\tmeasure the server at http://host:port'
	$'namespace N\tKubernetes namespace ($KVMINI_NAMESPACE, else default)'
	$'service NAME\tmeasure this InferenceService or Service of the cluster'
	$'via WAY\tway to the service: ingress, route, httproute, load-balancer, cluster-ip or port-forward'
	"${cluster_options[@]}"
	$'model M\tmodel name (default: the only one the server has)'
	$'model-uri URI\tdeploy this model first (needs a cluster)'
	$'skip-deploy\tuse the service that is already there'
	$'api-key-env NAME\tthe API key is in this environment variable'
	$'api-key-file FILE\tthe API key is in this file'
	$'cacert FILE\ttrust the certificates in this file'
	$'insecure\tdo not verify the server\'s certificate'
	$'http2\tspeak HTTP/2: by ALPN on https://, at once on http://'
	$'proxy URL\tgo through this proxy, instead of the environment\'s'
	$'compressed\task for compressed replies'
	"${load_options[@]}"
	"${cost_options[@]}"
	$'engine-arg ARG...\tan argument for the engine that is started: --engine-arg=--seed=3'
	$'output-dir DIR\twhere run directories go ($KVMINI_OUTPUT_DIR, else runs)'
	$'resume RUN\tcomplete an interrupted run'
	$'retry KINDS\twith --resume: send again what failed so: connect,stream'
	$'no-telemetry\tdo not sample the engine\'s /metrics and the GPUs during the run'
	$'j,processes N\tsend with N processes, to use as many cores (1)'
	$'dry-run\tcheck and show the plan and the commands; run nothing'
	$'yes\tinstall missing packages without asking'
)
notes='Exit status: 0 finished, 1 general error, 2 configuration, 3 network (or no request was ok),
4 resources, 5 a bound was missed, 130 interrupted.
Environment: LOG_LEVEL=DEBUG|INFO|WARN|ERROR, KVMINI_DEBUG=true|false, KVMINI_NAMESPACE, KVMINI_OUTPUT_DIR,
KVMINI_COST_CONFIG.'

# choose_target: set target to engine, url, service or resume, from exactly one flag.
choose_target() {
	[[ -z ${opt[local]-} || ${opt[engine]-sim} == sim ]] || bad_usage "--local means --engine sim, not --engine ${opt[engine]}"
	[[ -z ${opt[local]-} ]] || opt[engine]=sim
	local flag chosen=()
	for flag in engine url service resume; do
		[[ -z ${opt[$flag]-} ]] || chosen+=("$flag")
	done
	case "${chosen[*]}" in
	'') bad_usage "which server?  Give --local, --engine NAME, --url URL or --service NAME" ;;
	engine | service | resume) target=${chosen[0]} ;;
	url | 'url service') target=url ;; # of a service whose address is known
	'url resume') target=resume ;;     # the server has moved
	*)
		[[ -z ${opt[local]-} ]] || chosen=("${chosen[@]/#engine/local}") # as it was typed
		bad_usage "only one of ${chosen[*]/#/--}"
		;;
	esac
	[[ $target != engine || -x $top/setup/engines/${opt[engine]}.sh ]] || no_such_engine
	[[ $target == resume || -z ${opt[retry]-} ]] || bad_usage "--retry goes with --resume"
	check_cluster_options
	check_via
	[[ -z ${opt[kubeconfig]-} || -r ${opt[kubeconfig]} ]] || die 2 "--kubeconfig ${opt[kubeconfig]}: cannot be read"
	[[ -z ${opt["model-uri"]-} || -n ${opt["skip-deploy"]-} ]] || no_deploying
}

# check_via: is it a way to a Service?
check_via() {
	[[ -n ${opt[via]-} ]] || return 0
	nearest "${opt[via]}" "${ways[@]}"
	[[ " ${ways[*]} " == *" ${opt[via]} "* ]] ||
		bad_usage "--via ${opt[via]}: no such way${nearest:+; did you mean $nearest?} (there are: ${ways[*]})"
	[[ $target == service ]] || bad_usage "--via goes with --service"
}

# no_deploying: said in a plan, the end of a run.
no_deploying() {
	local why="bench.sh deploys no model"
	if $dry_run; then
		warn "--model-uri ${opt["model-uri"]}: $why; without --skip-deploy the run would end here"
	else
		trouble 3 "Service not ready" "--model-uri ${opt["model-uri"]}" "$why" \
			"Deploy the InferenceService, then measure it with --namespace, --service and --skip-deploy"
	fi
}

no_such_engine() {
	local names
	mapfile -t names < <(engine_names)
	nearest "${opt[engine]}" "${names[@]}"
	bad_usage "--engine ${opt[engine]}: no such engine${nearest:+; did you mean $nearest?} (there are: ${names[*]})"
}

# clean_up: whatever happened, nothing that was started here stays, and a directory without
# a run in it goes.
clean_up() {
	local status=$?
	trap - EXIT INT TERM HUP
	end_pipeline
	leave_load
	stop_telemetry
	stop_forward
	if [[ -n $run_dir ]]; then
		stop_engine
		leave_run
	fi
	exit "$status"
}

main() {
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	[[ -z ${opt["dry-run"]-} ]] || dry_run=true
	choose_target
	use_cluster
	set_up
	trap 'exit 130' INT TERM HUP
	trap clean_up EXIT
	command_line=("${called[@]}" "$@")
	case $target in
	resume) resume_run ;;
	*) measure ;;
	esac
}

main "$@"
