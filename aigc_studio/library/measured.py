"""What measuring a model found, kept in its card; beside it where its folder is not the person's.

Neither makes another model of it: the parts of a card that are written here are beside its digest.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import files
from aigc_studio.api import documents, limits, samples
from aigc_studio.api.kinds import ListOf, MapOf, Number, Plain, record
from aigc_studio.library.weights import CARD, read_card
from aigc_studio.wire.model_folder import card_bytes

if TYPE_CHECKING:
    from aigc_studio.api import Measure, Preview

_beside = record(
    {
        "metrics": MapOf(Number()),
        "evaluation": MapOf(Plain()),
        "measures": ListOf(Plain(), limits.METRICS),
    }
)


def told(
    metrics: Mapping[str, float], about: Mapping[str, Any], own: Mapping[str, Measure] | None
) -> dict[str, Any]:
    """What stands in a card of a measuring: `metrics`, what they were taken on (`evaluation`), and
    the plugin's words for those of its `own` (`measures`), which hold where the plugin is not here.
    """
    return {
        "metrics": {name: value for name, value in metrics.items() if math.isfinite(value)},
        "evaluation": dict(about),
        "measures": words_of(metrics, own),
    }


def words_of(names: Collection[str], own: Mapping[str, Measure] | None) -> Sequence[dict[str, Any]]:
    """The plugin's words for these metrics, in its order, as a card keeps them."""
    told = (own or {}).items()
    return [{"name": name, **vars(each)} for name, each in told if name in names]


def write_card(folder: Path, parts: Mapping[str, Any]) -> None:
    """Put these parts into the card of a model. Raises `OSError`, `StudioError` and `Damaged`."""
    files.write_bytes(folder / CARD, card_bytes({**read_card(folder, owned=True), **parts}))


def write_beside(folder: Path, digest: str, parts: Mapping[str, Any]) -> None:
    """Keep these parts of the card of a model that came along. Raises `OSError` and `Damaged`."""
    data = documents.encoded(dict(parts), limits.CARD_BYTES, indent=1)
    files.make_private(folder)
    files.write_bytes(_file(folder, digest), data)


def keep_shown(folder: Path, digest: str, shown: Preview | None) -> None:
    """Keep what measuring a model showed, small, as `api.samples` finds it below its digest; None
    takes away what was kept before. Raises `OSError`."""
    place = folder / digest
    if place.is_dir():
        shutil.rmtree(place)
    if shown is not None:
        files.make_private(folder)
        files.make_private(place)
        samples.keep(shown.artifact, place)


def read_beside(folder: Path, digest: str) -> dict[str, Any]:
    """What was kept so; nothing where there is none that can be read."""
    try:
        return dict(documents.read(_file(folder, digest), limits.CARD_BYTES, kind=_beside))
    except (OSError, documents.Damaged):
        return {}


def _file(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.json"
