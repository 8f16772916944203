"""`aigc-studio plugins install`: what it would change is told first, then it is done, or not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aigc_studio.api import StudioError
from aigc_studio.cli import choosing
from aigc_studio.cli.console import Console, follow
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host.packages.installing import Plan
    from aigc_studio.host.packages.wheels import Wheel

T = TypeVar("T")


def add(command: Any) -> None:
    """The command and its flags."""
    install = command("install", _("install the package of a plugin"), run)
    install.add_argument(
        "wanted",
        metavar="WHEEL|NAME|FOLDER|FILE",
        help=_("a wheel, a package by its name (==VERSION too), or the folder or file of a plugin"),
    )
    install.add_argument(
        "--dry-run", action="store_true", help=_("say what would change, and change nothing")
    )
    install.add_argument("--yes", action="store_true", help=_("do not ask"))
    install.add_argument(
        "--own-environment",
        action="store_true",
        help=_("give it a Python of its own, for what it needs in another version"),
    )
    install.add_argument(
        "--python", default="", metavar="PATH", help=_("of its own environment: that Python")
    )


def run(arguments: argparse.Namespace) -> None:
    """Install a plugin. Raises `StudioError` that says why not."""
    from aigc_studio.host.packages import adding
    from aigc_studio.host.packages.building import is_source
    from aigc_studio.host.packages.installing import Installation
    from aigc_studio.host.packages.resolving import Quarrel

    console = Console(as_json=arguments.json)
    if adding.is_file(arguments.wanted) or adding.is_folder(arguments.wanted):
        _add_loose(arguments, console)
        return
    may_build = arguments.yes
    if is_source(arguments.wanted) and not may_build:
        may_build = _agrees(console, _("It has to be built, which runs programs of its author."))
    with Installation(
        arguments.wanted,
        may_build=may_build,
        environment=arguments.own_environment,
        python=arguments.python,
    ) as installation:
        try:
            plan = follow(installation.prepare(), console)
        except Quarrel as error:
            sentence = _("{reason} In the shell: {flag}.")
            raise StudioError(sentence.format(reason=error, flag="--own-environment")) from error
        _tell(plan, console)
        found: list[Any] = []
        if not arguments.dry_run:
            if not arguments.yes and not _agrees(console, _warning()):
                raise StudioError(_("Nothing was installed. Add --yes to agree."))
            records = choosing.open_registry().records
            found = follow(installation.finish(records), console)
    ids = [each.description.id for each in found if each.description]
    console.document(_document(plan, ids))
    for each in ids:
        sentence = _("{id} is here now: see “aigc-studio generate {id} --parameters”.")
        console.say(sentence.format(id=each))
    if arguments.dry_run:
        console.say(_("Nothing was changed."))


def _add_loose(arguments: argparse.Namespace, console: Console) -> None:
    """A plugin without a package is copied into the plugin folder."""
    from aigc_studio.host.packages import adding

    path = Path(arguments.wanted).expanduser()
    where = adding.place_of(path)
    if not arguments.dry_run:
        if not arguments.yes and not _agrees(console, _warning()):
            raise StudioError(_("Nothing was installed. Add --yes to agree."))
        where = adding.add(path)
    console.document({"path": str(where), "installed": not arguments.dry_run})
    console.say(_("It goes into {folder}.").format(folder=where))


def _warning() -> str:
    return _("A plugin runs programs of its author: install only those you trust.")


def _tell(plan: Plan, console: Console) -> None:
    """What would happen, for a person."""
    own = plan.plugin
    if plan.former == own.version:
        console.say(
            _("{name} {version} is here, and is installed again.").format(
                name=own.name, version=own.version
            )
        )
    elif plan.former:
        sentence = _("{name}: {former} becomes {version}. Its models stay.")
        console.say(sentence.format(name=own.name, former=plan.former, version=own.version))
    elif own.summary:
        console.say(own.summary)
    rows = [
        (each.name, each.version, size(each.size), each.licence or _("not said"), each.origin)
        for each in (own, *plan.beside)
    ]
    console.table((_("package"), _("version"), _("size"), _("licence"), _("from")), rows)
    for what, asked in ((_("Python"), own.python), (_("AIGC Studio"), own.of_the_studio)):
        if asked:
            console.say(_("It asks for {what}: {asked}").format(what=what, asked=asked))
    where = _("It goes into {folder}; the studio's own packages stay as they are.")
    if plan.environment:
        where = _("It goes into {folder}, with a Python of its own beside.")
    console.say(where.format(folder=plan.folder))


def size(count: int) -> str:
    """Bytes, for a person."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _document(plan: Plan, ids: list[str]) -> dict[str, Any]:
    return {
        "plugin": _wheel(plan.plugin),
        "beside": [_wheel(each) for each in plan.beside],
        "former": plan.former,
        "folder": str(plan.folder),
        "environment": plan.environment,
        "installed": ids,
    }


def _wheel(wheel: Wheel) -> dict[str, Any]:
    return {
        "name": wheel.name,
        "version": wheel.version,
        "bytes": wheel.size,
        "licence": wheel.licence,
        "author": wheel.author,
        "python": wheel.python,
        "requires": list(wheel.requires),
        "plugins": list(wheel.plugins),
        "from": wheel.origin,
    }


def _agrees(console: Console, sentence: str) -> bool:
    """Ask a person who sits there; nobody who is not there agrees."""
    if console.as_json or not sys.stdin.isatty():
        return False
    console.note(sentence)
    print(_("Continue? [y/N] "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")
