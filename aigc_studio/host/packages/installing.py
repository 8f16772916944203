"""Installing the package of a plugin: what would happen is told first, then it happens whole.

    with Installation("aigc_markov-1.0-py3-none-any.whl") as installation:
        plan = yield from installation.prepare()      # nothing is installed, nothing is run
        yield from installation.finish(records)       # whole, or not at all

The package gets a folder of its own, with what it needs and the studio has not beside it. Nothing
of the studio's own Python is changed, and its packages come first in a worker.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from aigc_studio import needs
from aigc_studio.api import Progress, StudioError
from aigc_studio.host.leftovers import Workplace
from aigc_studio.host.packages import environments, places, resolving
from aigc_studio.host.packages.building import MustBuild, build, is_project, is_source
from aigc_studio.host.packages.pip import pip
from aigc_studio.host.packages.places import installed_folder, normal
from aigc_studio.host.packages.removing import is_own
from aigc_studio.host.packages.requirements import without_studio
from aigc_studio.host.packages.wheels import Wheel, check_plugin, read_wheel
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _, enumerated

_name_form = re.compile(
    r"[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?\s*((==|~=|!=|>=|<=|>|<)[\w.*+!,=<>~ -]+)?"
)


@dataclass(frozen=True)
class Plan:
    """What an installation would do: the plugin's package, and what comes beside it.

    `former` is the version that is installed now, or empty. `environment`: it gets a Python of its
    own, and what comes beside it goes there. `folder` is where it will lie.
    """

    plugin: Wheel
    beside: tuple[Wheel, ...]
    former: str
    environment: bool
    folder: Path

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(each.size for each in (self.plugin, *self.beside))


class Installation:
    """One package on its way: a wheel, a project's folder or archive (`may_build`), or a name.

    Use it in a `with`: what is half made goes at its end. Raises `StudioError`.
    """

    def __init__(
        self,
        wanted: str,
        *,
        may_build: bool = False,
        environment: bool = False,
        python: str = "",
    ) -> None:
        self.wanted = wanted.strip()
        self._may_build = may_build
        self._environment = environment or bool(python)
        self._python = python
        places.sweep()
        try:
            self._work = Workplace(installed_folder())
        except OSError as error:
            raise StudioError(places.closed(installed_folder(), error)) from error
        self._scratch = self._work.folder
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        """What `prepare` found."""
        assert self._plan is not None
        return self._plan

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Take away what is half made."""
        self._work.remove()

    def prepare(self) -> Generator[Progress, None, Plan]:
        """Find out what would happen, and fetch what is needed for it. Nothing of it is run, but
        for the build of what is no wheel."""
        own = yield from self._own_wheel()
        check_plugin(own)
        if normal(own.name) in resolving.here():
            sentence = _(
                "{name} is in the Python that the studio runs in: update it there, with pip."
            )
            raise StudioError(sentence.format(name=own.name))
        target = installed_folder() / normal(own.name)
        held = [each.version for each in places.plugins_in(target)]
        source = PluginSource("entry_point", own.plugins[0], distribution=own.name)
        self._environment = self._environment or bool(places.interpreter_of(source))
        beside = yield from self._beside(own)
        former = held[0] if held else ""
        self._plan = Plan(own, tuple(beside), former, self._environment, target)
        return self._plan

    def finish(
        self, records: Iterable[PluginRecord] = ()
    ) -> Generator[Progress, None, list[PluginRecord]]:
        """Install what `prepare` found; the plugins in it. `records` are those that are here."""
        plan = self.plan
        site = self._scratch / "site"
        text = _("Installing {name}").format(name=plan.plugin.name)
        yield from self._unpack(plan, site, text)
        yield Progress(0, 0, _("Trying the plugin"))
        sources = places.plugins_in(site)
        for source in sources:
            self._check_module(source)
        found = [self._described(source) for source in sources]
        self._check(plan, found, records)
        yield Progress(0, 0, text)  # the last moment to break off
        with places.turn():
            try:
                if plan.environment:
                    environments.note(self._own, plan.plugin.requires)
                    key = normal(plan.plugin.name)
                    places.place(self._own, places.environments_folder() / key)
                places.place(site, plan.folder)
            except OSError as error:
                raise StudioError(places.closed(plan.folder.parent, error)) from error
        return found

    # The plugin's own wheel

    def _own_wheel(self) -> Generator[Progress, None, Wheel]:
        path = Path(self.wanted).expanduser()
        if path.suffix == ".whl" and path.is_file():
            return (yield from read_wheel(path))
        if is_source(self.wanted) and path.exists():
            if not is_project(path):
                raise StudioError(_no_package(self.wanted))
            if not self._may_build:
                raise MustBuild(path)
            return (yield from build(path, self._scratch))
        if not _name_form.fullmatch(self.wanted) or path.suffix == ".whl":
            raise StudioError(_no_package(self.wanted))
        text = _("Looking for {name}").format(name=self.wanted)
        entries = yield from resolving.report([self.wanted], self._scratch, text, {}, alone=True)
        wheels = yield from resolving.fetch(entries, self._scratch, "own")
        return wheels[0]

    # What comes beside it

    @property
    def _own(self) -> Path:
        """The environment that is being made."""
        return self._scratch / "environment"

    def _beside(self, own: Wheel) -> Generator[Progress, None, list[Wheel]]:
        if self._environment:
            yield from environments.make_environment(self._own, self._scratch, self._python)
            wanted = [*needs.requirements(), *without_studio(own.requires)]
            python = str(places.python_in(self._own))
            text = _("Asking pip what it needs")
            entries = yield from resolving.report(wanted, self._scratch, text, {}, python)
            return (yield from resolving.fetch(entries, self._scratch, python=python))
        wanted = [f"{own.name} @ {own.path.absolute().as_uri()}"]
        entries = yield from resolving.resolve(wanted, self._scratch, resolving.here())
        others = [each for each in entries if not _is(each, own.name)]
        if any(_is(each, "aigc-studio") for each in others):
            raise StudioError(_("The studio runs from a checkout: install it with pip first."))
        return (yield from resolving.fetch(others, self._scratch))

    def _unpack(self, plan: Plan, site: Path, text: str) -> Generator[Progress]:
        words = ["install", "--no-deps", "--no-index", "--no-compile"]
        own, beside = [str(plan.plugin.path)], [str(each.path) for each in plan.beside]
        python = str(places.python_in(self._own)) if plan.environment else ""
        if plan.environment and beside:
            yield from pip([*words, *beside], self._scratch, text, python)
        wheels = own if plan.environment else [*own, *beside]
        yield from pip([*words, "--target", str(site), *wheels], self._scratch, text, python)

    # Whether it may have its place

    def _described(self, source: PluginSource) -> PluginRecord:
        from dataclasses import replace

        from aigc_studio.host.describing import describe

        python = places.python_in(self._own)
        own = str(python) if self.plan.environment else ""
        return describe(replace(source, interpreter=own))

    def _check_module(self, source: PluginSource) -> None:
        """Refuse what a worker would not find, because the studio's Python has that name."""
        module = source.target.partition(":")[0].partition(".")[0]
        spec = None if self._environment else PathFinder.find_spec(module)
        if module in sys.stdlib_module_names or (spec is not None and spec.origin is not None):
            sentence = _(
                "Its module {module} is already in the Python that the studio runs in: tell its "
                "author to give it another name."
            )
            raise StudioError(sentence.format(module=module))

    def _check(
        self, plan: Plan, found: list[PluginRecord], records: Iterable[PluginRecord]
    ) -> None:
        taken = {
            each.description.id: each.source
            for each in records
            if each.description is not None and each.state == "ready"
        }
        for record in found:
            if record.state != "ready" or record.description is None:
                raise NotUsable(_not_usable(plan, record), record.details)
            other = taken.get(record.description.id)
            if other is not None and normal(other.distribution) != normal(plan.plugin.name):
                raise StudioError(_id_taken(record.description.id, other))


class NotUsable(StudioError):
    """The package is sound, and its plugin does not work here; `details` are for its author."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


def _id_taken(key: str, other: PluginSource) -> str:
    if is_own(other):
        sentence = _("The id {key} belongs to the studio: tell its author to choose another.")
        return sentence.format(key=key)
    sentence = _(
        "The id {key} is taken by the plugin {other}: remove that first (aigc-studio plugins "
        "remove {key})."
    )
    return sentence.format(key=key, other=other.distribution or other.path or other.name)


def _not_usable(plan: Plan, record: PluginRecord) -> str:
    sentence = _("{package} was not installed: {reason}")
    package = f"{plan.plugin.name} {plan.plugin.version}"
    return sentence.format(package=package, reason=record.reason)


def _no_package(wanted: str) -> str:
    path = Path(wanted).expanduser()
    if path.exists():
        sentence = _("{name} is not a package: choose a wheel (.whl) or the folder of a project.")
        return sentence.format(name=path.name)
    if re.search(r"[/\\]|\.whl$", wanted):
        return _("There is no file {path}.").format(path=wanted)
    return _("{name} is neither the name of a package nor a wheel.").format(name=wanted)


def _is(entry: Any, name: str) -> bool:
    return normal(str(entry["metadata"]["name"])) == normal(name)


def named(wheels: Iterable[Wheel]) -> str:
    """Packages in a row, with their versions."""
    return enumerated(f"{each.name} {each.version}" for each in wheels)
