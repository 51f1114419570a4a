"""vllm_model.py DIR PROMPTS: a model for vLLM that is a shape without content: a Llama of 4 layers, whose weights
vLLM makes up itself (--load-format dummy, always the same ones), and a tokenizer trained on PROMPTS (JSON Lines).

Every token of it but the one that ends a reply is a piece of ASCII text, so that each one that is
generated is seen on the wire: half of a character, or a special token, would be a token without an event.
"""
import json
import os
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 4096
CONTEXT = 8192
WORDS = ["<unk>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}<|assistant|>"

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": CONTEXT,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "bos_token_id": None,
    "eos_token_id": WORDS.index("<|end|>"),
    "dtype": "bfloat16",
}
TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "<|end|>",
    "model_max_length": CONTEXT,
    "chat_template": TEMPLATE,
}


def texts(path):
    yield "".join(map(chr, range(32, 127))) + "\n\t"
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            for value in json.loads(line).values():
                yield str(value).encode("ascii", "ignore").decode()


def trained(path):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY - len(WORDS), show_progress=False)
    tokenizer.train_from_iterator(texts(path), trainer)
    return tokenizer


def with_words(tokenizer):
    """The words first, as tokens like any other; the rest of the vocabulary behind them."""
    model = json.loads(tokenizer.to_str())
    vocabulary = sorted(model["model"]["vocab"], key=model["model"]["vocab"].get)
    model["model"]["vocab"] = {token: i for i, token in enumerate(WORDS + vocabulary)}
    model["added_tokens"] = [
        {"id": i, "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
        for i, word in enumerate(WORDS)
    ]
    return model


def write(directory, name, document):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as out:
        json.dump(document, out)


def main():
    directory, prompts = sys.argv[1:]
    tokenizer = with_words(trained(prompts))
    size = len(tokenizer["model"]["vocab"])
    if size != VOCABULARY:
        sys.exit(f"vllm_model.py: {prompts}: too little text: {size} tokens of {VOCABULARY}")
    os.mkdir(directory)
    write(directory, "tokenizer.json", tokenizer)
    write(directory, "tokenizer_config.json", TOKENIZER_CONFIG)
    write(directory, "config.json", CONFIG)


if __name__ == "__main__":
    main()
