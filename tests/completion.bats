#!/usr/bin/env bats
# Completion in real shells at a terminal: what is offered is what the programs say.
load lib/common
load lib/bench

setup_file() {
	printf '%s\n' "PATH=$TOP/bin:$TOP:$TOP/scripts:$TOP/setup:\$PATH" ". $TOP/completions/tokpipe.bash" >"$BATS_FILE_TMPDIR/bash"
	printf '%s\n' "PATH=$TOP/bin:$TOP:$TOP/scripts:$TOP/setup:\$PATH" "fpath=($TOP/completions \$fpath)" \
		"autoload -U compinit; compinit -u -D" >"$BATS_FILE_TMPDIR/zsh"
}

# completes SHELL: stdin holds pairs "TYPED|LINE": each TYPED and TAB becomes LINE.
completes() {
	local typed want i=0
	mkdir -p work
	cd work || return
	touch partial.jsonl prompts-of-mine.jsonl my-profile.yaml page.html
	cat >../pairs
	cut -d '|' -f 1 ../pairs | python3 "$TOP/tests/lib/complete.py" "$1" "$BATS_FILE_TMPDIR/${2-$1}" >../got
	cat ../got
	while IFS='|' read -r typed want; do
		i=$((i + 1))
		same "$typed|$want" "$typed|$(sed -n "${i}p" ../got | jq -r .line)"
	done <../pairs
}

pairs() {
	cat <<-'END'
		genload --arr|genload --arrival 
		genload --arrival poi|genload --arrival poisson 
		genload --arrival=poi|genload --arrival=poisson 
		genload --api openai-com|genload --api openai-completions 
		genload --prompts prom|genload --prompts prompts-of-mine.jsonl 
		pctl --resam|pctl --resamples 
		pctl --method inver|pctl --method inverted_cdf 
		sendreq --resume part|sendreq --resume partial.jsonl 
		tokstat --as vl|tokstat --as vllm 
		tokstat parti|tokstat partial.jsonl 
		runsum --asse|runsum --assert 
		bench.sh --prof|bench.sh --profile 
		bench.sh --profile stand|bench.sh --profile standard 
		bench.sh --profile my-pr|bench.sh --profile my-profile.yaml 
		bench.sh --engine ll|bench.sh --engine llama 
		bench.sh --pattern bu|bench.sh --pattern burst 
		report.sh --templ|report.sh --template 
		standup.sh --meth|standup.sh --methods 
		standup.sh --scenario kind|standup.sh --scenario kind_sim 
		run.sh --experiment repl|run.sh --experiment replicas 
		tokpipe rep|tokpipe report 
		tokpipe report --template stan|tokpipe report --template standard.html 
		tokpipe report --template page|tokpipe report --template page.html 
		tokpipe bench --profile lap|tokpipe bench --profile laptop 
		teardown.sh --dee|teardown.sh --deep 
		tokpipe bench --conn|tokpipe bench --connect-timeout 
		tokpipe --vers|tokpipe --version 
	END
}

@test "completion: bash" {
	completes bash < <(pairs)
}

@test "completion: zsh" {
	completes zsh < <(pairs)
}

@test "completion: bash offers every option of every program, and no other" {
	local program
	for program in genload sendreq tokview tokstat pctl runsum llmsim muster yaml2json bench.sh report.sh standup.sh teardown.sh 'tokpipe bench'; do
		# shellcheck disable=SC2086 # a command of two words
		diff <(PATH=$TOP:$TOP/scripts:$TOP/setup:$PATH && $program --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort) \
			<(printf '%s --\n' "$program" | python3 "$TOP/tests/lib/complete.py" bash "$BATS_FILE_TMPDIR/bash" |
				jq -r '.shown, .line' | grep -oE -- '--[a-z0-9-]+' | sort -u)
	done
}

@test "completion: both know every program and every script" {
	local name
	for name in "$TOP"/src/*.c "$TOP"/scripts/*.sh "$TOP"/*.sh "$TOP"/setup/[!ev]*.sh; do
		name=${name##*/}
		name=${name%.c}
		[ "$name" != tokpipe.sh ] || name=tokpipe
		grep -qE "^complete -F _tokpipe.* $name( |\$)" "$TOP/completions/tokpipe.bash"
		head -n 1 "$TOP/completions/_tokpipe" | grep -qE " $name( |\$)"
	done
}

@test "completion: a script of somebody else's that is called report.sh is not run" {
	mkdir other
	printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >other/report.sh
	chmod +x other/report.sh
	printf '%s\n' "PATH=$PWD/other:\$PATH" | cat "$BATS_FILE_TMPDIR/bash" - >"$BATS_FILE_TMPDIR/other-bash"
	printf '%s\n' "PATH=$PWD/other:\$PATH" | cat "$BATS_FILE_TMPDIR/zsh" - >"$BATS_FILE_TMPDIR/other-zsh"
	completes bash other-bash <<<'report.sh pag|report.sh page.html '
	cd .. || return
	completes zsh other-zsh <<<'report.sh pag|report.sh page.html '
	[ ! -e ../ran ]
}

@test "completion: installed, the shells find it by themselves" {
	make -s -C "$TOP" -o all install DESTDIR="$PWD/root" PREFIX=/usr
	printf '%s\n' "PATH=$PWD/root/usr/bin:\$PATH" "export XDG_DATA_DIRS=$PWD/root/usr/share" \
		". /usr/share/bash-completion/bash_completion" >"$BATS_FILE_TMPDIR/installed-bash"
	printf '%s\n' "PATH=$PWD/root/usr/bin:\$PATH" "fpath=($PWD/root/usr/share/zsh/site-functions \$fpath)" \
		"autoload -U compinit; compinit -u -D" >"$BATS_FILE_TMPDIR/installed-zsh"
	{
		pairs | grep -v '^[a-z]*\.sh'
	} >all
	completes bash installed-bash <all
	cd .. || return
	completes zsh installed-zsh <all
}
