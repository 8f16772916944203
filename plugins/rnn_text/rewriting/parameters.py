"""The parameters of what is made anew between two sides."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import parameter
from rnn_text.writing.parameters import DrawingParameters

HowLong = Literal["shorter", "same", "longer"]


class RewriteParameters(DrawingParameters):
    """How long the new part is, and how boldly it is written."""

    length: HowLong = parameter(
        "same",
        {"en": "Length", "zh": "长度"},
        help={
            "en": "Compared with the marked part. It may be some characters more or fewer, so that "
            "words join.",
            "zh": "与选中部分相比。为使前后词语衔接，可能相差几个字符。",
        },
        choices={
            "shorter": {"en": "Shorter", "zh": "更短"},
            "same": {"en": "About the same", "zh": "大致相同"},
            "longer": {"en": "Longer", "zh": "更长"},
        },
    )
