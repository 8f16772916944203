"""No module needs one that needs it, not even later: what is meant by a floor has one direction."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

KNOWN = {("aigc_studio.ui.theme", "aigc_studio.ui.style_sheet")}
"""The theme wears the sheet, whose arrows are icons in the colours of the theme."""

WHOLES = {
    "ui.studio": ("ui.authoring.renewal",),
    "project.project": (
        "project.project_journal", "project.recovery", "project.replay", "project.typed",
    ),
    "ui.window.board.area": ("ui.window.listening.hearing",),
    "ui.window.files.documents": (
        "ui.window.files.arriving", "ui.window.files.opening", "ui.window.files.recovery",
    ),
    "ui.window.making.staging": ("ui.window.making.deciding",),
    "ui.window.window": (
        "ui.window.actions.availability", "ui.window.actions.effects",
        "ui.window.beginning.link", "ui.window.files.taking", "ui.window.tabs",
        "ui.window.tour.steps", "ui.window.tour.tour",
    ),
}  # fmt: skip
"""Parts that are told, as a type alone, which whole they are of: a new part had better be given
what it needs."""


def graph(known: set[tuple[str, str]], *, types: bool) -> dict[str, set[str]]:
    """What each module imports, within functions too; also what for types alone, if wanted."""
    found = grimp.build_graph(
        "aigc_studio", exclude_type_checking_imports=not types, cache_dir=None
    )
    return {
        name: {each for each in found.find_modules_directly_imported_by(name)
               if (name, each) not in known}
        for name in found.modules
    }  # fmt: skip


def check(imports: dict[str, set[str]]) -> None:
    assert len(imports) > 500
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = graph(KNOWN, types=False)
    assert all(target in imports for _source, target in KNOWN)
    check(imports)


def test_nor_do_they_know_each_other_as_types() -> None:
    parts = {
        (f"aigc_studio.{part}", f"aigc_studio.{whole}")
        for whole, parts in WHOLES.items()
        for part in parts
    }
    everything = graph(set(), types=True)
    assert [(part, whole) for part, whole in parts if whole not in everything[part]] == []
    check(graph(KNOWN | parts, types=True))
