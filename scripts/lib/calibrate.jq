# calibrate: a /tokenize request for a text, in the words of llama.cpp and of vLLM at once;
# each reads its own.  --arg model; input: the text.
{model: $model, prompt: ., content: ., add_special_tokens: false, add_special: false}
