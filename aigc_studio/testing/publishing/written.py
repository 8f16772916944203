"""What must be written of a plugin before it is published: versions, licences, names."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

from aigc_studio import needs
from aigc_studio.api.hookspecs import API_VERSION
from aigc_studio.host.packages.scripts import script_dependencies
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.publishing.code import code_of
from aigc_studio.testing.publishing.papers import Papers, plain_name
from aigc_studio.testing.report import Advice, NotApplicable, Violation
from aigc_studio.translation import _, in_a_row

OURS = ("gan-digits", "rnn-melody", "rnn-text", "vae-faces")
"""The generators that come with the studio."""
STUDIO = "aigc-studio"
BROUGHT = {module: name for name, (module, _least) in needs.WORKER.items()} | {
    "torch": "torch",
    "safetensors": "safetensors",
}
"""Modules that a plugin finds wherever the studio runs it, and their distributions."""
_version_form = re.compile(r"(\d+!)?\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[\w.]+)?")
_name_form = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_licence_form = re.compile(
    r"\(*[A-Za-z0-9][\w.+-]*\)*(\s+(AND|OR|WITH)\s+\(*[A-Za-z0-9][\w.+-]*\)*)*"
)
_capped = re.compile(r"(==|<|~=)")


def tell(faults: list[str], advice: list[str], *, strictly: bool = True) -> None:
    """Raise `Violation` for faults and `Advice` for the rest; not `strictly`, all is advice."""
    if faults and strictly:
        raise Violation(in_a_row(faults))
    if faults or advice:
        raise Advice(in_a_row([*faults, *advice]))


def check_project(bench: Bench) -> None:
    """Its pyproject.toml has a name, a version, a Python, a backend and our entry point.

    For others to install it by name. What should be there and may be missing is an advice: a
    README, a line that describes it, the entry point called as the generator.
    """
    papers = _project(bench)
    faults, advice = [], []
    if not _name_form.fullmatch(papers.name) or plain_name(papers.name) == STUDIO:
        faults.append(_("Give it a name of its own in pyproject.toml: name = “aigc-…”."))
    if not papers.version and "version" not in papers.dynamic:
        faults.append(_("Give it a version in pyproject.toml."))
    if not papers.python:
        sentence = _("Say which Python it needs in pyproject.toml: requires-python = “{python}”.")
        faults.append(sentence.format(python=_python()))
    if not papers.backend:
        faults.append(_("Say in pyproject.toml what builds it: a [build-system] table."))
    if papers.folder and not (papers.readme and (papers.folder / papers.readme).is_file()):
        advice.append(_("Give it a README, and name that in pyproject.toml."))
    if not papers.summary:
        advice.append(_("Give it a description in pyproject.toml: one line that a person reads."))
    if bench.about.id not in papers.points:
        sentence = _("Call its entry point {id}, as its generator: that is what people type.")
        advice.append(sentence.format(id=bench.about.id))
    tell(faults, advice)


def _project(bench: Bench) -> Papers:
    """The papers of a project. Raises `NotApplicable` for what has none."""
    papers = bench.papers
    if papers is None:
        raise NotApplicable(_("It is not a package; `plugins new --package` begins one."))
    return papers


def _python() -> str:
    """The Pythons that the studio runs on."""
    return ">=" + ".".join(map(str, needs.PYTHON))


def check_version(bench: Bench) -> str:
    """Its version is written once, or everywhere the same, and of a form that can be compared.

    A `Description` without one has that of the distribution.
    """
    papers, version = bench.papers, bench.about.version
    faults, advice = [], []
    written = papers.version if papers else ""
    if version == "0" and not written:
        faults.append(_("Give its Description a version, such as “1.0”."))
    elif not _version_form.fullmatch(version):
        sentence = _("Its version {version} is none that can be compared: write it as 1.0.2.")
        faults.append(sentence.format(version=version))
    alone = papers is not None and len(papers.points) == 1
    if written and alone and version not in ("0", written):
        sentence = _(
            "Its Description says version {one}, and its pyproject.toml {other}: leave it out of "
            "the Description."
        )
        faults.append(sentence.format(one=version, other=written))
    if bench.about.api_version < API_VERSION:
        sentence = _("It is of version {old} of the plugin interface; {new} is the newest.")
        advice.append(sentence.format(old=bench.about.api_version, new=API_VERSION))
    tell(faults, advice, strictly=papers is not None)
    return written or version


def check_licence(bench: Bench) -> str:
    """Its licence is an SPDX expression, in its Description and in its pyproject.toml.

    Without one nobody may use it, or pass on what it makes of their work.
    """
    papers, licence = bench.papers, bench.about.licence
    faults, advice = [], []
    if not licence:
        faults.append(_("Give its Description a licence, as an SPDX expression such as “MIT”."))
    elif not _licence_form.fullmatch(licence):
        sentence = _(
            "Its licence “{licence}” is not an SPDX expression such as “MIT” or “Apache-2.0”."
        )
        faults.append(sentence.format(licence=licence))
    if papers is not None and papers.tables:
        advice.append(_("Write license = “…” in pyproject.toml, an SPDX expression and no table."))
    elif papers is not None and licence and papers.licence != licence:
        sentence = _("Its pyproject.toml says “{one}” as its licence, and its Description “{two}”.")
        faults.append(sentence.format(one=papers.licence, two=licence))
    if papers is not None and papers.folder and not any(papers.folder.glob("LICEN[CS]E*")):
        advice.append(_("Put the words of the licence beside pyproject.toml, as LICENSE."))
    tell(faults, advice, strictly=papers is not None)
    return licence


def check_about(bench: Bench) -> None:
    """Who made it and where it is at home are told: people ask before they install."""
    about, papers = bench.about, bench.papers or Papers()
    advice = []
    if not about.author and not papers.author:
        advice.append(_("Say who made it: Description(author=…)."))
    if not re.match(r"https?://[^\s/]+", about.homepage or papers.page):
        advice.append(_("Say where it is at home: Description(homepage=“https://…”)."))
    tell([], advice)


def check_reserved(bench: Bench) -> None:
    """Its id is none of the studio's, and its module takes no other module's place."""
    source, about = bench.record.source, bench.about
    faults = []
    if about.id in OURS and source.distribution != STUDIO:
        sentence = _("The id {id} is that of a generator of the studio: choose another.")
        faults.append(sentence.format(id=about.id))
    module = source.target.partition(":")[0].partition(".")[0] or source.name
    taken = {*sys.stdlib_module_names, *BROUGHT, "tests", "plugins", "src", "utils", "aigc_studio"}
    if module in taken:
        sentence = _("Its module is called {name}, as others are: rename it.")
        faults.append(sentence.format(name=module))
    tell(faults, [])


def check_requirements(bench: Bench) -> None:
    """What it imports comes with the studio, or is among its dependencies.

    The studio brings numpy, torch, Pillow, pydantic, pluggy and safetensors: these may be named
    without an upper bound. The studio itself is not named: the person has it, and pip would look
    for another one.
    """
    code, papers = code_of(bench.record), bench.papers
    named = papers.dependencies if papers else ()
    if papers is None and bench.record.source.kind == "file":
        named = _script_dependencies(Path(bench.record.source.path))
    known = {plain_name(each) for each in named}
    faults = []
    is_studio = papers is not None and plain_name(papers.name) == STUDIO
    places = importlib.metadata.packages_distributions()
    for module, place in code.packages.items():
        owners = [plain_name(each) for each in places.get(module, [module])]
        if module not in BROUGHT and not known & {*owners, plain_name(module)}:
            sentence = _("It imports {module} ({place}): add {name} to its dependencies.")
            faults.append(sentence.format(module=module, place=place, name=owners[0]))
        is_studio = papers is not None and plain_name(papers.name) == STUDIO
    capped = [] if is_studio else [each for each in named if _is_capped(each)]
    faults += map(_capped_sentence, capped)
    advice = []
    if STUDIO in known and not is_studio:
        advice.append(
            _("Take aigc-studio out of its dependencies: the person has it, and its api_version "
              "says what it needs.")
        )  # fmt: skip
    tell(faults, advice, strictly=papers is not None)


def _is_capped(requirement: str) -> bool:
    ours = plain_name(requirement) in BROUGHT.values()
    return ours and bool(_capped.search(requirement.partition(";")[0]))


def _capped_sentence(requirement: str) -> str:
    sentence = _(
        "“{requirement}” bounds what the studio brings from above, and would not be installed "
        "beside it: give at most a lowest version ({name}>=…)."
    )
    return sentence.format(requirement=requirement, name=plain_name(requirement))


def _script_dependencies(file: Path) -> tuple[str, ...]:
    try:
        return script_dependencies(file.read_text("utf-8", "replace"))
    except OSError:
        return ()
    except ValueError as error:
        sentence = _("The block “# /// script” of {name} cannot be read: {problem}.")
        raise Violation(sentence.format(name=file.name, problem=error)) from error
