"""A model as it is read from its folder: who made it, what it is known by, what shows it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aigc_studio.api import StudioError, limits, samples
from aigc_studio.api.dataset import DIGEST
from aigc_studio.api.models import CONTENTS
from aigc_studio.library import digests, identity, locks
from aigc_studio.library.cards import part, words
from aigc_studio.library.sights import Sight, sight
from aigc_studio.library.weights import check_content, read_card
from aigc_studio.translation import _, localized


@dataclass(frozen=True)
class ModelInfo:
    """A model: `folder` holds `card.json`, `size` the bytes of all files.

    Beside the card there is `model.json`, `weights.safetensors`, or both (`api.models`). `digest`
    covers all that determines what it does (`digests`), `weights_digest` the weights alone, which
    is what models were known by before; it is empty for a model without. `formerly` are digests
    that one which came along had while it could do less. One that is `shipped` cannot be changed.
    `samples` is a file that shows what it makes (`api.samples`), None where there is none; `shown`
    is one that measuring it showed beside its numbers, and `evaluation.shown` of its card says what
    it is. `made` is when its content came to be here, in seconds since 1970.
    """

    name: str
    generator: str
    folder: Path
    card: Mapping[str, Any]
    shipped: bool
    digest: str
    size: int
    weights_digest: str = ""
    samples: Path | None = None
    formerly: tuple[str, ...] = ()
    shown: Path | None = None
    made: float = 0.0

    @property
    def title(self) -> str:
        """What people call it: its name, or what the `title` of its card says in the language
        spoken. A title goes with the name that stands beside it: who calls a model otherwise has
        it called so."""
        told = self.card.get("title")
        if self.name != self.card.get("name") or not isinstance(told, Mapping):
            return self.name
        return " ".join(localized(told).split())[: limits.TITLE] or self.name

    @property
    def language(self) -> str:
        """The language of the texts that it learnt from (`zh`), as its card says under `data`;
        empty where it says nothing."""
        return words(part(self.card, "data"), "language")[: limits.TITLE]

    def answers(self, digest: str, name: str = "") -> bool:
        """Whether it is the model that something was made with (`identity.answers`)."""
        return identity.answers(self, digest, name)


_read: dict[Path, tuple[Sight, ModelInfo]] = {}
"""What came along with the studio and its plugins, as it was read when its files looked so."""


def read_info(folder: Path, shipped: bool, beside: Path) -> ModelInfo:
    """The model in a folder; `beside` holds samples of those that came along, by digest.

    One that came along is read again only when its files have changed: models are listed often, and
    nobody writes there but an installer. Raises `StudioError` for what is no model.
    """
    seen = sight(folder) if shipped else ()
    former = _read.get(folder)
    if seen and former is not None and former[0] == seen:
        info = former[1]
    else:
        info = _read_anew(folder, shipped)
        if seen:
            _read[folder] = seen, info
    return replace(info, samples=samples.find(folder) or samples.find(beside / info.digest))


def _read_anew(folder: Path, shipped: bool) -> ModelInfo:
    card = read_card(folder, owned=not shipped)
    check_content(folder, owned=not shipped, whole=False)
    try:
        digest = digests.manifest_digest(folder, card)
        weights_digest = digests.weights_digest(folder)
    except OSError as error:
        raise StudioError(
            _("The model {name} cannot be read: {reason}.").format(
                name=folder.name, reason=error.strerror or error
            )
        ) from error
    return ModelInfo(
        name=folder.name,
        generator=card["generator"],
        folder=folder,
        card=card,
        shipped=shipped,
        digest=digest,
        size=locks.folder_size(folder),
        weights_digest=weights_digest,
        formerly=_formerly(card) if shipped else (),
        made=_made(folder),
    )


def _made(folder: Path) -> float:
    """The time of its weights, which nobody writes again; of its document where it has none."""
    for name in reversed(CONTENTS):
        with contextlib.suppress(OSError):
            return (folder / name).stat().st_mtime
    return 0.0


def _formerly(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Of one that came along: anybody could write into a card that it had been another's model."""
    told = card.get("formerly")
    return tuple(each for each in told if DIGEST.fits(each)) if isinstance(told, list) else ()
