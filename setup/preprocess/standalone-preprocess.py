#!/usr/bin/env python3
"""Runs in an engine's pod before it starts, behind standalone-preprocess.sh, whose variables it reads.

It writes a logging configuration whose times have milliseconds (VLLM_LOGGING_CONFIG_PATH), and, for the load
format tensorizer, serialises the model once to LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI.  Exit status 1 when
that does not come to an end within 15 minutes or fails.
"""

import json
import os
import subprocess
import sys

SERIALISE_S = 15 * 60


def logging_config(level):
    line = "%(levelname)s %(asctime)s.%(msecs)03d [%(filename)s:%(lineno)d] %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"vllm": {"format": line, "datefmt": "%m-%d %H:%M:%S"}},
        "handlers": {"vllm": {"class": "logging.StreamHandler", "formatter": "vllm", "stream": "ext://sys.stdout"}},
        "loggers": {"vllm": {"handlers": ["vllm"], "level": level, "propagate": False}},
    }


def write_logging(path, level):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(logging_config(level), file, indent=2)


def serialise(model, uri):
    """Write the model to uri with vLLM's own example, unless it is there: complete or not at all."""
    if os.path.exists(uri):
        print(f"preprocess: {uri} is there", file=sys.stderr)
        return
    os.makedirs(os.path.dirname(uri), exist_ok=True)
    part = f"{uri}.part"
    code = (
        "import sys\n"
        "from vllm.engine.arg_utils import EngineArgs\n"
        "from vllm.model_executor.model_loader.tensorizer import TensorizerConfig, tensorize_vllm_model\n"
        "tensorize_vllm_model(EngineArgs(model=sys.argv[1]), TensorizerConfig(tensorizer_uri=sys.argv[2]))\n"
    )
    subprocess.run([sys.executable, "-c", code, model, part], check=True, timeout=SERIALISE_S)
    os.rename(part, uri)


def main():
    path = os.environ.get("VLLM_LOGGING_CONFIG_PATH")
    if path:
        write_logging(path, os.environ.get("VLLM_LOGGING_LEVEL", "INFO"))
    uri = os.environ.get("LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI")
    if os.environ.get("LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT") != "tensorizer" or not uri:
        return 0
    try:
        serialise(os.environ["LLMDBENCH_VLLM_STANDALONE_MODEL"], uri)
    except (OSError, subprocess.SubprocessError) as reason:
        print(f"preprocess: {uri}: not serialised: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
