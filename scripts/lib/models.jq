# models: what is known of a model by its name.  --arg entry: NAME, or NAME:ID when it is served as ID;
# --arg sum: sha256 of the name with "/" and "." as "-" (of the whole entry where it has an ID).
# Out: {model, served, modelid, label, modelid_label, kind, majorversion, parameters, type, name, file, download}.
# parameters and type may be "": no model is refused for its name.

def dns: gsub("[^a-z0-9-]"; "-") | gsub("-{2,}"; "-") | gsub("^-|-$"; "");

def first_word(condition): first(.[] | select(condition)) // "";

([$entry | capture("^(?<model>([a-z0-9+.-]+://)?[^:]+)(:(?<served>.+))?$")][0]
 // ("LLMDBENCH_DEPLOY_MODEL_LIST: \($entry): expected MODEL or MODEL:ID\n" | halt_error(2))) as {$model, $served}
| ($model | gsub("[/.]"; "-") | ascii_downcase) as $modelid
| ($model | split("/") | last | ascii_downcase | sub("^qwen(?<n>[0-9])"; "qwen-\(.n)") | split("-")) as $words
| ($words | first_word(test("^[0-9]+(\\.[0-9]+)?(x[0-9]+(\\.[0-9]+)?)?[bm]$")) | gsub("\\."; "p")) as $parameters
| ($words[1:] | first_word(test("^[0-9]{1,2}(\\.[0-9]+)*$")) | split(".")[0] // "1") as $major
| ([$modelid[:8], $sum[:8], $modelid[-8:]] | join("-") | dns) as $modelid_label
| {
    model: $model,
    served: ($served // $model),
    modelid: $modelid,
    label: ([$words[0], $major, $parameters | select(. != "")] | join("-")),
    modelid_label: $modelid_label,
    kind: $words[0],
    majorversion: $major,
    parameters: $parameters,
    type: ($words | first_word(test("nstruct|hf|chat|speech|vision|opt"))),
    name: "vllm-standalone-\($modelid_label)",
    file: ($model | gsub("/"; "___") | if length > 150 then "\(.[:140])_\($sum[:8])" else . end),
    # a path or a URL of its own is not fetched from Hugging Face
    download: ($model | test("^(/|[a-z0-9+.-]+://)") | not)
  }
