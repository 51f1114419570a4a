# shellcheck shell=bash
# target: which server is measured, by which model name, and whether it is there.
# Sets url, model, and models (the answer of /v1/models, or null).  Needs run_dir for engines.

# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"

url='' model='' models=null
answer='' http_status=''
connection=() engine='' engine_args=() note='' watcher=''

# clean_url URL: set url without a final slash, /v1 or the path of an API; a secret in it is refused.
clean_url() {
	url=${1%/}
	url=${url%/completions}
	url=${url%/chat}
	url=${url%/v1}
	[[ $url == http://?* || $url == https://?* ]] || die 2 "--url $1: expected http://HOST:PORT or https://HOST:PORT"
	[[ $url != *://*@* ]] || die 2 "--url: no user name or password in it: use --api-key-env or --api-key-file"
}

# connection_options: set connection to sendreq's options of trust and keys.  The key itself
# is on no command line.
connection_options() {
	local flag name=${opt["api-key-env"]-}
	connection=()
	for flag in insecure http2 compressed; do
		[[ -z ${opt[$flag]-} ]] || connection+=("--$flag")
	done
	[[ ${opt[proxy]-} != *@* ]] ||
		die 2 "--proxy: no user name or password in it: put such a URL into the environment (http_proxy, https_proxy)"
	[[ -z ${opt[proxy]-} ]] || connection+=(--proxy "${opt[proxy]}")
	for flag in cacert api-key-file; do
		[[ -n ${opt[$flag]-} ]] || continue
		[[ -r ${opt[$flag]} ]] || die 2 "--$flag ${opt[$flag]}: cannot be read"
		connection+=("--$flag" "${opt[$flag]}")
	done
	[[ -n $name ]] || return 0
	[[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || die 2 "--api-key-env: expected the name of a variable, not a key"
	[[ -z ${opt["api-key-file"]-} ]] || die 2 "--api-key-env and --api-key-file: only one of them"
	[[ -n ${!name-} ]] || die 2 "--api-key-env $name: not set, or empty"
	connection+=(--api-key-env "$name")
}

# auth_header: the header that carries the key, on stdout; nothing without a key.
auth_header() {
	local name=${opt["api-key-env"]-} key=''
	if [[ -n $name ]]; then
		key=${!name}
	elif [[ -n ${opt["api-key-file"]-} ]]; then
		read -r key <"${opt["api-key-file"]}" || true
	fi
	[[ -z $key ]] || printf 'Authorization: Bearer %s\n' "$key"
}

# ask URL [CURL-OPTION…]: set answer and http_status.  No server there ends the script.
ask() {
	local command=(curl -sS --connect-timeout 10 --max-time 60 -w '\n%{http_code}' "$@")
	[[ -z ${opt[insecure]-} ]] || command+=(--insecure)
	[[ -z ${opt[cacert]-} ]] || command+=(--cacert "${opt[cacert]}")
	[[ -z ${opt[proxy]-} ]] || command+=(--proxy "${opt[proxy]}")
	[[ -z ${opt[http2]-} ]] || case $url in
	https:*) command+=(--http2) ;;
	*) command+=(--http2-prior-knowledge) ;;
	esac
	debug "$(quoted "${command[@]}")"
	answer=$("${command[@]}" -H @<(auth_header) 2>&1) || no_connection "$url" "${answer%%$'\n'*}"
	http_status=${answer##*$'\n'}
	answer=${answer%$'\n'*}
	case $http_status in
	401 | 403) key_refused "$1" "HTTP $http_status" ;;
	429 | 500 | 502 | 503 | 504) trouble 3 "Service not ready" "$1" "HTTP $http_status" "Wait for the server to be ready" ;;
	esac
}

# ask_models: set models to what /v1/models answers, null where there is no such thing.
ask_models() {
	models=null
	ask "$url/v1/models"
	[[ $http_status != 40[45] && $http_status != 501 ]] || return 0
	jq -e '.data | type == "array"' <<<"$answer" >/dev/null 2>&1 ||
		die 3 "$url/v1/models: HTTP $http_status, but not a list of models: is this an OpenAI-compatible server?"
	models=$answer
}

# choose_model NAME: set model to --model, else NAME if there is one, else the only one the server has.
choose_model() {
	local ids
	mapfile -t ids < <(jq -r '(.data // [])[].id' <<<"$models")
	model=${opt[model]-$1}
	if [[ -n $model ]]; then
		[[ $models == null || " ${ids[*]} " == *" $model "* ]] ||
			warn "model $model: not in the list of $url/v1/models (${ids[*]})"
		return
	fi
	[[ $models != null ]] ||
		die 3 "$url/v1/models: not there: is this an OpenAI-compatible server?  If so, name the model with --model"
	case ${#ids[@]} in
	0) die 3 "$url/v1/models: no model: wait until one is loaded, or name it with --model" ;;
	1) model=${ids[0]} ;;
	*) die 2 "$url/v1/models: several models: choose one with --model: ${ids[*]}" ;;
	esac
}

# start_engine NAME: start it, with its log and state in the run directory; sets url.
start_engine() {
	local command=("$top/setup/engines/$1.sh" up --state "$run_dir/engine.state" --log "$run_dir/engine.log")
	engine=$1
	! $assume_yes || command+=(--yes)
	info "starting the engine: $1"
	url=$(run "${command[@]}" -- "${engine_args[@]}")
	# shellcheck disable=SC2034 # for the record
	note=$("$top/setup/engines/$1.sh" note)
	watch_engine &
	watcher=$!
}

# watch_engine: should this script be killed, the engine ends when what uses it is gone.  That
# one: by then a resumed run may have another in the same state file.
watch_engine() {
	local self sender start pid engine_start
	exec >/dev/null 2>&1 </dev/null 3>&-
	trap '' INT HUP
	trap 'exit 0' TERM
	trap - EXIT
	read -r pid engine_start _ <"$run_dir/engine.state"
	self=$(started "$$")
	while alive "$$" "$self"; do sleep 0.5; done
	while { read -r sender start <"$run_dir/sendreq.pid"; } && alive "$sender" "$start"; do sleep 0.5; done
	end_session "$pid" "$engine_start" 10
	[[ $(<"$run_dir/engine.state") != "$pid "* ]] || rm "$run_dir/engine.state"
}

stop_engine() {
	[[ -z $watcher ]] || kill "$watcher" 2>/dev/null || true
	watcher=''
	[[ -n $engine && -f $run_dir/engine.state ]] || return 0
	"$top/setup/engines/$engine.sh" down --state "$run_dir/engine.state" --log "$run_dir/engine.log"
	engine=''
}

engine_names() {
	local file
	for file in "$top"/setup/engines/*.sh; do
		file=${file##*/}
		printf '%s\n' "${file%.sh}"
	done
}
