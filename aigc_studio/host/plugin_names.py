"""What a new plugin is called: any words become a title, an id, and the name of a module."""

from __future__ import annotations

import importlib.machinery
import keyword
import re
import sys
import unicodedata
from dataclasses import dataclass

from aigc_studio.api.errors import StudioError
from aigc_studio.files import DEVICES
from aigc_studio.translation import _

_LONGEST_ID, _LONGEST_TITLE = 40, 80
_OWN_WORDS = ("aigc_studio", "test", "tests", "plugin", "conftest")
"""Modules that would be in the way of the studio, or of an author's own tests."""


@dataclass(frozen=True)
class PluginNames:
    """The names of one plugin: `title` for people, `id` for the studio, `module` for Python."""

    title: str
    id: str

    @property
    def module(self) -> str:
        """The file's stem or the folder's name: the id, as Python can import it."""
        return self.id.replace("-", "_")

    @property
    def distribution(self) -> str:
        """What a package of it is called where packages are found."""
        return self.id if self.id.startswith("aigc-") else f"aigc-{self.id}"


def plugin_names(words: str, medium: str) -> PluginNames:
    """The names of a plugin that a person calls by `words`, in any script.

    What could not be imported, or would hide a module of Python or of an installed package, gets
    `-plugin` behind it; words without Latin letters or digits leave the id to the medium. Raises
    `StudioError` for words in which there is nothing to read.
    """
    readable = "".join(each if each.isprintable() else " " for each in words)
    title = " ".join(readable.removesuffix(".py").split())[:_LONGEST_TITLE].strip()
    if not any(each.isalnum() for each in title):
        raise StudioError(_("Give the plugin a name, such as my-plugin."))
    key = _id_of(title) or f"{medium}-plugin"
    if re.fullmatch(r"\w+([-_]\w+)*", title):  # it was typed as an id: a title has spaces
        spaced = re.sub(r"[-_]+", " ", title).strip()
        title = spaced[:1].upper() + spaced[1:]
    return PluginNames(title, key)


def _id_of(title: str) -> str:
    """Lower-case words joined by `-`, or nothing."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    key = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(key) > _LONGEST_ID:
        key = key[:_LONGEST_ID].rpartition("-")[0] or key[:_LONGEST_ID]
    if key[:1].isdigit():
        key = f"plugin-{key}"
    return f"{key}-plugin" if key and _is_taken(key.replace("-", "_")) else key


def _is_taken(module: str) -> bool:
    if keyword.iskeyword(module) or keyword.issoftkeyword(module) or module in _OWN_WORDS:
        return True
    if module in sys.stdlib_module_names or module in DEVICES or module.startswith("aigc_studio"):
        return True
    # Where a shell stands (an empty entry) lies what the author makes, not what is installed.
    installed = [each for each in sys.path if each not in ("", ".")]
    return importlib.machinery.PathFinder.find_spec(module, installed) is not None
