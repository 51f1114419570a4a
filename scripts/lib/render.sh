# shellcheck shell=bash
# render: the manifests of a stack, as files of its work directory.  Needs base, $work with its
# environment/{settings,stack}.json, and cfg (settings.sh).

# shellcheck disable=SC2154 # top is base's, work that of work.sh

# render STEM PROGRAM [JQ-OPTION…]: write what setup/manifests/PROGRAM.jq makes to
# $work/setup/yamls/STEM.yaml (JSON, which is YAML); sets rendered to its path.
render() {
	local stem=$1 text
	shift
	mkdir -p "$work/setup/yamls"
	rendered=$work/setup/yamls/$stem.yaml
	text=$(manifest "$@")
	(printf '%s\n' "$text" >"$rendered.part") 2>/dev/null || die 4 "$rendered: cannot be written: is the disk full?"
	mv -- "$rendered.part" "$rendered"
}

# manifest PROGRAM [JQ-OPTION…]: print it.  A setting that makes none ends the script with status 2.
manifest() {
	local program=$1 files=()
	shift
	files_of "$program"
	jq -n -L "$top/setup/manifests" -L "$top/scripts/lib" --slurpfile settings "$work/environment/settings.json" \
		--slurpfile stack "$work/environment/stack.json" "${files[@]}" "$@" -f "$top/setup/manifests/$program.jq"
}

# files_of PROGRAM: fill files with the options that hand it the files it is made of.
files_of() {
	local file
	case $1 in
	preprocess)
		for file in "$top"/setup/preprocess/*; do
			files+=(--rawfile "${file##*/}" "$file")
		done
		;;
	deployment)
		file=${cfg[VLLM_STANDALONE_ARGS]-}
		[[ ! -f $file ]] || files+=(--rawfile args_file "$file")
		file=${cfg[VLLM_COMMON_ENVVARS_TO_YAML]-}
		[[ $file != */* ]] || env_file "$file"
		;;
	esac
}

# env_file FILE: hand on its list of variables, YAML.
env_file() {
	local json=$work/setup/scenario/envvars.json
	[[ -f $1 && -r $1 ]] || die 2 "LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML: $1: no such file"
	mkdir -p "${json%/*}"
	yaml2json "$1" >"$json"
	files+=(--slurpfile env_file "$json")
}
