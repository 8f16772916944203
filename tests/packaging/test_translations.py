"""Every sentence in both languages, those of the plugins too."""

import functools
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("gan_digits", "vae_faces")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The script, which reads the whole of the code once for all of these tests."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / ".ci/translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["extract"] = functools.cache(module.extract)
    return module


def test_the_chinese_catalogue_is_complete_and_compiled(tool: ModuleType) -> None:
    assert tool.problems("zh_CN") == []


def test_a_missing_translation_is_found(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "catalogue_path", lambda _language: tmp_path / "empty.po")
    assert len(tool.problems("zh_CN")) > 100


@pytest.mark.parametrize(
    ("chinese", "faults"),
    [("它们是 {count} 首。", 0), ("它是“{name}”。", 0), ("它是一首。", 1), ("{other} 首。", 1)],
)
def test_one_form_for_all_numbers_says_how_many(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, chinese: str, faults: int
) -> None:
    """Chinese has one: what is said of one alone would be said of twenty as well."""
    single = "It is “{name}”." if "name" in chinese else "It is one."
    catalogue, here = Catalog(), Catalog(locale="zh_CN")
    catalogue.add((single, "They are {count}."))
    here.add((single, "They are {count}."), (chinese,))
    monkeypatch.setattr(tool, "extract", lambda: catalogue)
    monkeypatch.setattr(tool, "read", lambda _language: here)
    found = [each for each in tool.problems("zh_CN") if "compiled" not in each]
    assert len(found) == faults


def test_a_plural_that_does_not_say_how_many_is_found(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, here = Catalog(), Catalog(locale="zh_CN")
    catalogue.add(("{count} is gone.", "They are gone."))
    here.add(("{count} is gone.", "They are gone."), ("{count} 个不见了。",))
    monkeypatch.setattr(tool, "extract", lambda: catalogue)
    monkeypatch.setattr(tool, "read", lambda _language: here)
    assert any("does not say how many" in each for each in tool.problems("zh_CN"))


def one_language_only(value: Any, place: str = "") -> list[str]:
    """The strings for a person in a description that are not in both languages."""
    shown = ("title", "summary", "help", "prompt_help", "label", "unit", "group")
    found: list[str] = []
    if isinstance(value, dict):
        for key, part in value.items():
            words = isinstance(part, str) and any(map(str.isalpha, part))
            one = words or (isinstance(part, dict) and not {"en", "zh"} <= set(part))
            if key in shown and one:
                found.append(f"{place}.{key}: {part}")
            # pydantic's own titles and descriptions are never shown: labels are.
            elif key not in ("title", "description") or isinstance(part, dict):
                found += one_language_only(part, f"{place}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            found += one_language_only(part, f"{place}[{number}]")
    return found


@pytest.mark.parametrize("name", PLUGINS)
def test_plugins_speak_both_languages(name: str) -> None:
    about = importlib.import_module(name).describe().to_json()
    for operation in about["operations"]:
        schema = operation.pop("parameters")
        for field, shape in schema.get("properties", {}).items():
            assert one_language_only(shape["x-ui"], field) == []
            assert {"en", "zh"} <= set(shape["x-ui"]["label"])
    for measure in about["metrics"].values():
        assert len(measure.pop("unit")) <= 3  # a symbol such as dB, the same in every language
    assert one_language_only(about) == []
