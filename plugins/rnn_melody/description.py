"""What this generator says of itself."""

from __future__ import annotations

from aigc_studio.api import Description, Melody, Operation
from rnn_melody.judging.metrics import METRICS
from rnn_melody.judging.operations import OPERATIONS as JUDGING
from rnn_melody.operations import COMPOSING, EDITING
from rnn_melody.starters import STARTERS
from rnn_melody.training.parameters import TrainParameters

ID = "rnn-melody"

DESCRIPTION = Description(
    id=ID,
    title={"en": "RNN melody", "zh": "RNN 旋律"},
    medium=Melody,
    version="0.1.0",
    summary={
        "en": "Learns from your tunes: composes, continues, and recomposes bars so that they join "
        "both sides, by a recurrent network.",
        "zh": "从您的曲子中学习：由循环神经网络作曲、续写，并重写小节使其与前后衔接。",
    },
    operations=(
        Operation(
            id="train",
            verb="train",
            title={"en": "Train", "zh": "训练"},
            parameters=TrainParameters,
        ),
        *COMPOSING,
        *EDITING,
        *JUDGING,
    ),
    metrics=METRICS,
    sample_packs=("fiddle-tunes", "folk-songs"),
    starters=STARTERS,
    licence="MIT",
    author={"en": "The AIGC Studio developers", "zh": "AIGC Studio 开发者"},
)
"""What `describe` gives."""
