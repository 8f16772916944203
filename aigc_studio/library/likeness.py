"""Whether a picture is like what a model knows, as a sentence for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aigc_studio.api.likeness import Likeness
from aigc_studio.library.summaries import data_title
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library.model_info import ModelInfo

_WHY: dict[tuple[str, bool], Callable[[], str]] = {
    ("ground", True): lambda: _("it stands on plain ground"),
    ("ground", False): lambda: _("it fills the sheet up to its edges"),
    ("inks", True): lambda: _("it has more colours"),
    ("inks", False): lambda: _("it has fewer colours"),
    ("tones", True): lambda: _("it has more tones between light and dark"),
    ("tones", False): lambda: _("it has no tones between light and dark"),
    ("shading", True): lambda: _("it is shaded, as photos are"),
    ("shading", False): lambda: _("it is not shaded"),
    ("fill", True): lambda: _("more of it is filled"),
    ("fill", False): lambda: _("less of it is filled"),
    ("crossings", True): lambda: _("there is far more in it"),
    ("crossings", False): lambda: _("there is far less in it"),
}
"""Why a picture is unlike what is known: by which trait, and whether it has more of it."""


def strangeness(model: ModelInfo, artifact: Artifact) -> str:
    """A sentence that says how a picture is unlike all that a model knows; empty where it is not,
    and where nothing is known of that.

    To be asked of the picture as it goes to the model, beside the window: it takes some 10 ms.
    """
    from aigc_studio.api import Image

    known = Likeness.of_card(model.card)
    if known is None or not isinstance(artifact, Image):
        return ""
    trait, more = known.strange_trait(artifact)
    if not trait:
        return ""
    why = _WHY[trait, more]()
    data = data_title(model.card)
    if data:
        sentence = _("“{model}” learnt from “{data}”, and this picture is unlike them: {why}.")
        return sentence.format(model=model.title, data=data, why=why)
    sentence = _("This picture is unlike all that “{model}” knows: {why}.")
    return sentence.format(model=model.title, why=why)


def knows(model: ModelInfo, artifact: Artifact) -> bool:
    """Whether a picture is like what a model is known to have learnt from."""
    return Likeness.of_card(model.card) is not None and not strangeness(model, artifact)
