"""What a person types is read: dances, keys, bars, ABC, in English and in Chinese."""

from typing import Any

import pytest
from rnn_melody.keys import key_name, read_key, signature
from rnn_melody.words.prompts import read_prompt

from aigc_studio.api import KeySignature, Message


@pytest.mark.parametrize(
    ("prompt", "wish"),
    [
        ("jig", {"metre": "6/8"}),
        ("slip jig", {"metre": "9/8"}),
        ("slow air in E minor, 16 bars",
         {"metre": "3/4", "tempo": 60, "density": 0.3, "bars": 16, "key": "E", "mode": "minor"}),
        ("D大调里尔，十六小节", {"metre": "2/2", "bars": 16, "key": "D", "mode": "major"}),
        ("华尔兹", {"metre": "3/4"}),
        ("reel with an upbeat", {"metre": "2/2", "upbeat": True}),
        ("弱起的华尔兹", {"metre": "3/4", "upbeat": True}),
        ("K:Dm M:6/8", {"metre": "6/8", "key": "D", "mode": "minor"}),
        ("四分之三拍", {"metre": "3/4"}),
        ("八六拍 G调", {"metre": "6/8", "key": "G", "mode": "major"}),
        ("八分之十二拍，三拍子", {"metre": "3/4"}),
        ("吉格 慢板", {"metre": "6/8", "tempo": 60, "density": 0.3}),
        ("1=♭B 2/4", {"metre": "2/4", "key": "Bb", "mode": "major"}),
        ("♭E大调，一百二十小节", {"bars": 120, "key": "Eb", "mode": "major"}),
        ("升f小调 每分钟96拍", {"tempo": 96, "key": "F#", "mode": "minor"}),
        ("a和声小调", {"key": "A", "mode": "minor"}),
        ("D徵调式", {"key": "D", "mode": "mixolydian"}),
        ("角笛舞 D大调", {"metre": "4/4", "tempo": 88, "key": "D", "mode": "major"}),
        ("混合利底亚调式 速度：快板", {"mode": "mixolydian"}),
        ("dorian reel", {"metre": "2/2", "mode": "dorian"}),
        ("降B大调 32小节", {"bars": 32, "key": "Bb", "mode": "major"}),
        ("A dorian, 7/8", {"metre": "7/8", "key": "A", "mode": "dorian"}),
        ("reel at 120 bpm on the flute", {"metre": "2/2", "tempo": 120, "instrument": "flute"}),
        ("", {}),
    ],
)  # fmt: skip
def test_words_are_read(prompt: str, wish: dict[str, Any]) -> None:
    found = read_prompt(prompt)
    assert found.wish == wish
    assert not found.unknown
    assert list(found.notices()) == []


def test_notes_are_read_in_their_key() -> None:
    found = read_prompt("M:6/8\nK:D\nDFA f2e|^g3 z3")
    pitches = [each.pitch for each in found.opening]
    assert pitches == [62, 66, 69, 78, 76, 80, None]
    assert sum(each.duration for each in found.opening) == 6


def test_what_is_not_understood_is_said() -> None:
    found = read_prompt("frobnicate a jig 🎵")
    assert found.wish == {"metre": "6/8"}
    (said,) = found.notices()
    assert isinstance(said.text, dict)
    assert "frobnicate" in said.text["en"]
    assert "frobnicate" in said.text["zh"]


@pytest.mark.parametrize(
    "text", ["\x00", "(" * 500, "K:", "M:/", "^^^^", "Q:", "9" * 400, "\ud800"]
)
def test_whatever_is_typed_is_read(text: str) -> None:
    assert all(isinstance(each, Message) for each in read_prompt(text).notices())


@pytest.mark.parametrize("fifths", range(-7, 8))
@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "locrian"])
def test_keys_have_names_that_are_read_again(fifths: int, mode: str) -> None:
    key = KeySignature(0, fifths, mode)
    name = key_name(key)["en"].replace("♯", "#").replace("♭", "b")
    again = read_key(name)
    assert again is not None
    assert (again.tonic, again.mode) == (key.tonic, mode)
    assert signature(key.tonic, mode).tonic == key.tonic


def test_a_length_of_a_zeroth_is_none_and_breaks_nothing() -> None:
    assert [each.pitch for each in read_prompt("GABc d/0 e2").opening] == [67, 69, 71, 72, 74, 76]
