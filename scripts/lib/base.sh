# shellcheck shell=bash
# base: what every script here begins with: $top, the programs on PATH, and the functions
# that tell, run, parse, install and explain.

[[ -z ${top-} ]] || return 0 # sourced before
shopt -s inherit_errexit     # $(...) stops at its first failure, too
top=$(cd -P "${BASH_SOURCE[0]%/*}/../.." && pwd)
export PATH=${TOKPIPE_BIN:-$top/bin}:${PATH:-/usr/local/bin:/usr/bin:/bin}
# What is on this machine is never asked for through a proxy.
no_proxy=${no_proxy-${NO_PROXY-}}
[[ $no_proxy == '*' ]] || export no_proxy=127.0.0.1,localhost,::1${no_proxy:+,$no_proxy}

# shellcheck source=scripts/lib/log.sh
. "$top/scripts/lib/log.sh"
# shellcheck source=scripts/lib/run.sh
. "$top/scripts/lib/run.sh"
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/deps.sh
. "$top/scripts/lib/deps.sh"
# shellcheck source=scripts/lib/trouble.sh
. "$top/scripts/lib/trouble.sh"
