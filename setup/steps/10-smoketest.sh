#!/usr/bin/env bash
# Step 10: does it serve?  Every pod of every model is asked for its models, then its Service, and that one for a token.
# The way there is the API server's own proxy, on a socket that only we can open: no pod, no image, no open port.
set -euo pipefail

# shellcheck source=scripts/lib/step.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib/step.sh"

PATIENCE=30 # seconds for what is not there yet: an endpoint, a route through the node
socket_dir=''
proxy=()       # PID START
http_status='' # of the last request
body=''        # and what came

step_check() {
	step_up
}

step_up() {
	local model
	! $dry_run || return 0
	trap close_proxy EXIT
	open_proxy
	for model in "${models[@]}"; do
		test_model "$(of_model "$model" name)" "$(of_model "$model" served)"
	done
}

open_proxy() {
	local command
	socket_dir=$(mktemp -d "${TMPDIR:-/tmp}/tokpipe-XXXXXX") || die 4 "${TMPDIR:-/tmp}: work files cannot be written there (TMPDIR)"
	command=("${kubectl[@]}" proxy --unix-socket="$socket_dir/s")
	note_command "${command[@]}"
	"${command[@]}" >"${noted}stdout.log" 2>"${noted}stderr.log" </dev/null &
	proxy=("$!" "$(started "$!")")
	wait_until 10 "kubectl proxy" test -S "$socket_dir/s" ||
		die 3 "kubectl proxy: it does not listen: $(tail -n 1 "${noted}stderr.log")"
}

close_proxy() {
	local status=$?
	trap - EXIT
	((${#proxy[@]} == 0)) || end_process "${proxy[@]}" 5
	[[ -z $socket_dir ]] || rm -rf "$socket_dir"
	exit "$status"
}

# ask PATH [CURL-OPTION…]: sets http_status (000: no answer) and body.
ask() {
	local path=/api/v1/namespaces/$namespace/$1
	shift
	debug "asking $path"
	body=$(curl -sS --unix-socket "$socket_dir/s" --max-time 60 -w '\n%{http_code}' "$@" "http://localhost$path" 2>&1) || true
	http_status=${body##*$'\n'}
	body=${body%$'\n'*}
}

# asked OBJECT PATH [CURL-OPTION…]: ask until there is an answer of the engine's; the API server's refusals are its own.
asked() {
	local object=$1 deadline=$((SECONDS + PATIENCE))
	shift
	while :; do
		ask "$@"
		[[ $http_status != 200 ]] || return 0
		if [[ $http_status == 403 && $body == *'"kind":"Status"'* ]]; then
			denied "$object" "$(jq -r '.message // "forbidden"' <<<"$body")"
		fi
		[[ $http_status == 000 || $http_status == 404 || $http_status == 50? ]] || return 0
		((SECONDS < deadline)) || return 0
		pause 1
	done
}

# test_model NAME MODEL
test_model() {
	local pod pods service="service $namespace/$1" port=${cfg[VLLM_COMMON_INFERENCE_PORT]}
	pods_of_model "$1"
	((${#pods[@]})) || trouble 3 "Service not ready" "deployment $namespace/$1" "it has no pod" \
		"Deploy it: setup/standup.sh with step 06"
	for pod in "${pods[@]}"; do
		serves "pod $namespace/$pod" "pods/$pod:$port/proxy" "$2"
	done
	serves "$service" "services/$1:80/proxy" "$2"
	completes "$service" "services/$1:80/proxy" "$2"
	info "model $2: ${#pods[@]} pods and the Service $1 serve it"
}

# serves OBJECT PATH MODEL: is it one of the models that it lists?
serves() {
	local served
	asked "$1" "$2/v1/models"
	[[ $http_status == 200 ]] || no_answer "$1" /v1/models
	served=$(jq -r '[.data[].id] | join(", ")' <<<"$body") ||
		trouble 3 "Service not ready" "$1" "what it answers to /v1/models is no list of models" "Check its port: LLMDBENCH_VLLM_COMMON_INFERENCE_PORT"
	jq -e --arg model "$3" 'any(.data[]; .id == $model)' <<<"$body" >/dev/null ||
		trouble 3 "Service not ready" "$1" "it serves $served, not $3" "Check -m, and that no other stack answers under this name"
}

# completes OBJECT PATH MODEL: one token.
completes() {
	asked "$1" "$2/v1/completions" -H 'Content-Type: application/json' \
		-d "$(jq -nc --arg model "$3" '{$model, prompt: "Hello", max_tokens: 1}')"
	case $http_status in
	200) ;;
	404 | 405)
		info "$1: it completes no text: not asked for a token"
		return
		;;
	*) no_answer "$1" /v1/completions ;;
	esac
	jq -e '.choices | length > 0' <<<"$body" >/dev/null ||
		trouble 3 "Service not ready" "$1" "its answer to /v1/completions has no choices" "Look at the engine's log"
}

no_answer() {
	trouble 3 "Service not ready" "$1" "$2: HTTP $http_status: $(head -c 300 <<<"$body" | tr '\n' ' ')" \
		"Look at the engine's log: kubectl logs -n $namespace"
}

# step_down: nothing was made.
step_down() {
	:
}

step_main "$@"
