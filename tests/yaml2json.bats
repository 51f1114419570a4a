#!/usr/bin/env bats
# yaml2json: types, merging, settings, the schema, and where each problem is said to be.
load lib/common

PROFILES=$TOP/scenarios/profiles

# json INPUT EXPECTED
json() {
	run --separate-stderr yaml2json <<<"$1"
	is 0
	same "$2" "$output"
}

# wrong INPUT MESSAGE…: refused, with these messages, and nothing on stdout
wrong() {
	run --separate-stderr yaml2json <<<"$1"
	is 2 "${@:2}"
	same '' "$output"
}

# file NAME TEXT
file() {
	printf '%s\n' "$2" >"$1"
}

# config EXPECTED ARG…
config() {
	run --separate-stderr yaml2json "${@:2}"
	is 0
	same "$1" "$output"
}

# refused MESSAGE ARG…: exactly this on stderr
refused() {
	run --separate-stderr yaml2json "${@:2}"
	is 2
	same '' "$output"
	same "$1" "$stderr"
}

@test "scalars have YAML 1.2's types" {
	json '[null, Null, NULL, ~, {a: }, ""]' '[null,null,null,null,{"a":null},""]'
	json '[true, False, TRUE, yes, no, on, off, y, n]' '[true,false,true,"yes","no","on","off","y","n"]'
	json '[0, -1, +7, 007, 0o17, 0x1F, 0b1, 1_000, 1:30, 0x, 0o8]' \
		'[0,-1,7,7,15,31,"0b1","1_000","1:30","0x","0o8"]'
	json '[1e3, 0.8, .5, 1., -2.50, 1E-7, 1e, ., 1.2.3, 1e300]' \
		'[1000.0,0.8,0.5,1.0,-2.5,1e-07,"1e",".","1.2.3",1e+300]'
	json '[9223372036854775807, -9223372036854775808, 0x7FFFFFFFFFFFFFFF]' \
		'[9223372036854775807,-9223372036854775808,9223372036854775807]'
	json "['1', \"true\", '~', 2026-11-22]" '["1","true","~","2026-11-22"]'
	json $'a: |\n  x\n  y\nb: >-\n  x\n  y' '{"a":"x\ny\n","b":"x y"}'
	json '["\u00e9\x07\"\\", "é", "\U0001F600"]' '["é\u0007\"\\","é","😀"]'
	json '0.1' '0.1'
	json '[5e-324, 1.7976931348623157e308, 123456789.123456789, 0.30000000000000004]' \
		'[4.94065645841247e-324,1.7976931348623157e+308,123456789.12345679,0.30000000000000004]'
}

@test "types and documents as other readers of YAML 1.2 see them" {
	run --separate-stderr "${PY:-$TOP/tests/lib/py}" "$TOP/tests/oracle/yaml_types.py"
	is 0 'scalars' ', 0 wrong'
}

@test "tags" {
	json '[!!str 1, ! 2, !!int "3", !!float 4, !!bool "true", !!null "", !!seq [], !!map {}, !!str ~]' \
		'["1","2",3,4.0,true,null,[],{},"~"]'
	wrong '[1, !!int x]' '<stdin>:1:5: x: not an integer'
	wrong '!!float x' '<stdin>:1:1: x: not a number'
	wrong '!!bool yes' 'yes: not true or false'
	wrong '!!null 0' '0: not a null'
	wrong 'a: !point {x: 1}' '<stdin>:1:4: !point: an unknown tag'
	wrong 'a: !!binary aGk=' '<stdin>:1:4: tag:yaml.org,2002:binary: an unknown tag'
	wrong 'a: !!seq {}' '<stdin>:1:4: tag:yaml.org,2002:seq: an unknown tag, or not one of a map'
}

@test "keys are their text" {
	json '{1: a, true: b, ~: c, 1.0: d, "": e}' '{"1":"a","true":"b","~":"c","1.0":"d","":"e"}'
	json 'nvidia.com/gpu: 1' '{"nvidia.com/gpu":1}'
	json '{&k a: 1, b: *k}' '{"a":1,"b":"a"}'
	json $'- &k a\n- *k : 1' '["a",{"a":1}]'
	json '"<<": 1' '{"<<":1}'
}

@test "anchors and aliases" {
	json $'a: &x {q: [1]}\nb: *x\nc: [*x, *x]' '{"a":{"q":[1]},"b":{"q":[1]},"c":[{"q":[1]},{"q":[1]}]}'
	json '[&x 1, &x 2, *x]' '[1,2,2]'
	wrong 'a: [*x]' '<stdin>:1:5: *x: no such anchor before it'
	wrong 'a: &x [1, *x]' '<stdin>:1:11: *x: stands inside of what it refers to'
}

@test "aliases that multiply are refused in little memory" {
	local i
	{
		echo 'a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]'
		for i in {1..40}; do
			echo "a$i: &a$i [*a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1))]"
		done
	} >bomb.yaml
	# A sanitizer's shadow does not fit into a bounded address space.
	[[ -n ${TOKPIPE_BIN-} ]] || ulimit -v 200000
	run --separate-stderr yaml2json bomb.yaml
	is 2 'bomb.yaml:9:30: *a7: ' 'the aliases so far stand for more than 16 MiB'
	same '' "$output"
}

@test "nesting is bounded" {
	local open close
	open=$(printf '[%.0s' {1..100}) close=$(printf ']%.0s' {1..100})
	json "$open$close" "$open$close"
	wrong "[$open$close]" '<stdin>:1:101: more than 100 levels'
	wrong "[&a ${open:1}${close:1}, [[*a]]]" 'more than 100 levels'
	run --separate-stderr yaml2json <<<"$(head -c 1000000 /dev/zero | tr '\0' '[')"
	is 2 '<stdin>:1:101: more than 100 levels'
}

@test "what JSON cannot hold, and what is a mistake" {
	wrong '[1, .inf]' '<stdin>:1:5: .inf: JSON has no infinity and no NaN'
	wrong 'a: -.INF' '<stdin>:1:4: -.INF: '
	wrong 'a: .nan' '<stdin>:1:4: .nan: '
	wrong 'a: 1e999' "<stdin>:1:4: 1e999: a number beyond a double's range"
	wrong $'a: 1\nb: 9223372036854775808' '<stdin>:2:4: 9223372036854775808: an integer beyond 64 bits'
	wrong 'a: 0xFFFFFFFFFFFFFFFF' 'an integer beyond 64 bits'
	wrong $'a: 1\nb: 2\na: 3' '<stdin>:3:1: a: duplicate key (the first is at 1:1)'
	wrong '{x: {1: a, "1": b}}' '<stdin>:1:12: 1: duplicate key'
	wrong '{a: 1, ? [b] : 2}' '<stdin>:1:10: a key that is a list or a map'
	wrong '{? {b: 1} : 2}' 'a key that is a list or a map'
	wrong $'- &k [a]\n- *k : 1' '<stdin>:2:3: a key that is a list or a map'
	wrong $'?\n: 1' 'a key is missing'
	wrong $'a: &x {q: 1}\nb:\n  <<: *x' '<stdin>:3:3: <<: YAML 1.2 has no merge keys'
	wrong $'a: 1\n---\nb: 2' '<stdin>:2:1: a second document'
	wrong $'a: 1\n...\n---\nb: 2' '<stdin>:3:1: a second document'
	wrong 'a: "x\0y"' '<stdin>:1:4: a NUL character'
	wrong '{"x\0y": 1}' '<stdin>:1:2: a NUL character'
}

@test "what is not YAML, in libyaml's words" {
	wrong $'a: [1,\nb: 2\n' "did not find expected ',' or ']' (while parsing a flow sequence that starts in line 1)"
	wrong $'a:\n\t- b' '<stdin>:2:1: found character that cannot start any token (while scanning for the next token)'
	wrong $'a: 1\n b: 2' '<stdin>:2:3: mapping values are not allowed in this context'
	wrong $'a: "x' '<stdin>:2:1: found unexpected end of stream'
	wrong 'a: @x' '<stdin>:1:4: found character that cannot start any token'
	wrong $'a: é\nö: \xff' '<stdin>:2:4: invalid leading UTF-8 octet'
	wrong $'a: \x01' '<stdin>:1:4: control characters are not allowed'
	wrong $'%YAML 2.0\n---\na: 1' '<stdin>:1:1: found incompatible YAML document'
}

@test "columns count characters, in every file's own name" {
	file é.yaml $'é: {ü: 1, ü: 2}'
	refused 'yaml2json: é.yaml:1:11: ü: duplicate key (the first is at 1:5)' é.yaml
}

@test "a message holds no control characters and no endless values" {
	local long
	long=$(printf 'x%.0s' {1..500})
	run --separate-stderr yaml2json <<<"{\"\\e[31m$long\": 1, \"\\e[31m$long\": 2}"
	is 2 '?[31mxxx' 'xxx...: duplicate key'
	[[ $stderr != *$'\e'* ]]
	((${#stderr} < 200))
}

@test "nothing at all is null, and adds nothing" {
	json '' null
	json '# only a comment' null
	file a.yaml 'a: 1'
	file empty.yaml '# nothing'
	config '{"a":1}' a.yaml empty.yaml
	config '{"a":1}' empty.yaml a.yaml
	config '{"a":1,"b":2}' a.yaml - <<<'b: 2'
	printf 'a: 1' >no-newline.yaml
	printf 'a: 1\r\nb: [1,\r\n2]\r\n' >crlf.yaml
	printf '\xef\xbb\xbfa: 1\n' >bom.yaml
	config '{"a":1}' no-newline.yaml
	config '{"a":1,"b":[1,2]}' crlf.yaml
	config '{"a":1}' bom.yaml
}

@test "files merge from left to right" {
	file a.yaml $'m: {x: 1, y: {z: 1}}\nl: [1, 2]\ns: a\nn: {q: 1}'
	file b.yaml $'m: {y: {w: 2}, v: 3}\nl: [3]\ns: {t: 1}\nn: null\no: 5'
	config '{"m":{"x":1,"y":{"z":1,"w":2},"v":3},"l":[3],"s":{"t":1},"n":null,"o":5}' a.yaml b.yaml
	config '{"m":{"y":{"w":2,"z":1},"v":3,"x":1},"l":[1,2],"s":"a","n":{"q":1},"o":5}' b.yaml a.yaml
	config '[1]' a.yaml - <<<'[1]'
}

@test "extends: relative to the file that says it, the extending file wins" {
	mkdir -p base/deep
	file base/deep/one.yaml $'a: {x: 1, y: 1}\nl: [1]'
	file base/two.yaml $'extends: deep/one.yaml\na: {y: 2, z: 2}'
	file three.yaml $'a: {z: 3}\nextends: base/two.yaml\nb: 3'
	config '{"a":{"x":1,"y":2,"z":3},"l":[1],"b":3}' three.yaml
	file list.yaml $'extends: [base/deep/one.yaml, three.yaml]\nl: []'
	config '{"a":{"x":1,"y":2,"z":3},"l":[],"b":3}' list.yaml
	file absolute.yaml "extends: $PWD/base/two.yaml"
	config '{"a":{"x":1,"y":2,"z":2},"l":[1]}' absolute.yaml
	config '{"a":{"x":1,"y":2,"z":2},"l":[1]}' - <<<'extends: base/two.yaml'
	config '{"a":{"extends":"x"}}' - <<<'a: {extends: x}'
	file nothing.yaml 'extends: []'
	config '{}' nothing.yaml
}

@test "extends: circles, missing files and nonsense" {
	mkdir d
	file a.yaml $'x: 1\nextends: d/b.yaml'
	file d/b.yaml $'extends: ../a.yaml'
	refused 'yaml2json: d/b.yaml:1:10: extends: d/../a.yaml: a circle: this file is extended by itself' a.yaml
	ln -s self.yaml link.yaml
	file self.yaml 'extends: link.yaml'
	refused 'yaml2json: self.yaml:1:10: extends: link.yaml: a circle: this file is extended by itself' self.yaml
	file c.yaml $'b: 1\nextends: [none.yaml, 1, d]'
	refused $'yaml2json: c.yaml:2:11: extends: none.yaml: No such file or directory
yaml2json: c.yaml:2:22: extends: neither the name of a file nor a list of them
yaml2json: c.yaml:2:25: extends: d: Is a directory' c.yaml
	file list.yaml '[1]'
	file d.yaml 'extends: list.yaml'
	refused 'yaml2json: list.yaml:1:1: extended by another file, but not a map' d.yaml
	file e.yaml 'extends: {a: 1}'
	refused 'yaml2json: e.yaml:1:10: extends: neither the name of a file nor a list of them' e.yaml
	file broken.yaml $'a: 1\na: 2'
	file f.yaml 'extends: broken.yaml'
	refused 'yaml2json: broken.yaml:2:1: a: duplicate key (the first is at 1:1)' f.yaml
}

@test "extends: a lattice of files ends" {
	local i
	file 0.yaml 'x: 0'
	for i in {1..30}; do
		file "$i.yaml" "extends: [$((i - 1)).yaml, $((i - 1)).yaml]"
	done
	run --separate-stderr timeout 20 yaml2json 30.yaml
	is 2 'more than 1000 files'
	config '{"x":0}' 5.yaml
}

@test "--set" {
	file a.yaml $'a: {b: 1, n: null, l: [1], s: x}\n"p.q": 1'
	config '{"a":{"b":2,"n":null,"l":[1],"s":"x"},"p.q":1}' --set a.b=2 a.yaml
	config '{"a":{"b":1,"n":{"new":{"x":true}},"l":[1],"s":"x"},"p.q":2}' --set a.n.new.x=true --set 'p\.q=2' a.yaml
	config '{"a":{"b":1,"n":null,"l":"no","s":"x"},"p.q":1,"z":[1,{"y":0.8}]}' --set a.l=no --set 'z=[1, {y: 0.8}]' a.yaml
	config '{"a":{"b":3,"n":null,"l":[1],"s":"x"},"p.q":1}' --set a.b=2 --set a.b=3 a.yaml
	config '{"a":null,"p.q":1}' --set a= a.yaml
	config '{"k=v\\":{"":"1"}}' --set 'k\=v\\={"": "1"}' /dev/null
	config '{"x":"a=b=c"}' --set x=a=b=c - </dev/null
	config '{"x":"# 1"}' --set 'x="# 1"' - </dev/null
	config '{"x":{"y":{"z":1}}}' --set x.y.z=1 - </dev/null
}

@test "--set: problems, with the number of the setting and the column" {
	file a.yaml 'a: {l: [1], s: x}'
	refused $'yaml2json: --set:1:2: no value: write KEY.KEY=VALUE
yaml2json: --set:2:1: an empty key
yaml2json: --set:3:3: an empty key
yaml2json: --set:4:3: an empty key
yaml2json: --set:5:5: what stands above this key is a list, not a map
yaml2json: --set:6:5: what stands above this key is not a map
yaml2json: --set:7:3: a list or map in block style: quote it to make it a string, or write [...] or {...}
yaml2json: --set:8:3: a list or map in block style: quote it to make it a string, or write [...] or {...}
yaml2json: --set:9:6: .inf: JSON has no infinity and no NaN (quote it to make it a string)
yaml2json: --set:10:10: b: duplicate key (the first is at 10:4)' \
		--set x --set =1 --set a.=1 --set a..b=1 --set a.l.0=1 --set a.s.t=1 --set x='a: b' --set x='- b' \
		--set x=[1,.inf] --set 'é={b: 1, b: 2}' a.yaml
	refused 'yaml2json: --set:1:6: did not find expected node content (while parsing a flow node)' --set 'x=[1,' a.yaml
}

@test "usage" {
	run --separate-stderr yaml2json --shema x
	is 2 'yaml2json: --shema: unknown option (did you mean --schema?)' 'usage: yaml2json [--schema FILE]'
	run --separate-stderr yaml2json --set
	is 2 '--set: needs a value'
	run --separate-stderr yaml2json --help
	is 0 --schema --set
}

@test "missing files: all are named, nothing is written" {
	file a.yaml 'a: 1'
	refused $'yaml2json: none: No such file or directory\nyaml2json: .: Is a directory' none a.yaml .
	refused 'yaml2json: none: No such file or directory' --schema none a.yaml
	run --separate-stderr yaml2json --max-line 4 a.yaml
	is 2 'a.yaml: larger than --max-line'
	run --separate-stderr yaml2json --max-line 5 a.yaml
	is 0
}

@test "streams: a full disk, a closed stdin, a reader that left" {
	run --separate-stderr bash -c 'echo a: 1 | yaml2json >/dev/full'
	is 4 '<stdout>: No space left on device'
	run --separate-stderr bash -c 'echo a: 1 | yaml2json >&-'
	is 4 '<stdout>: '
	run --separate-stderr bash -c 'yaml2json <&-'
	is 2 '<stdin>: Bad file descriptor'
	# shellcheck disable=SC2016 # expanded by that bash
	run --separate-stderr bash -c 'head -c 10000000 /dev/zero | tr "\0" x | yaml2json | true; echo "${PIPESTATUS[2]}"'
	is 0
	same 141 "$output"
	same '' "$stderr"
}

@test "a large map is read and merged in no time" {
	seq 100000 | sed 's/.*/key&: &/' >big.yaml
	run --separate-stderr timeout 20 bash -c 'yaml2json big.yaml big.yaml | jq "length, .key99999"'
	is 0
	same $'100000\n99999' "$output"
}

@test "schema: every problem, where it was written" {
	file base.yaml $'load_test:\n  requests: ten\n  rate: 0'
	file bad.yaml 'extends: base.yaml
load_test:
  patern: burst
  pattern: stedy
  warmup_requests: 1.5
  seed: 1e3
request:
  stream: yes
  top_p: 0
  temperature: 3
  top_k: -2
  stop: [a, 1]
concurrency: 5
vllm_features: {gpu_memory_utilization: 1.1, anything: [1]}
resources: {limits: {nvidia.com/gpu: [1]}}
validation: {assert: x, max_error_rate: null, min_success_rate: 95}
slo: {ttf_ms: 1}
metadata: [1]
request_:'
	refused "yaml2json: base.yaml:2:13: load_test.requests: ten: a string, not an integer
yaml2json: base.yaml:3:9: load_test.rate: 0: must be more than 0
yaml2json: bad.yaml:3:3: load_test.patern: unknown key (did you mean pattern?)
yaml2json: bad.yaml:4:12: load_test.pattern: stedy: not one of steady, burst, ramp (did you mean steady?)
yaml2json: bad.yaml:5:20: load_test.warmup_requests: 1.5: a number, not an integer
yaml2json: bad.yaml:6:9: load_test.seed: 1e3: a number, not an integer (write 1000)
yaml2json: --set:1:11: load_test.sed: unknown key (did you mean seed?)
yaml2json: bad.yaml:8:11: request.stream: yes: a string, not a boolean (write true or false)
yaml2json: bad.yaml:9:10: request.top_p: 0: must be more than 0
yaml2json: bad.yaml:10:16: request.temperature: 3: must be at most 2
yaml2json: bad.yaml:11:10: request.top_k: -2: must be at least -1
yaml2json: bad.yaml:12:13: request.stop[1]: 1: an integer, not a string
yaml2json: bad.yaml:13:1: concurrency: unknown key here (did you mean load_test.concurrency?)
yaml2json: bad.yaml:14:41: vllm_features.gpu_memory_utilization: 1.1: must be at most 1
yaml2json: bad.yaml:15:38: resources.limits.nvidia\\.com/gpu: a list, not a number or a string
yaml2json: bad.yaml:16:22: validation.assert: x: a string, not a list
yaml2json: bad.yaml:16:65: validation.min_success_rate: 95: must be at most 1
yaml2json: bad.yaml:17:7: slo.ttf_ms: unknown key (did you mean ttfb_ms?)
yaml2json: bad.yaml:18:11: metadata: a list, not a map
yaml2json: bad.yaml:19:1: request_: unknown key (did you mean request?)
yaml2json: --set:2:8: tags.x: null, not a boolean or a number or a string" \
		--schema "$PROFILES/schema.yaml" --set load_test.sed=3 --set tags.x= bad.yaml
}

@test "schema: types, values and shorthands" {
	file s.yaml $'keys:\n  i: integer\n  v: {values: [1, a, true], null: true}\n  m: {other: string}
  l: {items: {type: [list, boolean]}}\n  o: {type: map}\n  x:\n  y: {above: 0}\n  n: {type: integer, max: 3}'
	sed -i '/^  x:$/d' s.yaml
	config '{"i":1,"v":1.0,"m":{"a":"b"},"l":[true,[1]],"o":{"p":{}},"y":0.1,"n":-5}' --schema s.yaml - \
		<<<'{i: 1, v: 1.0, m: {a: b}, l: [true, [1]], o: {p: {}}, y: 0.1, n: -5}'
	config '{"v":null}' --schema s.yaml - <<<'v: null'
	config null --schema s.yaml /dev/null
	refused $'yaml2json: <stdin>:1:5: i: null, not an integer
yaml2json: <stdin>:1:11: v: b: not one of 1, a, true (did you mean 1?)
yaml2json: <stdin>:1:21: m.a: 1: an integer, not a string
yaml2json: <stdin>:1:29: l[0]: null, not a boolean or a list
yaml2json: <stdin>:1:36: o: a list, not a map
yaml2json: <stdin>:1:43: n: 4: must be at most 3' \
		--schema s.yaml - <<<'{i: ~, v: b, m: {a: 1}, l: [~], o: [], n: 4}'
	refused 'yaml2json: <stdin>:1:1: a list, not a map' --schema s.yaml - <<<'[1]'
}

@test "schema: its own mistakes" {
	file s.yaml $'keys:\n  a: {tpye: string}\n  b: {type: strng}\n  c: {type: [string, [x]]}\n  d: {values: 1}
  e: {min: x}\n  f: 1\n  g: {null: 1}\n  h: {keys: []}\n  i: {values: [[1]]}\n  j: {type: []}\n  k: {other: {items: 5}}
  l:'
	refused 'yaml2json: s.yaml:2:7: keys.a.tpye: unknown word in a schema (did you mean type?)
yaml2json: s.yaml:3:13: keys.b.type: strng: no such type (did you mean string?)
yaml2json: s.yaml:4:22: keys.c.type: not the name of a type
yaml2json: s.yaml:5:15: keys.d.values: not a list
yaml2json: s.yaml:6:12: keys.e.min: not a number
yaml2json: s.yaml:7:6: keys.f: neither the name of a type nor a map
yaml2json: s.yaml:8:13: keys.g.null: neither true nor false
yaml2json: s.yaml:9:13: keys.h.keys: not a map
yaml2json: s.yaml:10:16: keys.i.values: a value that is a list or a map
yaml2json: s.yaml:11:13: keys.j.type: not the name of a type
yaml2json: s.yaml:12:22: keys.k.other.items: neither the name of a type nor a map
yaml2json: s.yaml:13:5: keys.l: neither the name of a type nor a map' --schema s.yaml /dev/null
}

@test "the shipped profiles keep to the schema" {
	local profile
	for profile in "$PROFILES"/*.yaml; do
		[[ $profile != */schema.yaml ]] || continue
		run --separate-stderr yaml2json --schema "$PROFILES/schema.yaml" "$profile"
		is 0
		same "$(basename "$profile" .yaml)" "$(jq -r .metadata.name <<<"$output")"
	done
	run yaml2json "$PROFILES/standard.yaml"
	same '[200,10,null,100,true,0.8,0.9]' \
		"$(jq -c '[.load_test[("requests", "concurrency", "duration_seconds")], .request[("max_tokens", "stream", "temperature", "top_p")]]' <<<"$output")"
	run yaml2json "$PROFILES/burst.yaml"
	same '["burst",null,50,120,10]' \
		"$(jq -c '[.load_test[("pattern", "requests", "concurrency", "duration_seconds", "warmup_requests")]]' <<<"$output")"
}

@test "the documented profile is valid as it stands" {
	run --separate-stderr yaml2json --schema "$PROFILES/schema.yaml" "$DATA/yaml/documented.yaml"
	is 0
	same '' "$stderr"
	same '["1.0",null,1,0.9,1000]' "$(jq -c '[.metadata.version, .vllm_features.quantization,
		.resources.limits."nvidia.com/gpu", .vllm_features.gpu_memory_utilization, .validation.max_p95_latency_ms]' <<<"$output")"
}
