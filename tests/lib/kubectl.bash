# A kubectl that answers from files, for what bench.sh says about a cluster's answers.  A
# fake, because there is no cluster where the quick tests run.
# shellcheck disable=SC2154 # url is lib/bench's

# fake_kubectl: a kubectl that prints ./answers/KIND of what is asked for, and fails when the
# file begins with "Error".
fake_kubectl() {
	mkdir bin
	cat >bin/kubectl <<'END'
#!/usr/bin/env bash
while [[ $1 == --* ]]; do shift; done
[[ -f answers/$2 ]] || { echo "Error from server (NotFound): $2 not found" >&2; exit 1; }
if read -r first <"answers/$2" && [[ $first == Error* || $first == 'The connection'* ]]; then
	cat "answers/$2" >&2
	exit 1
fi
cat "answers/$2"
END
	chmod +x bin/kubectl
	mkdir answers
	PATH=$PWD/bin:$PATH
}

# ready_service: the InferenceService that is asked for is ready at $url.
ready_service() {
	fake_kubectl
	jq -n --arg url "$url" '{status: {url: $url, conditions: [{type: "Ready", status: "True"}]}}' >answers/inferenceservice
}
