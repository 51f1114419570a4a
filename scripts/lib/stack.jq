# stack: stack.json, which says what is stood up together and where.  $settings is settings.json (slurped), $models
# the array of its models.
{
	$id, $name, $namespace, $harness_namespace,
	methods: ($settings[0].values.DEPLOY_METHODS | split(",") | map(select(. != ""))),
	$models, $context, $server, $cluster_uid,
	scenario: $settings[0].scenario, $version, $made_by,
	created: (now | floor | todate), $work
}
