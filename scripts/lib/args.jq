# args: the command of an engine's pod: the default one, or LLMDBENCH_VLLM_STANDALONE_ARGS, a text or
# (args_file) the text of a file in the old tool's small language:
#   REPLACE_ENV_NAME                   the value of the variable NAME; not set or empty is an error,
#   REPLACE_ENV_NAME++++default=TEXT   unless it has a default, which ends at a blank, a quote or ____
#   ____                               a blank
#   # TEXT                             at the start of a line or behind a blank: up to its end left out
#   [A____B] or ["A", "B"]             arguments of "vllm serve MODEL"; so is what begins with "--"
include "common";

# As one word of a shell.
def word: if test("^[A-Za-z0-9_./:=,@%+^-]+$") then . else @sh end;
def option($flag; $value): if $value == "" then empty else "\($flag) \($value | word)" end;
def option($flag): option($flag; said("VLLM_COMMON_\($flag | ltrimstr("--") | gsub("-"; "_") | ascii_upcase)"));

def at_least_one($name): [said($name) | tonumber? // 1, 1] | max;
def tensor_parallel: at_least_one("VLLM_COMMON_TENSOR_PARALLELISM");
def data_parallel: at_least_one("VLLM_COMMON_DATA_PARALLELISM");

# --- the small language

def current:
  {
    DEPLOY_CURRENT_MODEL: model.model,
    DEPLOY_CURRENT_MODELID: model.modelid,
    DEPLOY_CURRENT_MODEL_ID_LABEL: model.modelid_label,
    DEPLOY_CURRENT_TOKENIZER: model.model
  };

# A name, or, as the old tool replaced plain text, the longest known one that the text begins with.
def value($text; $default):
  ($ARGS.named.settings[0].values + current) as $known
  | ($text | ltrimstr("LLMDBENCH_")) as $name
  | (if $known | has($name) then $name
     else [$known | keys[] as $k | select($name | startswith($k)) | $k] | max_by(length) // $name end) as $key
  | ($known[$key] // "") as $value
  | if $value != "" and $value != "NA" then $value + $name[$key | length:]
    elif $default != null then $default
    else
      refuse("VLLM_STANDALONE_ARGS"; "REPLACE_ENV_\($text): "
        + if $name | test("TOKEN$") then "a secret is written into no manifest; the pod has it as $HF_TOKEN"
          else "that variable is not set, and no ++++default= is given" end)
    end;

def replaced:
  gsub("REPLACE_ENV_(?<name>((?!____)[A-Za-z0-9_])+)(\\+\\+\\+\\+default=(?<default>((?!____)[^\\s\"'`])*))?|____";
    if .name == null then " " else value(.name; .default) end);

def filled: split("\n") | map(sub("(^|\\s+)#.*$"; "") | replaced) | join("\n");

# --- the command

def preprocess: said("VLLM_STANDALONE_PREPROCESS") | if . == "" then . else "\(literal)\n" end;

def serve:
  "exec vllm serve \(model.model | word | literal)"
  + if model.served == model.model then "" else " --served-model-name \(model.served | word | literal)" end;

# It is no longer known from v0.11 on, where nothing is logged of a request unless one asks.
def quiet:
  said("VLLM_STANDALONE_IMAGE_TAG") | select(test("^v?0\\.([0-9]|10)(\\.|$)")) | "--disable-log-requests";

def default_options:
  "--enable-sleep-mode",
  option("--load-format"; said("VLLM_STANDALONE_VLLM_LOAD_FORMAT")),
  option("--port"; said("VLLM_COMMON_INFERENCE_PORT")),
  option("--max-model-len"),
  quiet,
  option("--gpu-memory-utilization"; said("VLLM_COMMON_ACCELERATOR_MEM_UTIL")),
  option("--tensor-parallel-size"; tensor_parallel | tostring),
  (data_parallel | select(. > 1) | option("--data-parallel-size"; tostring)),
  option("--block-size"),
  option("--max-num-batched-tokens"),
  (said("VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG") | select(. != "")
   | "--model-loader-extra-config \"$LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG\"");

def default_command: preprocess + ([serve, (default_options | literal)] | join(" \\\n  "));

def listed:
  filled
  | (fromjson? | arrays | map(tostring | word) | join(" "))
    // (gsub("^\\s*\\[|\\]\\s*$"; "") | split("\n") | map(gsub("^\\s+|\\s+$"; "") | select(. != "")) | join(" "));

def command:
  ($ARGS.named.args_file // said("VLLM_STANDALONE_ARGS")) as $text
  | $text
  | if . == "" or . == "@args" then default_command
    elif test("^\\s*\\[(.|\\n)*\\]\\s*$") then preprocess + ([serve, (listed | select(. != ""))] | join(" "))
    elif test("^\\s*--") then "\(preprocess)\(serve) \(filled)"
    else filled end;
