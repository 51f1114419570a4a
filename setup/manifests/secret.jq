# The secret with the token of Hugging Face.  Its value, the environment's LLMDBENCH_HF_TOKEN without what
# surrounds it, is there only with --arg token value, for a pipe; a file never has it.
include "common";

{
  apiVersion: "v1",
  kind: "Secret",
  metadata: meta(cfg("VLLM_COMMON_HF_TOKEN_NAME")),
  type: "Opaque",
  stringData: {
    (cfg("VLLM_COMMON_HF_TOKEN_KEY")):
      (if $ARGS.named.token == "value" then env.LLMDBENCH_HF_TOKEN // "" | gsub("^\\s+|\\s+$"; "") else "" end)
  }
}
