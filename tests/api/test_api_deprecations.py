"""What goes away still works, and says once where it is used: shown by things that are made up."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from aigc_studio import api
from aigc_studio.api import deprecations
from aigc_studio.api.deprecations import Gone, renamed
from aigc_studio.worker.plugin import join


@pytest.fixture(autouse=True)
def nothing_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecations, "_uses", {})
    monkeypatch.setattr(api, "_gone", {"Tune": ("Melody", 3)})


def test_an_old_name_is_the_new_thing_and_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    found = {id(getattr(api, name)) for name in ("Tune", "Tune")}
    assert found == {id(api.Melody)}
    (use,) = deprecations.uses()
    assert (Path(use.file).name, use.old) == ("test_api_deprecations.py", "api.Tune")
    said = (
        f"test_api_deprecations.py, line {use.line}: api.Tune goes away with version 3 of the "
        "plugin interface. Use Melody."
    )
    assert capfd.readouterr().err.splitlines() == [said]


def test_an_old_field_is_taken_and_given(capfd: pytest.CaptureFixture[str]) -> None:
    @renamed(license=Gone("licence", 2))
    @dataclass(frozen=True, kw_only=True)
    class About:
        licence: str = ""

    about = About(license="MIT")  # type: ignore[call-arg]
    assert about == About(licence="MIT")
    assert about.license == "MIT"  # type: ignore[attr-defined]
    assert [use.old for use in deprecations.uses()] == ["About(license=…)", "About.license"]
    assert capfd.readouterr().err.count("Use licence.") == 2
    with pytest.raises(TypeError, match="licenze"):
        About(licenze="MIT")  # type: ignore[call-arg]


def test_a_name_that_never_was_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Tunes'"):
        api.Tunes  # type: ignore[attr-defined]  # noqa: B018
    assert deprecations.uses() == ()


SOURCE = """
from aigc_studio import api

@api.hookimpl
def describe():
    return api.Description(id="old", title="Old", medium=api.Tune)

@api.hookimpl
def generate(request):
    yield api.Candidate(api.Tune())
"""


def test_the_plugin_that_uses_it_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "old_plugin.py"
    path.write_text(SOURCE, encoding="utf-8")
    plugin = join({"kind": "file", "name": "old_plugin", "path": str(path), "target": ""})
    assert plugin.description.medium == "melody"
    assert plugin.warnings == ()
    assert [str(use) for use in deprecations.uses()] == [
        "old_plugin.py, line 6: api.Tune goes away with version 3 of the plugin interface. "
        "Use Melody."
    ]


def test_a_plugin_whose_folder_begins_as_ours_is_not_our_own() -> None:
    ours = Path(deprecations.__file__)
    assert deprecations._is_own(str(ours))
    assert not deprecations._is_own(str(ours.parents[1].with_name("aigc_studio_sepia") / "it.py"))
