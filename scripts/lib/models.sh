# shellcheck shell=bash
# models: the list of models of a stack.  Needs base.

# shellcheck disable=SC2154 # top is base's

# models_json LIST: print the array of the models (models.jq) of a comma list.  No model, or one
# twice, ends the script: their objects would have one name.
models_json() {
	local entry entries seen=
	IFS=, read -r -d '' -a entries <<<"$1," || true # ends with the text, not with a NUL
	for entry in "${entries[@]}"; do
		entry=${entry//[[:space:]]/}
		[[ -n $entry ]] || continue
		[[ ,$seen, != *,"$entry",* ]] || die 2 "LLMDBENCH_DEPLOY_MODEL_LIST: $entry: twice"
		seen+=${seen:+,}$entry
	done
	[[ -n $seen ]] || die 2 'LLMDBENCH_DEPLOY_MODEL_LIST: no model: say -m MODEL,...'
	IFS=, read -r -a entries <<<"$seen"
	for entry in "${entries[@]}"; do
		one_model "$entry"
	done | jq -s .
}

# one_model ENTRY: the object of one.
one_model() {
	local modelid=${1//[\/.]/-} sum
	sum=$(printf '%s' "$modelid" | sha256sum)
	jq -n --arg entry "$1" --arg sum "$sum" -f "$top/scripts/lib/models.jq"
}
