"""Names that a person gives to datasets and models: any script, and good on every file system."""

import re
from collections.abc import Iterable

from aigc_studio.api import StudioError
from aigc_studio.api.spelling import normal
from aigc_studio.files import DEVICES
from aigc_studio.translation import _

LONGEST_NAME = 80
"""The most characters that a name may have."""

_refused_characters = set('/\\:*?"<>|')


def checked_name(name: str, taken: Iterable[str] = ()) -> str:
    """The name in normal form (NFC, no space at the ends).

    Raises `StudioError` when it is empty, too long, has a character that some file system refuses,
    is reserved on Windows, or is in `taken` (capitals do not make a difference).
    """
    name = normal(name).strip()
    if not name:
        raise StudioError(_("The name is empty: type one."))
    if len(name) > LONGEST_NAME or len(name.encode("utf-8", "replace")) > 200:
        raise StudioError(
            _("The name {name} is too long: use at most {count} characters.").format(
                name=f"{name[:20]}…", count=LONGEST_NAME
            )
        )
    refused = [each for each in name if each in _refused_characters or not each.isprintable()]
    if refused:
        raise StudioError(
            _("The name {name} has the character {character} in it: leave it out.").format(
                name=ascii(name) if not name.isprintable() else name, character=ascii(refused[0])
            )
        )
    if name[0] == "." or name[-1] == "." or name.split(".")[0].lower() in DEVICES:
        raise StudioError(
            _("The name {name} cannot be a folder's name on every system: take another.").format(
                name=name
            )
        )
    if name.casefold() in {normal(each).casefold() for each in taken}:
        raise StudioError(_("The name {name} is taken: choose another.").format(name=name))
    return name


def find_name(name: str, names: Iterable[str]) -> str | None:
    """The name among others that this one is, composed or decomposed; None when it is not there."""
    found = list(names)
    if name in found:
        return name
    form = normal(name).strip()
    return next((each for each in found if normal(each) == form), None)


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number behind it that makes it free: `Tunes 2`."""
    used = {normal(each).casefold() for each in taken}
    number, free = 1, name
    while normal(free).casefold() in used:
        number += 1
        free = f"{_cut(name, LONGEST_NAME - len(str(number)) - 1)} {number}"
    return free


def _cut(name: str, most: int) -> str:
    """The name, or as much of its beginning as leaves room for a number behind it."""
    name = name[:most]
    while len(name.encode("utf-8", "replace")) > 180:
        name = name[:-1]
    return name.rstrip()


def proper_name(name: str) -> str:
    """A name made from one that a file or folder has, where that could not be a name itself.

    What is not allowed in it becomes `_`; it may be taken still.
    """
    name = normal(name).strip()
    refused = _refused_characters
    name = "".join("_" if c in refused or not c.isprintable() else c for c in name)
    while len(name) > LONGEST_NAME or len(name.encode("utf-8")) > 200:
        name = name[:-1]
    try:
        return checked_name(name)
    except StudioError:
        return checked_name(f"_{name.strip(' .')}")


def natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """What to sort names by, so that 2 comes before 10; equal for no two different names."""
    folded = normal(name).casefold()
    # Python refuses to read numbers of thousands of digits.
    parts = re.findall(r"\d{1,18}|\D+", folded)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name
