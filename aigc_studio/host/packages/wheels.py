"""What a wheel says of itself, read without unpacking it and without running anything."""

from __future__ import annotations

import configparser
import email.parser
import email.policy
import re
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from aigc_studio.api.errors import StudioError
from aigc_studio.api.events import Progress
from aigc_studio.files import open_plain
from aigc_studio.host.packages.papers import author_of, licence_of, line
from aigc_studio.host.packages.places import normal
from aigc_studio.host.records import GROUP
from aigc_studio.translation import _

_METADATA_BYTES = 4 << 20
_STEP = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
"""What reading a zip comes to that is not whole, or not one."""
_name_form = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl")
_plain = re.compile(r"[A-Za-z0-9]([\w.+!-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True)
class Wheel:
    """One package, ready to be installed.

    `size` is in bytes, unpacked. `plugins` are the names of the entry points that are plugins of
    the studio. `requires` are its requirements as they stand in it, `python` what it asks of
    Python. `origin` is where it came from: a file, or an address.
    """

    path: Path
    name: str
    version: str
    size: int
    licence: str = ""
    author: str = ""
    summary: str = ""
    python: str = ""
    requires: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    origin: str = ""

    @property
    def of_the_studio(self) -> str:
        """What it asks of the studio, as it stands in it; empty when it does not say."""
        named = [each for each in self.requires if re.match(r"aigc[-_.]studio(?![\w.-])", each)]
        return named[0] if named else ""


def read_wheel(path: Path, origin: str = "") -> Generator[Progress, None, Wheel]:
    """Read a wheel whole, step by step, looking whether it is whole. Raises `StudioError`."""
    if not _name_form.fullmatch(path.name):
        sentence = _(
            "{name} is not named like a wheel (name-version-py3-none-any.whl): choose the file "
            "as its author gave it."
        )
        raise StudioError(sentence.format(name=path.name))
    try:
        with open_plain(path) as file, zipfile.ZipFile(file) as archive:
            yield from _checked(archive, _("Reading {name}").format(name=path.name))
            return _read(archive, path, origin or str(path))
    except OSError as error:
        sentence = _("The file {name} cannot be read ({problem}).")
        raise StudioError(sentence.format(name=path.name, problem=error.strerror)) from error
    except _DAMAGED as error:
        sentence = _("The wheel {name} is damaged: get it again from its author.")
        raise StudioError(sentence.format(name=path.name)) from error


def _checked(archive: zipfile.ZipFile, text: str) -> Generator[Progress]:
    """Read all of it, which is an error where a sum is not right."""
    sizes = [each.file_size for each in archive.infolist()]
    done, total = 0, sum(sizes)
    for member in archive.infolist():
        with archive.open(member) as file:
            while read := len(file.read(_STEP)):
                done += read
                yield Progress(done, total, text)


def check_plugin(wheel: Wheel) -> None:
    """Raise `StudioError` for a package that has no plugin of the studio in it."""
    if not wheel.plugins:
        sentence = _(
            "{name} is not a plugin: it has no entry point of the group {group}. Ask its author "
            "whether it is the right package."
        )
        raise StudioError(sentence.format(name=f"{wheel.name} {wheel.version}", group=GROUP))


def _read(archive: zipfile.ZipFile, path: Path, origin: str) -> Wheel:
    tops = {each.split("/")[0] for each in archive.namelist()}
    told = [each for each in sorted(tops) if each.endswith(".dist-info")]
    if len(told) != 1:
        raise ValueError("a wheel has one .dist-info")
    about = _headers(archive, f"{told[0]}/METADATA")
    name, version = str(about["Name"] or ""), str(about["Version"] or "")
    called = _name_form.fullmatch(path.name)
    # A folder gets this name: it is the one that the file has, and no path.
    if not _plain.fullmatch(name) or called is None or normal(called["name"]) != normal(name):
        raise ValueError(f"another name: {name}")
    if not _plain.fullmatch(version):
        raise ValueError(f"no version: {version}")
    return Wheel(
        path=path,
        name=name,
        version=version,
        size=sum(each.file_size for each in archive.infolist()),
        licence=licence_of(about),
        author=author_of(about),
        summary=line(about["Summary"]),
        python=str(about["Requires-Python"] or ""),
        requires=tuple(str(each) for each in about.get_all("Requires-Dist", [])),
        plugins=_plugins(archive, f"{told[0]}/entry_points.txt"),
        origin=origin,
    )


def _headers(archive: zipfile.ZipFile, name: str) -> EmailMessage:
    policy = email.policy.compat32.clone(message_factory=EmailMessage)
    parser: email.parser.Parser[EmailMessage] = email.parser.Parser(policy=policy)  # type: ignore[arg-type]
    return parser.parsestr(_text(archive, name), headersonly=True)


def _plugins(archive: zipfile.ZipFile, name: str) -> tuple[str, ...]:
    if name not in archive.namelist():
        return ()
    points = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    points.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        points.read_string(_text(archive, name))
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    return tuple(points[GROUP]) if points.has_section(GROUP) else ()


def _text(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as file:
        return file.read(_METADATA_BYTES).decode("utf-8", "replace")
