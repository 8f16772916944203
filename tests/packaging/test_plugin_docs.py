"""The pages for plugin authors are true: nothing left out, out of date, or linked to nowhere."""

import ast
import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest
from plugin_pages import FOLDER, ROOT, anchors, blocks, links, name_of, pages

from aigc_studio import api, testing, toolkit
from aigc_studio.api.hookspecs import HOOKS


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator of the reference."""
    monkeypatch.syspath_prepend(ROOT / ".ci")
    return importlib.import_module("reference")


def headings(page: str) -> set[str]:
    return set(re.findall(r"^###? (.+)$", (FOLDER / page).read_text("utf-8"), re.M))


def test_the_reference_is_what_the_source_says(tool: ModuleType) -> None:
    assert tool.problems() == []


def test_a_changed_signature_is_found(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"reference.md": tool.pages()["reference.md"].replace("count: int = 1", "count: int")}
    monkeypatch.setattr(tool, "pages", lambda: text)
    assert tool.problems() == ["docs/plugins/reference.md is out of date: run `make reference`"]


def test_every_public_name_has_an_entry() -> None:
    assert {*api.__all__, *HOOKS, *testing.__all__} - headings("reference.md") == {"GeneratorSpec"}
    assert set(toolkit.__all__) - headings("toolkit.md") == set()


def test_every_name_of_the_toolkit_has_one_entry_with_words_under_it() -> None:
    text = (FOLDER / "toolkit.md").read_text("utf-8")
    entries = re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", text, re.M | re.S)
    own = re.findall(r"^### (\w+)", text.partition("\n## measures\n")[0], re.M)
    assert sorted(own) == sorted({*toolkit.__all__} - {"measures", "pictures", "sequences"})
    assert [name for name, words in entries if not words.strip()] == []


def test_every_hook_request_event_and_error_is_explained() -> None:
    text = (FOLDER / "reference.md").read_text("utf-8")
    entries = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", text, re.M | re.S))
    kinds = ("Request", "Error")
    events = {each.__name__ for each in api.Event.__args__}
    asked = {*HOOKS, *events, *(name for name in api.__all__ if name.endswith(kinds))}
    assert len(asked) == 5 + 8 + 4 + 2
    for name in asked:
        prose = re.sub(r"```.*?```", "", entries[name], flags=re.S).strip()
        assert len(prose) > 40, name


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_no_link_is_dead(page: Path) -> None:
    for target in links(page):
        file, _hash, place = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        if place:
            assert place in anchors(there), target


def test_the_index_leads_to_every_page() -> None:
    index = FOLDER / "README.md"
    reached = {(FOLDER / target.partition("#")[0]).resolve() for target in links(index)}
    own = {page for page in pages() if page.parent in (FOLDER, FOLDER / "howto")}
    assert own - {index} - reached == set()


def variables() -> set[str]:
    """The environment variables that any module of the studio looks at."""
    return {
        word
        for path in (ROOT / "aigc_studio").rglob("*.py")
        if "AIGC_STUDIO_" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in re.findall(r"\bAIGC_STUDIO_[A-Z_]+", node.value)
    }


INTERNAL = {
    "AIGC_STUDIO_FAMILY",
    "AIGC_STUDIO_FOLLOW",
    "AIGC_STUDIO_MEASURE",
    "AIGC_STUDIO_MEETING",
    "AIGC_STUDIO_OFFLINE",
    "AIGC_STUDIO_OWN_PYTHON",
    "AIGC_STUDIO_PROCESSES",
    "AIGC_STUDIO_STARTED",
    "AIGC_STUDIO_STRICT",
}
"""Those by which the studio's own processes and tests speak to one another."""


def test_every_environment_variable_is_on_the_page_of_rules() -> None:
    rules = (FOLDER / "rules.md").read_text("utf-8")
    assert {name for name in variables() - INTERNAL if f"`{name}" not in rules} == set()


def sentences() -> set[str]:
    """All that the studio says, with `…` for what is filled in."""
    found: set[str] = set()
    for path in (ROOT / "aigc_studio").rglob("*.py"):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if re.search(r"\b(_|ngettext)\(", text) else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                found |= {re.sub(r"{\w+}", "…", each) for each in texts if isinstance(each, str)}
    return found


def test_what_one_sees_who_breaks_a_rule_is_what_the_studio_says() -> None:
    rules = (FOLDER / "rules.md").read_text("utf-8").replace("\\_", "_")
    prose = re.sub(r"`[^`]*`", "", re.sub(r"\n\s*", " ", rules.replace("**", "")))
    quoted = re.findall(r"(?<![\w*])\*([^*]{12,}?)\*(?!\w)", prose)
    assert len(quoted) > 60
    said = {re.sub(r"`[^`]*`", "", each).rstrip(".") for each in sentences()}
    assert [each for each in quoted if each.rstrip(".") not in said] == []


def test_every_kind_of_parameter_is_on_the_page_of_rules() -> None:
    from aigc_studio.wire.offered import KINDS

    rules = (FOLDER / "rules.md").read_text("utf-8")
    assert [kind for kind in KINDS if f"(`{kind}`)" not in rules] == []


def test_every_check_of_the_kit_is_told_by_its_name_and_in_its_words() -> None:
    from aigc_studio.testing.titles import title_of

    text = (FOLDER / "checks.md").read_text("utf-8")
    told = dict(re.findall(r"^### (\w+)\n\n\*\*(.+?)\.\*\*", text, re.M))
    assert told == {name: title_of(name) for name in testing.CHECKS}


@pytest.mark.parametrize("name", ["gan_digits", "vae_faces", "rnn_text", "rnn_melody"])
def test_each_operation_of_a_built_in_plugin_is_told_of(name: str) -> None:
    text = (FOLDER / "built-in.md").read_text("utf-8")
    section = next(part for part in text.split("\n## ") if f"plugins/{name}`" in part)
    operations = importlib.import_module(name).describe().operations
    assert [each.id for each in operations if f"`{each.id}`" not in section] == []


def test_the_chinese_tutorial_has_the_code_of_the_english_one() -> None:
    english, chinese = (FOLDER / f"tutorial{end}.md" for end in ("", ".zh_CN"))
    assert blocks(chinese) == blocks(english)
    assert list(links(chinese)) == list(links(english))
    steps = [
        re.findall(r"^## (\d)\.", page.read_text("utf-8"), re.M) for page in (english, chinese)
    ]
    assert steps == [list("123456")] * 2
