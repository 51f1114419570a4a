"""words.py DIR: a tokenizer, as the peers load it from a directory, for which each word is one token.

llmsim sends one word a chunk, so that a peer that counts tokens itself counts as many as it is sent.
Prompts made of its vocabulary are words again.
"""
import json
import os
import sys

SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]
WORDS = [a + b + c for a in "bdfglmnprstv" for b in "aeiou" for c in "dlmnrst"]
TEMPLATE = "{% for m in messages %}{{ m.content }} {% endfor %}"


def model():
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i, word in enumerate(SPECIAL)
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: i for i, word in enumerate(SPECIAL + WORDS)}, "unk_token": "<unk>"},
    }


def write(directory, name, document):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as out:
        json.dump(document, out)


def main():
    (directory,) = sys.argv[1:]
    os.mkdir(directory)
    write(directory, "tokenizer.json", model())
    write(
        directory,
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": "<unk>",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "model_max_length": 32768,
            "chat_template": TEMPLATE,
        },
    )
    write(directory, "config.json", {"model_type": "llama", "vocab_size": len(SPECIAL + WORDS), "max_position_embeddings": 32768})


if __name__ == "__main__":
    main()
