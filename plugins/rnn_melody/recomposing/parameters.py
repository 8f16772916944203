"""The parameters of bars that are made anew between two sides."""

from __future__ import annotations

from aigc_studio.api import Operation, parameter
from rnn_melody.composing.parameters import DrawingParameters


class RecomposeParameters(DrawingParameters):
    """How boldly the new bars are written, and what they keep of those that stood there."""

    rhythm: float = parameter(
        0.0,
        {"en": "Keep the rhythm", "zh": "保留节奏"},
        help={
            "en": "0: a rhythm of its own. 1: exactly the rhythm that stands there, only the "
            "pitches are new; density says nothing then.",
            "zh": "0：另起节奏。1：与原有节奏完全相同，只换音高；此时疏密不起作用。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    contour: float = parameter(
        0.0,
        {"en": "Keep the rise and fall", "zh": "保留旋律走向"},
        help={
            "en": "0: it goes where it likes. 1: it rises, falls and stays where the old bars do, "
            "by other intervals.",
            "zh": "0：自由起伏。1：升降与原有小节一致，但音程不同。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


RECOMPOSING = (
    Operation(
        id="recompose",
        verb="edit",
        title={"en": "Recompose bars", "zh": "重写小节"},
        help={
            "en": "Makes the selected bars anew so that they join what comes before and after. All "
            "else stays as it is. Select bars on the ruler first.",
            "zh": "将选中的小节重新写过，与前后衔接，其余保持不变。请先在标尺上选择小节。",
        },
        parameters=RecomposeParameters,
        artifacts=1,
        selection="required",
    ),
)
"""Recompose, as the description lists it."""
