"""What a distribution says of itself, in the place of what its plugin leaves out."""

from __future__ import annotations

import importlib.metadata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aigc_studio.api import limits
from aigc_studio.api.description import Description
from aigc_studio.api.fitting import plain_words
from aigc_studio.host.records import PluginSource

if TYPE_CHECKING:
    from email.message import Message

NO_VERSION = "0"
"""The version of a plugin that does not say its own."""


def with_papers(about: Description, source: PluginSource) -> Description:
    """The same with the version, author, licence and page of the plugin's distribution where it
    says none of its own; a plugin of no distribution is left as it is."""
    if not source.distribution:
        return about
    version = about.version
    if version == NO_VERSION and source.version:
        version = source.version
    told = metadata_of(source)
    return replace(
        about,
        version=version,
        author=about.author or (author_of(told) if told else ""),
        licence=about.licence or (licence_of(told) if told else ""),
        homepage=about.homepage or (page_of(told) if told else ""),
    )


def metadata_of(source: PluginSource) -> Message | None:
    """The METADATA of an installed distribution; None of a project, and where there is none."""
    where: dict[str, Any] = {"path": [source.path]} if source.path else {}
    found = importlib.metadata.distributions(name=source.distribution, **where)
    told: Any = next(iter(found), None) if source.origin != "path" else None
    return None if told is None else told.metadata


def author_of(about: Message) -> str:
    """Whose it is, as a name or a name with an address."""
    return line(about["Author"] or about["Author-email"])


def licence_of(about: Message) -> str:
    """An SPDX expression, or what older packages have in its place; not the text of a licence."""
    if about["License-Expression"]:
        return line(about["License-Expression"])
    named = [str(each) for each in about.get_all("Classifier", []) if "License ::" in str(each)]
    written = line(about["License"])  # many have the whole text in this field
    return written if 0 < len(written) <= 60 else (named or [""])[0].rpartition(":: ")[2]


def page_of(about: Message) -> str:
    """Its homepage, else the first of its addresses."""
    told = {}
    for each in about.get_all("Project-URL", []):
        label, _comma, address = str(each).partition(",")
        told[label.strip().lower()] = line(address)
    first = next(iter(told.values()), "")
    return line(about["Home-page"]) or told.get("homepage", "") or first


def line(words: object) -> str:
    """One plain line of a header; empty where there is none."""
    return plain_words(str(words or ""), limits.TITLE).strip()
