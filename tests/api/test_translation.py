"""Lists and sentences are put together as the language spoken does it."""

import gettext
from pathlib import Path

import pytest

from aigc_studio import translation
from aigc_studio.translation import enumerated, in_a_row, labelled

ROOT = Path(__file__).resolve().parents[2]


class Chinese(gettext.NullTranslations):
    """A catalogue of what is tried here."""

    def gettext(self, message: str) -> str:
        return {", ": "、"}.get(message, message)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_active", Chinese())


def test_a_list_is_divided_as_the_language_does_it(chinese: None) -> None:
    assert enumerated(["整理", "更改类别", "渐变"]) == "整理、更改类别、渐变"
    assert enumerated(iter("abcd"), 2) == "a、b、…"


def test_a_list_in_english() -> None:
    assert enumerated(["one", "two"]) == "one, two"
    assert enumerated(["one"], 1) == "one"
    assert enumerated([]) == ""


def test_no_space_stands_between_chinese_sentences() -> None:
    assert in_a_row(["开始后可知。", "约需 2 GB。"]) == "开始后可知。约需 2 GB。"
    assert in_a_row(["Done.", "Two left."]) == "Done. Two left."
    assert in_a_row(["已完成。", "Two left.", "完"]) == "已完成。Two left. 完"
    assert in_a_row([]) == ""


def test_what_a_person_reads_is_listed_by_the_language() -> None:
    """A comma in the code would be English in every language."""
    own = {"ui/canvas/exchange/packing.py", "toolkit/failures.py", "cli/plugins/listing.py"}
    own |= {"cli/data.py", "toolkit/sequences/pairing.py", "library/sketchbook.py"}
    found = {
        path.relative_to(ROOT / "aigc_studio").as_posix()
        for path in (ROOT / "aigc_studio").rglob("*.py")
        if '", ".join(' in path.read_text(encoding="utf-8")
    }
    assert found <= own


def test_a_label_stands_before_its_words() -> None:
    assert labelled("Seed", "3") == "Seed: 3"
    translation.set_language("zh_CN")
    try:
        assert labelled("种子", "3") == "种子：3"
    finally:
        translation.set_language("en")


def test_a_language_that_was_spoken_before_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker is told its language before each action."""
    for language in ("zh_CN", "en"):
        translation.set_language(language)
    read: list[object] = []
    monkeypatch.setattr(gettext, "translation", lambda *rest, **_more: read.append(rest))
    try:
        translation.set_language("zh_CN")
        assert labelled("种子", "3") == "种子：3"
    finally:
        translation.set_language("en")
    assert labelled("Seed", "3") == "Seed: 3"
    assert read == []
