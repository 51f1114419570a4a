#!/usr/bin/env bash
# validate.sh: is this profile, with these flags, something bench.sh can run?  Exit status 2
# and every problem with its file, line and column when not; the resolved workload when so.
set -euo pipefail

lib=$(dirname "${BASH_SOURCE[0]}")/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/plan.sh
. "$lib/plan.sh"

# shellcheck disable=SC2034 # for the option parser
usage='[--profile P] [OPTION...]'
# shellcheck disable=SC2034
about='Checks a workload profile and flags of bench.sh; prints the workload they make, as JSON.'
options=("${load_options[@]}" $'yes\tinstall missing packages without asking')

main() {
	local workload
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option; did you mean --profile ${operands[0]}?"
	# shellcheck disable=SC2034 # for need_packages
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	set_up
	find_profile "${opt[profile]-standard}"
	workload=$(resolve_workload)
	out printf '%s\n' "$workload"
	info "$profile_file: valid"
}

main "$@"
