"""What pip would install for some requirements, and fetching just that."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from aigc_studio.api import Progress, StudioError, documents, limits
from aigc_studio.files import write_text
from aigc_studio.host.packages.pip import PipFailed, pip
from aigc_studio.host.packages.places import normal
from aigc_studio.host.packages.wheels import Wheel, read_wheel
from aigc_studio.translation import _, enumerated

_DEPTH = limits.DEPTH + 8


def here() -> dict[str, str]:
    """What is installed in the Python that the studio runs in: names as all share them, versions.

    Workers find it first, so that a package beside a plugin cannot take the place of one of these.
    """
    found: dict[str, str] = {}
    for each in importlib.metadata.distributions():
        name = each.metadata["Name"]
        if name:
            found.setdefault(normal(name), each.version)
    return found


def resolve(
    requirements: Sequence[str], scratch: Path, fixed: Mapping[str, str]
) -> Generator[Progress, None, list[Any]]:
    """What pip would add to the studio's own Python, as it reports it, none of `fixed` changed.

    Only wheels are taken: a wheel runs nothing while it is installed. Raises `StudioError` that
    says what it would change.
    """
    text = _("Asking pip what it needs")
    try:
        return (yield from report(requirements, scratch, text, fixed))
    except PipFailed as failed:
        _refuse_conflict(failed.output)
        raise


def report(
    requirements: Sequence[str],
    scratch: Path,
    text: str,
    fixed: Mapping[str, str],
    python: str = "",
    *,
    alone: bool = False,
) -> Generator[Progress, None, list[Any]]:
    """The entries of pip's report on an installation that is not made. Raises `PipFailed`.

    `alone`: of what is wanted and not of what that needs, whether or not it is installed.
    """
    wanted, limited, told = (scratch / each for each in ("wanted.txt", "fixed.txt", "report.json"))
    write_text(wanted, "".join(f"{each}\n" for each in requirements), durable=False)
    write_text(limited, "".join(f"{k}=={v}\n" for k, v in fixed.items()), durable=False)
    words = [
        "install", "--dry-run", "--only-binary", ":all:", "--report", str(told),
        "--requirement", str(wanted), "--constraint", str(limited),
    ]  # fmt: skip
    words += ["--no-deps", "--ignore-installed"] if alone else []
    said = yield from pip(words, scratch, text, python)
    try:
        return list(documents.read(told, limits.DOCUMENT_BYTES, _DEPTH)["install"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipFailed(_("What pip said cannot be read: update pip."), said) from error


def _refuse_conflict(said: str) -> None:
    """Raise `StudioError` when pip says that what is wanted and what is fixed go not together."""
    lines = said.partition("The conflict is caused by:")[2].splitlines()
    found = [each.split(" depends on ")[1] for each in lines if " depends on " in each]
    fixed = [each.split("(constraint) ")[1] for each in lines if "(constraint) " in each]
    if not found or not fixed:
        return
    wanted, own = (
        enumerated(dict.fromkeys(map(str.strip, found))),
        fixed[0].strip().replace("==", " "),
    )
    if own.startswith("aigc-studio "):
        sentence = _("It requires {wanted}, and this is {own}: update the studio.")
        raise StudioError(sentence.format(wanted=wanted, own=own))
    raise Quarrel(
        _(
            "It requires {wanted}, and the studio needs {own}: give the plugin an environment of "
            "its own."
        ).format(wanted=wanted, own=own)
    )


class Quarrel(StudioError):
    """A plugin wants what the studio needs in another version: an environment of its own helps."""

    offer = "environment"


def fetch(
    entries: Sequence[Any], scratch: Path, name: str = "beside", python: str = ""
) -> Generator[Progress, None, list[Wheel]]:
    """Bring the wheels of pip's report into `scratch/name`, each the very file that was reported.

    Raises `StudioError`.
    """
    folder = scratch / name
    folder.mkdir(exist_ok=True)
    pinned, origins = [], {}
    for entry in entries:
        address = str(entry["download_info"]["url"])
        about = entry["metadata"]
        origins[normal(str(about["name"]))] = address
        local = _file_of(address)
        if local is not None:
            shutil.copy(local, folder / local.name)
        else:
            pinned.append(_pin(entry))
    if pinned:
        lines = scratch / "pinned.txt"
        write_text(lines, "".join(f"{each}\n" for each in pinned), durable=False)
        words = [
            "download", "--no-deps", "--only-binary", ":all:", "--require-hashes",
            "--dest", str(folder), "--requirement", str(lines),
        ]  # fmt: skip
        yield from pip(words, scratch, _("Fetching {names}").format(names=_named(entries)), python)
    wheels = []
    for each in sorted(folder.iterdir()):
        wheels.append((yield from read_wheel(each)))
    return [_from(wheel, origins.get(normal(wheel.name), "")) for wheel in wheels]


def _pin(entry: Any) -> str:
    name, version = str(entry["metadata"]["name"]), str(entry["metadata"]["version"])
    sha = str(entry["download_info"]["archive_info"]["hashes"]["sha256"])
    if not re.fullmatch(r"[\w.-]+", name) or not re.fullmatch(r"[\w.+!-]+", version):
        raise StudioError(_("What pip said cannot be read: update pip."))
    return f"{name}=={version} --hash=sha256:{sha}"


def _named(entries: Iterable[Any]) -> str:
    return enumerated(str(each["metadata"]["name"]) for each in entries)


def _file_of(address: str) -> Path | None:
    parts = urlsplit(address)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def _from(wheel: Wheel, address: str) -> Wheel:
    from dataclasses import replace

    local = _file_of(address)
    # Where it came from is a place, not an address with a password in it.
    parts = urlsplit(address)
    shown = str(local) if local else f"{parts.scheme}://{parts.hostname}" if address else ""
    return replace(wheel, origin=shown)
