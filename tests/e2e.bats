#!/usr/bin/env bats
# e2e.sh where there is no cluster: which scripts it calls, with what, in which order, and what ends it.  The scripts
# of these tests are stand-ins in a tree of their own, which write down how they were called; what the real ones do
# together is tested on a real cluster.

load lib/common

# tree: a copy of what e2e.sh needs, in ./tree; each script's status is in ./status.NAME.
tree() {
	local script
	mkdir -p tree/setup home
	cp -r "$TOP/scripts" "$TOP/scenarios" tree
	cp "$TOP/e2e.sh" tree
	cp "$TOP/setup/variables.tsv" "$TOP/setup/env.sh" "$TOP/setup/packages" tree/setup
	echo 0.1.0 >tree/version
	for script in setup/standup.sh run.sh setup/teardown.sh; do
		cat >"tree/$script" <<-END
			#!/usr/bin/env bash
			name=\$(basename "\$0" .sh)
			printf '%s' "\$name" >>"$PWD/calls"
			printf ' %q' "\$@" >>"$PWD/calls"
			printf ' in %s id %s\n' "\$LLMDBENCH_CONTROL_WORK_DIR" "\$LLMDBENCH_RUN_EXPERIMENT_ID" >>"$PWD/calls"
			mkdir -p "\$LLMDBENCH_CONTROL_WORK_DIR/setup/commands"
			[ ! -e "$PWD/quiet" ] || exit 2
			touch "\$LLMDBENCH_CONTROL_WORK_DIR/setup/commands/1_command.log"
			if [ -e "$PWD/wait.\$name" ]; then
				trap 'echo "\$name ended" >>"$PWD/calls"; exit 130' TERM
				touch "$PWD/waiting.\$name"
				for i in \$(seq 200); do sleep 0.05; done
			fi
			exit "\$(cat "$PWD/status.\$name" 2>/dev/null || echo 0)"
		END
		chmod +x "tree/$script"
	done
}

e2e() {
	run --separate-stderr env -i HOME="$PWD/home" TMPDIR="$TMPDIR" PATH="$PATH" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" \
		LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" LLMDBENCH_RUN_EXPERIMENT_ID=7 tree/e2e.sh "$@"
}

# names: which scripts were called.
names() {
	cut -d ' ' -f 1 calls | paste -sd ' '
}

@test "standup, run, teardown, in one work directory; each gets the flags that it has" {
	tree
	e2e -c kind_sim -p here --step 4-6,10 -w standard --wait 50 --deep -a k:v --yes --overrides=max_tokens=5
	is 0 'exit statuses: standup 0, run 0, teardown 0'
	same "standup --namespace=here --step=4-6\\,10 --affinity=k:v --yes --scenario $PWD/tree/scenarios/kind_sim.sh in $PWD/w id 7
run --namespace=here --workload=standard --overrides=max_tokens=5 --wait=50 --yes --scenario $PWD/tree/scenarios/kind_sim.sh in $PWD/w id 7
teardown --namespace=here --deep --yes --scenario $PWD/tree/scenarios/kind_sim.sh in $PWD/w id 7" "$(<calls)"
}

@test "setup treatments: all three for each, with a scenario and a work directory of its own" {
	tree
	e2e -c kind_sim -e replicas -w standard
	is 0 'treatment two: VLLM_COMMON_REPLICAS=2'
	same 'standup run teardown standup run teardown standup run teardown' "$(names)"
	same "$(printf '%s\n' one two four | sed "s|.*|$PWD/w/treatment_&|")" "$(sed -n 's/^standup.* in \(.*\) id 7/\1/p' calls)"
	same 'export LLMDBENCH_VLLM_COMMON_REPLICAS=4' "$(grep REPLICAS= w/treatment_four/setup/experiments/kind_sim.sh | sort -u)"
	grep -q -- "--scenario $PWD/w/treatment_four/setup/experiments/kind_sim.sh" calls
}

@test "what was stood up is torn down whatever happens, and the first failure is the exit status" {
	tree
	echo 5 >status.run
	e2e -c kind_sim
	is 5 'standup 0, run 5, teardown 0'
	echo 3 >status.teardown
	e2e -c kind_sim
	is 5 'the stack is not gone; remove it with: ' "teardown.sh --scenario $PWD/tree/scenarios/kind_sim.sh"
	echo 4 >status.standup
	rm calls
	e2e -c kind_sim
	is 4 'standup 4, teardown 3'
	same 'standup teardown' "$(names)"
	rm -r calls w
	touch quiet # nothing was made: there is nothing to take down
	e2e -c kind_sim
	is 2
	same standup "$(names)"
}

@test "--debug and --wait 0 leave the stack, and say how it goes away" {
	tree
	e2e -c kind_sim --debug
	is 0 "the stack stays; remove it with: $PWD/tree/setup/teardown.sh --scenario"
	same 'standup run' "$(names)"
	e2e -c kind_sim --wait=0
	is 0 'the stack stays'
	e2e -c kind_sim --wait 0 -e replicas -w standard
	is 2 'the next treatment needs its place'
}

@test "a signal ends what runs, then the stack is taken down; another one ends that" {
	tree
	touch wait.run
	env TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" setsid tree/e2e.sh -c kind_sim </dev/null >out 2>&1 3>&- &
	local pid=$! code=0
	wait_for 20 test -e waiting.run
	kill -TERM "$pid"
	wait "$pid" || code=$?
	cat out
	[ "$code" -eq 130 ]
	same 'standup run run teardown' "$(names)"
	rm -f calls waiting.* wait.run
	touch wait.teardown
	env TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" tree/e2e.sh -c kind_sim </dev/null >out 2>&1 3>&- &
	pid=$! code=0
	wait_for 20 test -e waiting.teardown
	kill -TERM "$pid"
	wait "$pid" || code=$?
	[ "$code" -eq 130 ]
	grep -q 'the stack is not gone; remove it with' out
}

@test "what cannot be measured is refused before anything is stood up" {
	tree
	e2e -c kind_sim -w nowhere
	is 2 'no such profile'
	e2e -c kind_sim -e nowhere
	is 2 'no such experiment file'
	e2e -c kind_sim -l guidellm
	is 2 'no such load generator here'
	printf 'setup: {factors: [LLMDBENCH_DEPLOY_METHODS], treatments: [standalone]}\n' >e.yaml
	e2e -c kind_sim -e e.yaml -t standalone
	is 2 '--methods: the treatments of e.yaml set LLMDBENCH_DEPLOY_METHODS: leave one of them out'
	e2e -c kind_sim -s 4
	is 2 'unknown option -s'
	[ ! -e calls ]
}
