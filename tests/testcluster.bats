#!/usr/bin/env bats
# The test cluster (tests/cluster) where there is none: its addresses collide with nothing, and what keeps one from being
# made is said in a line, before anything is.
load lib/common

CLUSTER=$TOP/tests/cluster

# ranges COMMAND…: with the functions of ranges.sh.
ranges() {
	run --separate-stderr bash -c '. "$1/scripts/lib/log.sh"; . "$1/tests/cluster/ranges.sh"; shift; "$@"' ranges "$TOP" "$@"
}

all_ranges() {
	local net slot
	for net in "${nets[@]}"; do
		for slot in {0..7}; do
			use_ranges "$net" "$slot"
			printf '%s\n' "$net $cable $pod_cidr $service_cidr $host_ip $node_ip $first_service_ip $dns_ip"
		done
	done
}
export -f all_ranges

@test "addresses: nothing of the eight clusters overlaps, each in its net; a machine's own addresses are in its ranges" {
	ranges all_ranges
	is 0
	echo "$output" >all
	python3 - <<'END'
import ipaddress as ip
seen = {}
for line in open("all"):
    net, cable, pods, services, *own = line.split()
    ranges = [ip.ip_network(r) for r in (cable, pods, services)]
    for r in ranges:
        assert r.subnet_of(ip.ip_network(net + ".0.0/16")), line
        for other in seen.setdefault(net, []):
            assert not r.overlaps(other), (r, other)
        seen[net].append(r)
    assert [next(i for i, r in enumerate(ranges) if ip.ip_address(a) in r) for a in own] == [0, 0, 2, 2], line
assert len(seen) >= 5 and all(len(r) == 24 for r in seen.values())
END
}

# overlaps: for each line "A B": yes or no.
overlaps() {
	local a b
	while read -r a b; do
		if overlap "$a" "$b"; then echo yes; else echo no; fi
	done
}
export -f overlaps

@test "addresses: what overlaps, as another one computes it" {
	python3 - <<'END'
import ipaddress as ip, random
random.seed(3)
def some():
    bits = random.choice((0, 1, 8, 9, 15, 16, 20, 24, 31, 32))
    address = random.choice((10 << 24, 0)) | random.getrandbits(random.choice((16, 24, 32)))
    return ip.ip_network((address & 0xffffffff, bits), strict=False)
with open("pairs", "w") as pairs, open("want", "w") as want:
    for _ in range(400):
        a, b = some(), some()
        print(a, b if b.prefixlen < 32 else b.network_address, file=pairs)
        print("yes" if a.overlaps(b) else "no", file=want)
END
	ranges overlaps <pairs
	is 0
	same "$(<want)" "$output"
	[ "$(sort -u want | wc -l)" = 2 ]
}

# with_routes SLOT: free_ranges, where the machine's routes are those on stdin.
with_routes() {
	local given
	given=$(cat)
	# shellcheck disable=SC2317 # free_ranges calls it
	ip() {
		printf '%s\n' "$given"
	}
	free_ranges "$1" && echo "$net $service_cidr"
}
export -f with_routes

@test "addresses: a net that the machine has a route in is passed over, and said; other slots' routes are none" {
	ranges with_routes 3 <<-'END'
		default via 192.0.2.1 dev eth0
		10.119.2.0/24 dev tokpipe2 proto kernel scope link src 10.119.2.1
		unreachable 10.119.160.0/20 metric 5000
		local 127.0.0.0/8 dev lo table local
	END
	is 0 '10.119 10.119.176.0/20'
	same '' "$stderr"
	ranges with_routes 3 <<-'END'
		10.119.176.0/24 dev docker0 scope link
		local 10.173.3.7 dev eth1 table local proto kernel
		10.211.0.0/16 via 10.1.1.1 dev eth2
	END
	is 0 '172.27 ' 'this machine has a route there: 10.119.176.0/24 dev docker0' 'route there: local 10.173.3.7 dev eth1'
	ranges with_routes 0 <<-'END'
		10.0.0.0/8 dev tun0
		172.16.0.0/12 dev tun0
	END
	is 0 198.18
	ranges with_routes 0 <<-'END'
		128.0.0.0/1 dev tun0
		10.0.0.0/8 dev tun0
	END
	is 1
}

@test "who is not root is told so; the tests are skipped, for a reason" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$CLUSTER/check.sh"
	is 0
	same 'ok 1 cluster # SKIP a cluster needs root' "$output"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$CLUSTER/rights.sh"
	is 4 'made by root only'
}

@test "root of a container without rights: one line, status 4, and nothing is made" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	run --separate-stderr setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$CLUSTER/rights.sh"
	is 4 'rights.sh: no right to make namespaces (unshare: unshare failed: Operation not permitted)' CAP_SYS_ADMIN
	same 1 "$(wc -l <<<"$stderr")"
	run --separate-stderr setpriv --bounding-set -net_admin --inh-caps -net_admin "$CLUSTER/rights.sh"
	is 4 'rights.sh: no right to make a pair of network devices' 'Operation not permitted'
	same 1 "$(wc -l <<<"$stderr")"
}

@test "a slot that there is not, a cluster that is not built, one that is there already" {
	CLUSTER_SLOT=8 run --separate-stderr "$CLUSTER/up.sh"
	is 2 'CLUSTER_SLOT: 8: expected a number from 0 to 7'
	CLUSTER_DIR=$PWD/c XDG_CACHE_HOME=$PWD run --separate-stderr "$CLUSTER/up.sh" --api-only
	is 4 'the cluster is not built yet: run ' prepare.sh
	[ ! -e c ]
}

# prepare OPTION…: with a cache of its own, and these words before it.
prepare() {
	run --separate-stderr env XDG_CACHE_HOME="$PWD/cache" GOMODCACHE="$PWD/mod" "$@" "$CLUSTER/prepare.sh" --yes
}

# nothing_kept: of what was begun only the locks are there.
nothing_kept() {
	same '' "$(find cache/tokpipe -mindepth 1 ! -name '*.lock')"
}

@test "what cannot be downloaded: status 3, in a line, and nothing half is kept" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	prepare unshare --net
	is 3 'check the network'
	[[ ${stderr##*$'\n'} == prepare.sh:*'check the network'* ]]
	nothing_kept
}

@test "interrupted while it builds: nothing half is kept, and the next one begins anew" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	mkdir go
	printf '#!/bin/sh\ncase $* in *GOVERSION*) echo go9.9 ;; *download*) touch began; exec sleep 60 ;; esac\n' >go/go
	chmod +x go/go
	XDG_CACHE_HOME=$PWD/cache PATH=$PWD/go:$PATH setsid "$CLUSTER/prepare.sh" --yes 2>log 3>&- &
	wait_for 30 test -e began
	ls -d cache/tokpipe/kubernetes-*.part
	kill -TERM -- "-$!"
	wait "$!" && status=0 || status=$?
	is 130
	nothing_kept
}
