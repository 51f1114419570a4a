# rules: what is wrong or worth a word about a workload whose keys are each right by themselves.
# Input: the resolved workload.  --argjson said: the profile with the flags, before any default;
# where: the same with positions (yaml2json --where); gpu_memory_gb: of one GPU, null: not known.
# --arg profile: its file.  Out: one "error FILE:LINE:COLUMN: KEY: reason" or "warning ..." a line.

def at($path): [$where | getpath($path)?] | map(strings) | .[0] // $profile
  | if startswith("--set:") then "command line" else . end;
def error($path; $reason): "error \(at($path)): \($path | join(".")): \($reason)";
def warning($path; $reason): "warning \(at($path)): \($path | join(".")): \($reason)";
def listed: if . == null then [] elif type == "array" then . else [.] end;

# GB of weights in 16 bits for so many billions of parameters.
def weights: ascii_downcase | {"34b": 65}[.] // (capture("^(?<n>[0-9]+(\\.[0-9]+)?)b$").n | tonumber * 2);
# The same in the bits of the quantization; never below 4.
def quantized($f):
  if $f.quantization == "awq" or $f.quantization == "gptq" or $f.quantization == "int4" then . / 4
  elif ($f.quantization | . == "fp8" or . == "int8" or . == "bitsandbytes") or $f.load_in_8bit == true then . / 2
  else . end
  | [floor, 4] | max;

(.vllm_features // {}) as $f
| .load_test as $load
| (($load.arrival // "closed") == "closed" and $load.stages == null) as $closed
| (if ($f.num_scheduler_steps | type) == "number" and $f.num_scheduler_steps > 1 then "num_scheduler_steps"
   else first("enable_chunked_prefill", "use_v2_block_manager" | select($f[.] == true)) // null end) as $steps
| (.request.body // {}) as $body
| (if $said.request.max_tokens == null and $said.request.output_tokens == null then
     ($body.max_tokens // $body.max_completion_tokens) == null
   else ($body | has("max_tokens") and .max_tokens == null and .max_completion_tokens == null) end) as $unbounded
| (if .validation_hints.model_size_hint != null then ["validation_hints", "model_size_hint"] else ["model_size_hint"] end) as $hint
| getpath($hint) as $size
| (.model_requirements.compatible_formats | listed) as $formats
| ([$f.tensor_parallel_size, $f.pipeline_parallel_size | numbers] | reduce .[] as $n (1; . * $n)) as $gpus
| (.validation_hints.gpu_memory_gb_min) as $min
| [
    (select($steps != null and $unbounded)
     | error(["vllm_features", $steps]; "needs request.max_tokens (--max-tokens): with it, requests without that bound can crash vLLM")),
    (select($f.quantization != null and $formats != [] and ($formats | index($f.quantization)) == null)
     | error(["vllm_features", "quantization"]; "\($f.quantization): not compatible with the model, whose formats are \($formats | join(", "))")),
    (select($size != null)
     | if $size | test("^[0-9]+(\\.[0-9]+)?[bB]$") | not then
         error($hint; "\($size): expected billions of parameters, such as 7b or 70b")
       elif $gpu_memory_gb != null then
         ($size | weights | quantized($f)) as $base
         | (($base * 1.2 | floor) / $gpus) as $need
         | select($need > $gpu_memory_gb)
         | error($hint; "insufficient GPU memory: a model of \($size) needs \($need) GB" + (if $gpus > 1 then " on each of \($gpus) GPUs" else "" end)
             + (if $f.quantization then " as \($f.quantization)" else "" end) + ", there are \($gpu_memory_gb)")
       else empty end),
    (select($min != null and $gpu_memory_gb != null and $min > $gpu_memory_gb)
     | error(["validation_hints", "gpu_memory_gb_min"]; "insufficient GPU memory: \($min) GB are needed, there are \($gpu_memory_gb)")),
    (select($f.quantization == "fp8") | warning(["vllm_features", "quantization"]; "fp8 needs an H100, H800 or newer")),
    (select($f.quantization == "awq" or $f.quantization == "gptq")
     | warning(["vllm_features", "quantization"]; "\($f.quantization) needs a model whose weights are quantized already")),
    (select($f.device == "cpu") | warning(["vllm_features", "device"]; "on the CPU: not what a GPU would do")),
    (select($closed and $load.requests != null and $said.load_test.concurrency != null and $load.concurrency > $load.requests)
     | warning(["load_test", "concurrency"]; "\($load.concurrency) at a time, but \($load.requests) requests: the rest stays idle")),
    (select((.request.max_tokens | numbers) > 2048)
     | warning(["request", "max_tokens"]; "\(.request.max_tokens): over 2048: replies may take very long")),
    (select($closed and $load.concurrency <= 1) | warning(["load_test", "concurrency"]; "one request at a time: this shows no throughput"))
  ][]
