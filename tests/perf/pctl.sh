#!/usr/bin/env bash
# pctl: how long p50, p90, p99 and the mean take pctl and others; prints a row for each, as JSON lines.
set -euo pipefail

main() {
	local here
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	PATH=${TOKPIPE_BIN:-$here/../../bin}:$PATH PY_REQUIREMENTS=$here/pctl-requirements.txt \
		exec "$here/../lib/py" "$here/pctl.py" "$@"
}

main "$@"
