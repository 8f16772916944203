"""The digest of a model: over all that determines what it does.

The *manifest digest* is the SHA-256 of lines, one a file, sorted: the file's path and its own
SHA-256. Of the card only what determines what the model does goes in (`card_essence`), so that a
model that is renamed, measured again or given another licence stays the same model.

In version 0.1 a model's digest was the SHA-256 of `weights.safetensors` alone. What was made then
names its model so (`ModelInfo.weights_digest`), and still finds it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aigc_studio import folders
from aigc_studio.api import documents, limits, samples
from aigc_studio.api.dataset import DIGEST
from aigc_studio.api.kinds import LARGEST, Anything, ListOf, MapOf, Whole, record
from aigc_studio.api.spelling import normal
from aigc_studio.files import age, canonical_json, files_below, make_private, open_plain, write_text
from aigc_studio.wire.model_folder import ALLOWED, CARD, SEEN, WEIGHTS

VERSION = "aigc-model-manifest 1"
"""The first line of what is digested: another way to do it gets another line."""

BESIDE = frozenset(
    # what it is called and who may use it
    ("format", "name", "formerly", "title", "summary", "description", "notes", "licence", "credit",
     "author", "homepage", "plugin",
    # how good it is
     "metrics", "evaluation", "measures",
    # what it knows, for people to be told of
     "likeness",
    # how it was made
     "operation", "data", "command", "seed", "step", "seconds", "examples_seen", "versions",
     "parameters", "device", "threads", "processes", "torch", "parameter_count")
)  # fmt: skip
"""What stands in a card beside the model itself. All else determines what the model does:
`generator`, `frame`, `controls`, `architecture`, and whatever a plugin put there. `steps` and
`base` are beside it as the studio writes them, and count where a plugin means another thing."""

_SETTLED = 2.0
"""Seconds after which a file's times tell whether it was written again: disks count coarsely."""
_MOST_KEPT = 2000
_lock = threading.Lock()
_known: dict[str, list[Any]] = {}
_unsaved: set[str] = set()
_loaded_from: list[Path] = []


def card_essence(card: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a card that determines what the model does."""
    beside = set(BESIDE)
    if card.get("steps") == card.get("step"):  # how long it was trained, said twice
        beside.add("steps")
    base = card.get("base")
    if isinstance(base, Mapping) and base.keys() <= {"name", "digest"}:  # the model it began with
        beside.add("base")
    return {key: value for key, value in card.items() if key not in beside}


def manifest_digest(folder: Path, card: Mapping[str, Any]) -> str:
    """The digest of the model in `folder`: 64 hexadecimal digits. Raises `OSError`."""
    essence = canonical_json(card_essence(card)).encode()
    lines = [canonical_json([CARD, hashlib.sha256(essence).hexdigest()])]
    for path in _files(folder):
        # Composed: some systems give back another form of a name than the one written.
        name = normal(path.relative_to(folder).as_posix())
        lines.append(canonical_json([name, file_digest(path)]))
    text = "".join(f"{line}\n" for line in (VERSION, *sorted(lines)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def weights_digest(folder: Path) -> str:
    """What named the model in version 0.1; empty where it has no weights. Raises `OSError`."""
    weights = folder / WEIGHTS
    return file_digest(weights) if weights.is_file() else ""


def _files(folder: Path) -> Iterator[Path]:
    # What a model may not have is no part of it: what a file manager leaves makes no other model.
    # Nor is what shows people what it makes: with or without it, it makes the same.
    # Nor is what is known of what it was trained on.
    beside = {folder / CARD, folder / SEEN, *(folder / name for name in samples.NAMES.values())}
    for path in files_below(folder):
        if path.suffix.lower() in ALLOWED and path not in beside:
            yield path


def file_digest(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits: computed once for a path, a size and its times.

    What was computed is kept for the next start (`save_digests`). Raises `OSError`.
    """
    about = os.stat(path)
    stamp = [about.st_size, about.st_mtime_ns, about.st_ctime_ns]
    key = os.path.abspath(path)
    with _lock:
        _load()
        kept = _known.get(key)
    if kept is not None and kept[:3] == stamp:
        return str(kept[3])
    with open_plain(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if is_settled(about):
        with _lock:
            _known[key] = [*stamp, digest]
            _unsaved.add(key)
    return digest


def is_settled(about: os.stat_result) -> bool:
    """Whether a file was written so long ago that its times would tell if it were written again;
    of times that lie ahead nobody knows."""
    moment, now = max(about.st_mtime, about.st_ctime), time.time()
    return moment < now and age(moment) > _SETTLED


def _cache() -> Path:
    return folders.cache_folder() / "digests.json"


def _load() -> None:
    cache = _cache()
    if _loaded_from == [cache]:
        return
    _loaded_from[:] = [cache]
    try:
        kept = documents.read(cache, limits.DOCUMENT_BYTES, kind=_kept)["files"]
    except (OSError, documents.Damaged):
        return  # a cache that cannot be read costs time, and nothing else
    for key, each in kept.items():
        if _stamp.fits(each[:3]) and DIGEST.fits(each[3]):
            _known.setdefault(key, each)


_stamp = ListOf(Whole(-LARGEST), 3, least=3)
_kept = record({"files": MapOf(ListOf(Anything(), 4, least=4), _MOST_KEPT, limits.PATH)})


def save_digests() -> None:
    """Keep what was computed for the next start. What cannot be written costs time later."""
    with _lock:
        if not _unsaved:
            return
        _unsaved.clear()
        there = [each for each in _known.items() if os.path.exists(each[0])]
        kept = dict(there[-_MOST_KEPT:])
    try:
        make_private(_cache().parent)
        write_text(_cache(), json.dumps({"format": 1, "files": kept}), durable=False)
    except (OSError, ValueError):
        return
