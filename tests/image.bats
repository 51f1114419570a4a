#!/usr/bin/env bats
# setup/image: the images' files run by themselves, packing gives the same bytes for the same files and documents that
# fit each other, and the simulated engine takes what an engine is told.
load lib/common

IMAGE=$TOP/setup/image

teardown() {
	local pid
	for pid in *.pid; do
		[ ! -e "$pid" ] || kill "$(<"$pid")"
	done
}

# unpacked ARCHIVE: into oci/, and set layer, config and manifest to the files there.
unpacked() {
	rm -rf oci
	mkdir oci
	tar -x -C oci -f "$1"
	manifest=oci/blobs/sha256/$(jq -r '.manifests[0].digest | sub("sha256:"; "")' oci/index.json)
	config=oci/blobs/sha256/$(jq -r '.config.digest | sub("sha256:"; "")' "$manifest")
	layer=oci/blobs/sha256/$(jq -r '.layers[0].digest | sub("sha256:"; "")' "$manifest")
}

# a_folder DIR: some files, made in another order and at another time each time.
a_folder() {
	mkdir -p "$1/bin"
	for file in $(shuf -e a b c d); do
		echo "$file" >"$1/bin/$file"
		touch -d "@$((RANDOM * 1000))" "$1/bin/$file"
	done
	ln -s a "$1/bin/link"
}

@test "pack: the same files give the same bytes, whenever and in whatever order they were made" {
	a_folder one
	a_folder two
	"$IMAGE/pack.sh" -- one one.tar localhost/x:1 /bin/a
	"$IMAGE/pack.sh" -- two two.tar localhost/x:1 /bin/a
	cmp one.tar two.tar
	echo other >two/bin/a
	"$IMAGE/pack.sh" -- two two.tar localhost/x:1 /bin/a
	run cmp one.tar two.tar
	is 1
}

@test "pack: each document names the next one by its digest and size, and what runs as whom" {
	a_folder one
	"$IMAGE/pack.sh" --user 65532:65532 --env PATH=/bin --env "A=b c" -- one one.tar localhost/x:1 /bin/sh -c 'echo "$1"'
	unpacked one.tar
	for file in oci/blobs/sha256/*; do
		same "${file##*/}  $file" "$(sha256sum "$file")"
	done
	[ "$(find oci/blobs -type f | wc -l)" = 3 ]
	same "$(stat -c %s "$layer")" "$(jq '.layers[0].size' "$manifest")"
	same "sha256:${layer##*/}" "$(jq -r '.rootfs.diff_ids[0]' "$config")"
	same '["/bin/sh","-c","echo \"$1\""]' "$(jq -c .config.Entrypoint "$config")"
	same '["PATH=/bin","A=b c"] 65532:65532' "$(jq -r '"\(.config.Env | tojson) \(.config.User)"' "$config")"
	same 'localhost/x:1' "$(jq -r '.manifests[0].annotations["io.containerd.image.name"]' oci/index.json)"
	run tar -tvf "$layer" --numeric-owner
	is 0 ' 0/0 ' 'link -> a'
	[[ $output != *" $(id -u)/$(id -g) "* || $(id -u) = 0 ]]
}

@test "pack: what is no folder, and a name without a tag, are 2" {
	mkdir one
	run --separate-stderr "$IMAGE/pack.sh" -- two x.tar localhost/x:1 /bin/a
	is 2 'two: not a folder'
	run --separate-stderr "$IMAGE/pack.sh" -- one x.tar localhost/x /bin/a
	is 2 'localhost/x: expected NAME:TAG'
	run --separate-stderr "$IMAGE/pack.sh" -- one x.tar
	is 2 'usage: pack.sh'
	[ ! -e x.tar ]
}

@test "rootfs: every program runs there, with nothing of this machine; the whole is below 40 MB" {
	unshare -r true 2>/dev/null || skip "no user namespaces here"
	"$IMAGE/rootfs.sh" root
	for program in "$TOP"/src/*.c; do
		program=$(basename "$program" .c)
		run unshare -r chroot root "/bin/$program" --version
		is 0 "$program (tokpipe)"
	done
	run unshare -r chroot root /bin/sh -c 'genload -n 2 -m m --max-tokens 2 | sha256sum; ls /'
	is 0 "$("$TOP/bin/genload" -n 2 -m m --max-tokens 2 | sha256sum)"
	[ ! -e root/bin/vllm ]
	"$IMAGE/pack.sh" -- root root.tar localhost/x:1 /bin/sh
	size=$(stat -c %s root.tar)
	echo "# note: image: $((size / 1000000)) MB" >&3
	((size < 40000000))
	run --separate-stderr "$IMAGE/rootfs.sh" root
	is 2 'root: is there already'
}

@test "rootfs: the simulated engine's has vllm and bash, which take what a stack starts an engine with" {
	unshare -r true 2>/dev/null || skip "no user namespaces here"
	"$IMAGE/rootfs.sh" --sim root
	run unshare -r chroot root /bin/bash -c 'x=1; echo "$x $0"; vllm --help' name
	is 2 '1 name' 'this is a simulator'
}

# vllm WORD…: setup/image/vllm in the background; sets url.
vllm() {
	"$IMAGE/vllm" "$@" >out 2>err 3>&- &
	echo $! >vllm.pid
	wait_for 10 grep -q http out
	url=$(grep -o -m 1 'http://[0-9.:]*' out)
}

@test "vllm: an engine's command starts a simulator of that model, which says what it has no use for" {
	LLMSIM_ARGS='--time-to-first-token 1ms --inter-token-latency 1ms' vllm serve facebook/opt-125m --enable-sleep-mode \
		--load-format auto --port 0 --max-model-len=100 --disable-log-requests --gpu-memory-utilization 0.95 \
		--tensor-parallel-size 1 --block-size 64 --max-num-batched-tokens 4096 --model-loader-extra-config '{"a": "b c"}'
	run curl -sS "${url/0.0.0.0/127.0.0.1}/v1/models"
	same facebook/opt-125m "$(jq -r '.data[].id' <<<"$output")"
	run curl -sS -d '{"model": "facebook/opt-125m", "prompt": "a", "max_tokens": 101}' "${url/0.0.0.0/127.0.0.1}/v1/completions"
	is 0 100
	same "vllm: simulated: without effect here: --enable-sleep-mode --load-format --disable-log-requests\
 --gpu-memory-utilization --tensor-parallel-size --max-num-batched-tokens --model-loader-extra-config" "$(<err)"
}

@test "vllm: a name that is served beats the model's, and no model is 2" {
	vllm serve facebook/opt-125m --served-model-name other --port 0
	run curl -sS "${url/0.0.0.0/127.0.0.1}/v1/models"
	same other "$(jq -r '.data[].id' <<<"$output")"
	run "$IMAGE/vllm" serve --port 0
	is 2 'a model is missing'
	run "$IMAGE/vllm" bench
	is 2 'this is a simulator'
}

@test "build: two archives with our names and version; a context for a container engine; where to has to be said" {
	run --separate-stderr "$IMAGE/build.sh" --archive a --context c
	is 0
	for name in tokpipe tokpipe-sim; do
		unpacked "a/$name.tar"
		same "localhost/tokpipe/$name:$("$TOP/bin/tokpipe" --version | awk '{ print $NF }')" \
			"$(jq -r '.manifests[0].annotations["io.containerd.image.name"]' oci/index.json)"
		same 65532:65532 "$(jq -r .config.User "$config")"
	done
	[ -x c/rootfs/bin/sendreq ]
	[ -x c/sim/vllm ]
	grep -q '^FROM scratch' c/Containerfile
	run --separate-stderr "$IMAGE/build.sh"
	is 2 'where to: --archive, --context, --load or --push'
	run --separate-stderr "$IMAGE/build.sh" --load elsewhere
	is 2 'elsewhere: expected kind, containerd, podman or docker'
	for where in kind podman; do
		run --separate-stderr env PATH=/usr/bin:/bin "$IMAGE/build.sh" --load "$where"
		! command -v "$where" || continue
		is 4 "--load $where: there is no $where here: install it, or use --archive"
	done
}

# registry: one on this machine, without TLS, for which it is known; sets port.
registry() {
	mkdir -p home/.config/containers
	for port in $((20000 + RANDOM % 10000)) $((20000 + RANDOM % 10000)) $((20000 + RANDOM % 10000)); do
		printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$PWD/reg" "$port" >reg.yml
		docker-registry serve reg.yml >reg.log 2>&1 3>&- &
		echo $! >registry.pid
		wait_for 20 eval 'grep -q "listening on" reg.log || ! kill -0 $!'
		! kill -0 $! || break
	done
	printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$port" >home/.config/containers/registries.conf
}

@test "push: a registry has both under its name and our version, as they were packed; another tool reads the archive" {
	version=$("$TOP/bin/tokpipe" --version | awk '{ print $NF }')
	registry
	run --separate-stderr env HOME="$PWD/home" "$IMAGE/build.sh" --archive a --push "127.0.0.1:$port/team"
	is 0 "pushed: 127.0.0.1:$port/team/tokpipe:$version" "pushed: 127.0.0.1:$port/team/tokpipe-sim:$version"
	for name in tokpipe tokpipe-sim; do
		packed=$(skopeo inspect --raw "oci-archive:a/$name.tar" | jq -r .config.digest)
		same "$packed" "$(curl -sS -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
			"http://127.0.0.1:$port/v2/team/$name/manifests/$version" | jq -r .config.digest)"
		# docker's own form, for those that know no other
		same "$packed" "$(skopeo inspect --raw "docker-archive:a/$name.tar" | jq -r .config.digest)"
	done
	run --separate-stderr env HOME="$PWD/home" "$IMAGE/build.sh" --push 127.0.0.1:1/team
	is 3 '127.0.0.1:1/team/tokpipe:' 'could not be pushed'
}
