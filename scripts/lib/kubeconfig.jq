# kubeconfig: for a cluster that is given by its URL; the token comes from the environment, never from the command line.
# $server is the URL; $ca the authority's certificate in base64, or "" for those that this machine trusts.
{
	apiVersion: "v1", kind: "Config",
	clusters: [{name: "cluster", cluster: ({server: $server} + if $ca != "" then {"certificate-authority-data": $ca} else {} end)}],
	users: [{name: "token", user: {token: env.LLMDBENCH_CLUSTER_TOKEN}}],
	contexts: [{name: "cluster", context: {cluster: "cluster", user: "token"}}],
	"current-context": "cluster"
}
