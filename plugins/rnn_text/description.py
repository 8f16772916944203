"""What this generator says of itself."""

from __future__ import annotations

from aigc_studio.api import Description, Operation, Text
from rnn_text.judging.metrics import METRICS
from rnn_text.judging.operations import OPERATIONS as JUDGING
from rnn_text.operations import EDITING, WRITING
from rnn_text.starters import STARTERS
from rnn_text.training.parameters import TrainParameters
from rnn_text.verse.operations import OPERATIONS as VERSE

ID = "rnn-text"

DESCRIPTION = Description(
    id=ID,
    title={"en": "RNN text", "zh": "RNN 文本"},
    medium=Text,
    version="0.1.0",
    summary={
        "en": "Learns a voice from your texts, in any script: writes, continues, and rewrites a "
        "part so that it fits both sides, by a recurrent network.",
        "zh": "从您的文本中学习文风，任何文字皆可：由循环神经网络写作、续写，"
        "并改写选中部分使其与前后文相符。",
    },
    operations=(
        Operation(
            id="train",
            verb="train",
            title={"en": "Train", "zh": "训练"},
            parameters=TrainParameters,
        ),
        *WRITING,
        *EDITING,
        *JUDGING,
        *VERSE,
    ),
    metrics=METRICS,
    sample_packs=("shakespeare", "tang-poems"),
    starters=STARTERS,
    licence="MIT",
    author={"en": "The AIGC Studio developers", "zh": "AIGC Studio 开发者"},
)
"""What `describe` gives."""
