"""What is said of a plugin in words: its state, whose it is, what it may use, where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.api import limits
from aigc_studio.translation import _, enumerated, labelled, localized
from aigc_studio.ui.labels import shortened

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.host import PluginRecord

STATES = ("ready", "failed", "incompatible", "disabled")


def title_of(record: PluginRecord) -> str:
    """What a plugin is called, or the name it was found under."""
    return localized(record.description.title) if record.description else record.source.name


def id_of(record: PluginRecord) -> str:
    """The id of its generator; empty when it could not say."""
    return record.description.id if record.description else ""


def state_text(state: str) -> str:
    """A record's state in a word."""
    return {
        "ready": _("ready"),
        "failed": _("does not work"),
        "incompatible": _("does not fit this version"),
        "disabled": _("switched off"),
    }.get(state, state)


def version_text(record: PluginRecord) -> str:
    """Its id and version; empty for one that could not say."""
    if record.description is None:
        return record.source.version
    return _("{id}, version {version}").format(
        id=record.description.id, version=record.description.version
    )


def uses_text(description: Description) -> str:
    """What it may reach for outside its own folder, each with the reason, as its author says."""
    kinds = {"network": _("the network"), "files": _("files"), "programs": _("other programs")}
    told = [
        labelled(kinds.get(kind, kind), localized(reason))
        for kind, reason in description.uses.items()
    ]
    return "\n".join(told) or _("Names nothing outside its own folder")


def in_a_line(description: Description) -> str:
    """Whose it is, under which licence, and what it may use: as short as can be."""
    kinds = {"network": _("the network"), "files": _("files"), "programs": _("other programs")}
    uses = enumerated(kinds.get(kind, kind) for kind in description.uses)
    told = [
        localized(description.author) or _("no author named"),
        description.licence or _("no licence named"),
        _("may use {things}").format(things=uses) if uses else "",
    ]
    return " · ".join(each for each in told if each)


def titles(description: Description, verb: str) -> str:
    """What a generator's operations under a verb are called."""
    told = enumerated(localized(each.title) for each in description.of_verb(verb))
    # Not all words of 64 operations: a label takes its time over each.
    return shortened(told, limits.SENTENCE)


def origin_text(record: PluginRecord) -> str:
    """Where it lies, and which Python it runs in where that is not the studio's own."""
    source = record.source
    parts = []
    if source.distribution:
        parts.append(_("From package {name}").format(name=source.distribution))
    if source.path:
        parts.append(str(source.path))
    if source.interpreter:
        parts.append(_("Python: {path}").format(path=source.interpreter))
    return "\n".join(parts)
