"""Candidates: results that wait beside the canvas to be accepted or thrown away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from aigc_studio.api import limits
from aigc_studio.project.content import Content
from aigc_studio.project.items import ID_LIMIT, is_id
from aigc_studio.project.joining import Base
from aigc_studio.project.manifests import is_digest
from aigc_studio.project.provenance import Provenance
from aigc_studio.project.titles import spoken
from aigc_studio.translation import Localized

Use = Literal["add", "replace"]
_TEXT_LIMIT = limits.TITLE + ID_LIMIT
"""The most characters of the name of a strip, which a plugin gives, with the request before it."""


@dataclass(frozen=True)
class CandidateRecord:
    """A candidate with all that accepting it needs.

    `use`: `add` puts a new item beside the item `target` (or into free room), `replace` gives
    `target` the new content, as long as it is there. `latent` is the digest of a stored latent.
    `probability` is in 0 to 1. Those of one `strip` are a sequence in the order of `position`.
    `base` is what an edit was asked of, so that the result finds its place on what is there by
    then. Those of one request have one `request`. `action` is what was done, in words ("Clean up").
    Of `title` and `action` what is no text is left out (`titles.spoken`). Raises `ValueError` for
    other values that no file may hold.
    """

    id: str
    content: Content
    provenance: Provenance | None = None
    title: Localized = ""
    latent: str = ""
    probability: float | None = None
    strip: str = ""
    position: int = 0
    target: str = ""
    use: Use = "add"
    # Not compared: one that was put into the tray without it is the same candidate.
    base: Base | None = field(default=None, compare=False)
    request: str = ""
    action: Localized = ""

    def __post_init__(self) -> None:
        for name in ("title", "action"):
            object.__setattr__(self, name, spoken(getattr(self, name)))
        _check(self)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {each.name: getattr(self, each.name) for each in fields(self)}
        value["content"] = self.content.to_json()
        value["provenance"] = self.provenance.to_json() if self.provenance else None
        value["base"] = self.base.to_json() if self.base else None
        for name in ("title", "action"):
            words = value[name]
            value[name] = words if isinstance(words, str) else dict(words)
        return value

    @classmethod
    def from_json(cls, value: Any) -> CandidateRecord:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        if not isinstance(value, Mapping):
            raise ValueError("not a candidate")
        known = {key: value[key] for key in {each.name for each in fields(cls)} & set(value)}
        known["content"] = Content.from_json(known.get("content"))
        made = known.get("provenance")
        if made is not None and not isinstance(made, Provenance):
            known["provenance"] = Provenance.from_json(made)
        if known.get("base") is not None:
            known["base"] = Base.from_json(known["base"])
        try:
            return cls(**known)
        except TypeError as error:
            raise ValueError(f"not a candidate: {error}") from error


def number_of(records: Iterable[CandidateRecord]) -> int:
    """How many things there are to decide on: a sequence is one, however long it is."""
    return len({each.strip or each.id for each in records})


def _check(record: CandidateRecord) -> None:
    texts = (record.strip, record.target, record.request)
    named = all(isinstance(text, str) and len(text) <= _TEXT_LIMIT for text in texts)
    number = record.probability
    in_range = number is None or (type(number) in (int, float) and 0 <= number <= 1)
    if not (is_id(record.id) and named and in_range) or record.use not in get_args(Use):
        raise ValueError("not a candidate")
    if type(record.position) is not int or abs(record.position) > limits.POSITION:
        raise ValueError("not a candidate")
    latent, base = record.latent, record.base
    if not isinstance(latent, str) or (latent and not is_digest(latent)):
        raise ValueError("not a candidate")
    if not isinstance(record.content, Content) or not isinstance(base, Base | None):
        raise ValueError("not a candidate")
    if not isinstance(record.provenance, Provenance | None):
        raise ValueError("not a candidate")
