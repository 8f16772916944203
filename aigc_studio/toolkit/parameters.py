"""Parameters that most trainings have: one name, one place in the form and one meaning for all."""

from __future__ import annotations

from aigc_studio.api import parameter
from aigc_studio.translation import Localized

NETWORK: Localized = {"en": "Network", "zh": "网络"}
TRAINING: Localized = {"en": "Training", "zh": "训练"}
"""Groups of a training's form."""


def learning_rate(default: float, *, most: float = 3e-2, more: Localized = "") -> float:
    """A field of `Parameters`: how far each step goes, from 1e-5 to `most`.

    `more` is a sentence that belongs to this plugin alone.
    """
    usual = {
        "en": "How far each step goes. Too high, and training runs away; too low, and it takes "
        "long.",
        "zh": "每一步走多远。过高会发散，过低则很慢。",
    }
    return parameter(
        default,
        {"en": "Learning rate", "zh": "学习率"},
        help=_joined(usual, more),
        minimum=1e-5,
        maximum=most,
        scale="log",
        group=TRAINING,
        advanced=True,
    )


def batch_size(
    default: int, help: Localized, *, unit: Localized = "", least: int = 1, most: int = 512
) -> int:
    """A field of `Parameters`: how much is learnt from in each step; `help` says of what."""
    return parameter(
        default,
        {"en": "Batch size", "zh": "批量大小"},
        help=help,
        unit=unit,
        minimum=least,
        maximum=most,
        step=least,
        scale="log",
        group=TRAINING,
        advanced=True,
    )


def dropout(default: float, help: Localized, *, least: float = 0.0, most: float = 0.8) -> float:
    """A field of `Parameters`: the part of a net that is left out at random while it learns.

    With a `least` of -1 a plugin says in `help` when it chooses by itself (Srivastava et al. 2014).
    """
    return parameter(
        default,
        {"en": "Dropout", "zh": "随机失活（Dropout）"},
        help=help,
        minimum=least,
        maximum=most,
        step=0.05,
        group=TRAINING,
        advanced=True,
    )


def _joined(usual: dict[str, str], more: Localized) -> Localized:
    """One sentence behind the other, in each language."""
    told = {key: more if isinstance(more, str) else more.get(key, "") for key in usual}
    return {
        key: f"{words}{'' if key == 'zh' else ' '}{told[key]}".strip()
        for key, words in usual.items()
    }
