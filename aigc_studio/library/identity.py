"""Which of several models is meant: by digest, by name, or the usual one; and what to call it.

Standard library only: the prompt panel asks before the first paint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from aigc_studio.api import StudioError
from aigc_studio.library.names import find_name
from aigc_studio.translation import _, enumerated

SHORT = 12
"""So many digits of a digest are shown where a person is to tell models apart."""


class Named(Protocol):
    """What is known of a model where one is looked for (`ModelInfo`)."""

    @property
    def name(self) -> str:
        """The name of its folder."""

    @property
    def title(self) -> str:
        """What people call it, in the language spoken."""

    @property
    def language(self) -> str:
        """The language of what it makes; empty where that is of none."""

    @property
    def generator(self) -> str:
        """The id of the generator that it belongs to."""

    @property
    def made(self) -> float:
        """When it came to be here, in seconds since 1970."""

    @property
    def shipped(self) -> bool:
        """Whether it came with the studio or with a plugin."""

    @property
    def digest(self) -> str:
        """Its manifest digest."""

    @property
    def weights_digest(self) -> str:
        """SHA-256 of its weights, which named it in version 0.1; empty where it has none."""

    @property
    def formerly(self) -> tuple[str, ...]:
        """Digests that it had while it could do less, and did all else as it does now."""


_LEAST = 8
"""Fewer digits of a digest than these name no model."""

_Model = TypeVar("_Model", bound=Named)


def answers(model: Named, digest: str, name: str = "") -> bool:
    """Whether it is the model that something was made with.

    The digest of version 0.1 does not tell models with equal weights apart, so the name must be
    the same as well where one is given.
    """
    if not digest or digest == model.digest or digest in model.formerly:
        return bool(digest)
    return digest == model.weights_digest and (not name or _called(model, name))


def recalled(models: Iterable[_Model], digest: str, name: str = "") -> _Model | None:
    """The model of this digest, whatever it is called now; None when it is not among them.

    Of equal ones the one called `name`; where several that differ had this digest in version 0.1,
    none but that one. Without a digest (nothing else was known) the one called so. A model of the
    same name and another digest is another model.
    """
    models = list(models)
    if not digest:
        return next((each for each in models if _called(each, name)), None)
    for keys in (_exactly, _formerly, _by_weights):
        same = [each for each in models if digest in keys(each)]
        named = next((each for each in same if _called(each, name)), None)
        if named is not None or len({each.digest for each in same}) == 1:
            return named or same[0]
    return None


def _exactly(model: Named) -> tuple[str, ...]:
    return (model.digest,)


def _formerly(model: Named) -> tuple[str, ...]:
    return model.formerly


def _by_weights(model: Named) -> tuple[str, ...]:
    return (model.weights_digest,)


def _called(model: Named, name: str) -> bool:
    return find_name(name, [model.name]) is not None


def why_missing(models: Iterable[Named], digest: str, name: str) -> str:
    """A sentence on a model that is not here, and on another of its name that is."""
    twin = next((each for each in models if _called(each, name)), None)
    name = name or digest[:SHORT]
    if twin is None:
        return _(
            "The model “{name}” is not here: import it in the library to get the same results."
        ).format(name=name)
    return _(
        "The model “{name}” that is here is not the one that this was made with ({here}, not "
        "{wanted}): import that one in the library to get the same results."
    ).format(name=name, here=twin.digest[:SHORT], wanted=digest[:SHORT])


def usual(models: Iterable[_Model], spoken: str = "") -> _Model | None:
    """The model to take while nobody has chosen one: the first that came with the studio, and of
    those the first that makes things in the language `spoken`.

    The person's own take its place only where there is none such, or when they are chosen: of those
    it is the newest.
    """
    models = list(models)
    came = [each for each in models if each.shipped]
    wanted = spoken.split("_")[0]
    own = [each for each in came if wanted and each.language.split("_")[0] == wanted]
    return next(iter(own + came), None) or max(models, key=lambda each: each.made, default=None)


def label(model: Named, models: Iterable[Named]) -> str:
    """Its name; where others have the same, with whose it is, or else with its digest."""
    same = [each for each in models if each.name == model.name]
    text = model.name
    for say in (_plain, _came, _owned, _exact):
        text = say(model)
        if sum(say(each) == text for each in same) < 2:
            break
    return text


def titled(model: Named, models: Iterable[Named]) -> str:
    """As `label`, but with its title for people in place of its name, where no other of `models`
    is called the same then."""
    models, title = list(models), model.title
    if title == model.name:  # as nearly all are: no other need be looked at
        return label(model, models)

    def said(each: Named) -> str:
        return label(each, models).replace(each.name, each.title, 1)

    same = [each for each in models if each.title == title and each != model]
    is_taken = any(said(each) == said(model) for each in same)
    return label(model, models) if is_taken else said(model)


def _plain(model: Named) -> str:
    return model.name


def _came(model: Named) -> str:
    text = _("{name} (came with the studio)") if model.shipped else _("{name} (yours)")
    return text.format(name=model.name)


def _owned(model: Named) -> str:
    return f"{model.name} ({model.generator})"


def _exact(model: Named) -> str:
    return f"{model.name} ({model.digest[:SHORT]})"


def begin_so(models: Iterable[_Model], digits: str) -> Sequence[_Model]:
    """The models whose digest begins so; if there are none, those whose digest of old does."""

    def of_old(model: _Model) -> bool:
        return any(each.startswith(digits) for each in (model.weights_digest, *model.formerly))

    if len(digits) < _LEAST:
        return []
    digits, models = digits.lower(), list(models)
    now = [each for each in models if each.digest.startswith(digits)]
    return now or [each for each in models if of_old(each)]


def several(word: str, found: Iterable[Named], models: Iterable[Named] = ()) -> StudioError:
    """The error for a name or digits that several models answer to."""
    models = list(models) or list(found)
    known = enumerated(f"{label(each, models)} {each.digest[:SHORT]}" for each in found)
    return StudioError(
        _("Several models answer to {name}: {known}. Name one by its digest.").format(
            name=word, known=known
        )
    )
