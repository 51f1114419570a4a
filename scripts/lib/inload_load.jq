# inload_load: what the manifests of a load are made of (setup/manifests/load.jq).  In: plan.jq's plan.  --argjson settings
# {name, run, stack, version, namespace, image, account, pvc, mount, pods, timeout, cpu, memory, key, debug, access, size, class};
# --arg model, metrics (URLs by comma); --argjson warmup: are there warm-ups; --argjson part: of the run, from 1.

# sendreq's options, without the files of this machine, and with the key and the certificates as pods have them.
def of_pods($folder):
  . as $words
  | reduce range(1; length) as $i ({out: [], skip: false};
      if .skip then .skip = false
      else $words[$i] as $word
        | if $word | IN("-o", "--progress-fd", "--resume", "--api-key-env", "--api-key-file", "--cacert") then
            .skip = true
            | if $word == "--cacert" then .out += [$word, "\($folder)/in/cacert.pem"]
              elif $word | IN("--api-key-env", "--api-key-file") then .out += ["--api-key-env", "TOKPIPE_API_KEY"]
              else . end
          else .out += [$word] end
      end)
  | .out;

$settings + {
  args: ([
    "\($settings.pods)", "\($settings.name):7077", $model, (if $warmup then "1" else "0" end), $metrics, "--"
  ] + (.sendreq | of_pods("\($settings.mount)/\($settings.run)")) + (if $part > 1 then ["--part", "\($part)"] else [] end))
}
