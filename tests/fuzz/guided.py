"""Let atheris choose the inputs of one target, guided by the lines they reach.

`python -m tests.fuzz.guided TARGET INPUTS SEED CORPUS FOLDER` starts from the files in CORPUS, which
it extends, and writes an input that fails to FOLDER.
"""

import sys
from pathlib import Path

from tests.fuzz.watch import SECONDS, made

MEGABYTES = 1024
SEEDS = 200


def main(name, inputs, seed, corpus, folder):
    """Fuzz; never returns."""
    import atheris  # here, because it is optional and changes what is imported after it

    with atheris.instrument_imports(include=["autograder", "zipfile", "json"]):
        from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    for index in range(SEEDS):
        (Path(corpus) / str(index)).write_bytes(made(target, seed, index))

    def check(data):
        target.check(data)

    options = {
        "runs": inputs,
        "seed": seed,
        "timeout": int(SECONDS),
        "rss_limit_mb": MEGABYTES,
        "print_final_stats": 1,
        "artifact_prefix": f"{folder}/{name}-",
    }
    flags = [f"-{key}={value}" for key, value in options.items()]
    atheris.Setup([sys.argv[0], *flags, corpus], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
