"""One form for names: kept composed, compared by look, shown without odd bytes."""

import json
import unicodedata
from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.api.spelling import Spellings, compared, composed, one_form, shown
from aigc_studio.files import canonical_json, write_json

NFD = unicodedata.normalize("NFD", "café")


def test_what_no_screen_shows_is_written_out() -> None:
    assert shown("caf\udce9\n\x1b[1m\u2028") == r"caf\xe9\n\x1b[1m\u2028"
    assert shown("\ud800 猫 👩‍🚀") == r"\ud800 猫 👩‍🚀"
    assert str(StudioError("no \udcff\nhere")) == "no \\xff\nhere"


def test_labels_have_one_form() -> None:
    assert one_form(f" {NFD}\u3000 noir\n") == "café noir"
    assert composed(f"{NFD}  2") == "café  2"
    assert compared("ＣＡＦＥ\u0301\u200b") == compared("café")


@pytest.mark.parametrize(
    ("name", "names", "place"),
    [
        (NFD, ("thé", "café"), 1),
        ("café", (NFD,), 0),
        ("①", ("1", "①"), 1),
        ("①", ("0", "1"), 1),
        ("ｱ", ("ア",), 0),
        ("CAFÉ", ("café",), 0),
        ("a", ("A", "a"), 1),
        ("Ａ", ("A", "a"), 0),
        ("ß", ("ss", "SS"), None),
        ("x", ("y",), None),
        ("x", (), None),
        ("twice", ("twice", "twice"), 0),
    ],
)
def test_a_name_is_found_in_its_closest_spelling(
    name: str, names: tuple[str, ...], place: int | None
) -> None:
    assert Spellings(names).find(name) == place


def test_json_holds_any_name(tmp_path: Path) -> None:
    value = {"caf\udce9": ["\ud800", "猫", "\\udce9"]}
    write_json(tmp_path / "x.json", value)
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == value
    assert canonical_json("é猫") == '"é猫"'
