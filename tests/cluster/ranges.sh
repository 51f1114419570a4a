# shellcheck shell=bash
# ranges: the addresses of a test cluster: a cable between this machine and the node, pods, and Services.  Those of all
# eight slots are apart from each other, within the first of some /16 in which this machine has no route.

# The last ones are those that are set aside for measurements of networks: what is private may all be routed.
nets=(10.119 10.173 10.211 172.27 198.18 198.19)

# use_ranges NET SLOT: set the addresses and ranges.
use_ranges() {
	local x=$1 s=$2
	# shellcheck disable=SC2034 # each is used by a script of the cluster
	{
		cable=$x.$s.0/24 host_ip=$x.$s.1 node_ip=$x.$s.2
		pod_cidr=$x.$((16 + s)).0/24
		service_cidr=$x.$((128 + 16 * s)).0/20
		first_service_ip=$x.$((128 + 16 * s)).1 dns_ip=$x.$((128 + 16 * s)).10
	}
}

# bounds CIDR: set low and high, its first and its last address as numbers; one address is a range, too.
bounds() {
	local a b c d bits=${1#*/}
	[[ $1 == */* ]] || bits=32
	IFS=. read -r a b c d <<<"${1%/*}"
	low=$((((a << 24) + (${b:-0} << 16) + (${c:-0} << 8) + ${d:-0}) >> (32 - bits) << (32 - bits)))
	high=$((low + (1 << (32 - bits)) - 1))
}

# overlap CIDR CIDR
overlap() {
	local low high from to
	bounds "$1"
	from=$low to=$high
	bounds "$2"
	((low <= to && from <= high))
}

# taken: the ranges of this machine's routes and addresses, each with its route; the default one holds every address.
taken() {
	ip -4 route show table all | awk '{ to = $1 ~ /^[0-9]/ ? $1 : $2 } to ~ /^[0-9]/ && to !~ /^0.0.0.0/ { print to, $0 }'
}

# free_ranges SLOT: use those of the first net that collide with nothing, and set net; status 1 when all do.  What stands
# in the way of one is said.
free_ranges() {
	local to route mine routes
	routes=$(taken)
	for net in "${nets[@]}"; do
		use_ranges "$net" "$1"
		while read -r to route; do
			[[ -n $to ]] || continue
			for mine in "$cable" "$pod_cidr" "$service_cidr"; do
				if overlap "$mine" "$to"; then
					info "not the addresses of $net.0.0/16, since this machine has a route there: $route"
					continue 3
				fi
			done
		done <<<"$routes"
		return 0
	done
	return 1
}
