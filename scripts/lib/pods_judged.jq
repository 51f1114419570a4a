# pods_judged: run.json without a reason why resources were not measured, when they were; else with one: --slurpfile results
# (results.json), samples (of the pods).
([$samples[] | .error // empty] | last) as $error
| if $results[0].resources.avg_cpu_usage != null then del(.not_measured.resources)
  else .not_measured.resources = ($error // "no figures of the pods were taken within the run: \($samples[0].how) has new ones each 10 to 20 s")
  end
