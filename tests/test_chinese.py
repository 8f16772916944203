"""Simplified and traditional characters: by words, and each in its place."""

import pytest

from aigc_studio.chinese import simplified, traditional


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("Hello", "Hello"),
        ("愛麗龘後來", "爱丽龘后来"),
        ("乾坤頭髮", "乾坤头发"),  # 乾 alone would be 干
        ("愛\ud800麗😀", "爱\ud800丽😀"),
        ("國破山河在，城春草木深。", "国破山河在，城春草木深。"),
    ],
)
def test_simplified(old: str, new: str) -> None:
    assert simplified(old) == new


def test_traditional_goes_by_characters() -> None:
    assert traditional("爱后来") == "愛後來"
    assert traditional("a爱\udfffb") == "a愛\udfffb"
