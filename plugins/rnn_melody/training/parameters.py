"""The parameters of training, as the form shows them."""

from __future__ import annotations

from typing import Literal

from aigc_studio import toolkit
from aigc_studio.api import Parameters, parameter


class TrainParameters(Parameters):
    """How a model is trained."""

    width: int = parameter(
        0,
        {"en": "Network width", "zh": "网络宽度"},
        help={
            "en": "Numbers that the net remembers. 0: by how many tunes there are and the time.",
            "zh": "网络记忆的数的个数。0：按曲子数量和时间决定。",
        },
        minimum=0,
        maximum=1024,
        step=16,
        group=toolkit.NETWORK,
        advanced=True,
    )
    recomposing: Literal["along", "no"] = parameter(
        "along",
        {"en": "Learn to recompose", "zh": "学习重写小节"},
        help={
            "en": "A small part of the net learns to write towards what follows, so that bars can "
            "be made anew to join both sides.",
            "zh": "网络的一小部分学习向后文靠拢，使小节可重写并与前后衔接。",
        },
        choices={
            "along": {"en": "Along with the rest", "zh": "同时学习"},
            "no": {"en": "No", "zh": "不学习"},
        },
        group=toolkit.TRAINING,
        advanced=True,
    )
    dropout: float = toolkit.dropout(
        -1.0,
        {
            "en": "The part left out at random while learning, so that tunes are not known by "
            "heart. -1: by how often the tunes will be read.",
            "zh": "学习时随机舍去的比例，避免死记硬背。-1：按曲子将被读的遍数决定。",
        },
        least=-1.0,
    )
    learning_rate: float = toolkit.learning_rate(
        3e-3,
        more={"en": "Few tunes are learnt by a third of it.", "zh": "曲子很少时取其三分之一。"},
    )
    batch_size: int = toolkit.batch_size(
        32,
        {"en": "Tunes that are read side by side in each step.", "zh": "每一步同时阅读的曲子数。"},
    )
