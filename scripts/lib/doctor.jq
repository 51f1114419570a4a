# doctor: the facts of a cluster (facts.sh) as lines of a diagnosis: [{status, section, what, mend, exit}].  Named arguments:
# facts and settings (slurped), table (rights.tsv), stack and load (namespaces); of a scenario chosen (true), models (how many),
# downloads and token (are there?), and nodes_say (what nodes.jq says).
include "doctor_words";
include "doctor_cluster";
include "doctor_jobs";
include "doctor_needs";

[version_lines, namespace_lines, rights_lines, api_lines, node_lines, storage_lines, metrics_lines, needs_lines, leftovers_lines]
