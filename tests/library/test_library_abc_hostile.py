"""ABC that somebody wrote to keep the studio busy takes no longer than any other of its size."""

from typing import Any

import pytest

from aigc_studio.api import StudioError
from aigc_studio.library.melodies import looks_like_abc, read_melody
from aigc_studio.library.melodies.abc import read_tunes, reading, voices
from aigc_studio.library.melodies.abc.tunes import MOST_SHARED, cut
from aigc_studio.library.options import ALL_PARTS


def test_comments_on_one_line_are_not_split_in_all_ways() -> None:
    assert not looks_like_abc(b"% " * 200 + b"y")
    assert looks_like_abc(b"% one % more\n\n  %two\r\nX:1\nK:C\nc|")


@pytest.mark.parametrize("begin", ["[V:", "{c", "[K:", "[V:a ", '["'])
def test_what_is_never_closed_is_not_looked_for_again_and_again(begin: str) -> None:
    line = (begin + "a" * 20_000)[:20_000] + begin * 10_000
    (tune,) = read_tunes(f"X:1\nK:C\n{line}\ncde|")
    assert tune.melody is not None


def test_an_inline_voice_is_still_one() -> None:
    text = 'X:1\nK:C\n[V:1 name="High"]c2|[V:2]C2|[V:1]d2|\n'
    (tune,) = read_tunes(text, voice="2")
    assert tune.voices == ("High", "2")
    assert tune.melody is not None
    assert [note.pitch for note in tune.melody.notes] == [60]


def test_all_tunes_share_no_more_than_a_header() -> None:
    raws = list(cut("N:a\n" * 5 * MOST_SHARED + "\n" + "X:1\nK:C\nc|\n" * 3))
    assert [sum(map(len, raw.fields.values())) for raw in raws] == [MOST_SHARED + 2] * 3  # and X, K


def test_many_voices_together_are_told_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    voices = reading._voices

    def counted(raw: Any) -> Any:
        told.append(raw)
        return voices(raw)

    monkeypatch.setattr(reading, "_voices", counted)
    text = "X:1\nK:C\n" + "".join(f"V:{number}\nc|\n" for number in range(200))
    (tune,) = read_tunes(text, voice=ALL_PARTS)
    assert tune.melody is not None
    assert len(tune.melody.notes) == 200
    assert len(told) == 1


def test_a_voice_without_notes_among_them_costs_only_itself() -> None:
    melody = read_melody(b"X:1\nK:C\nV:1\nz4|\nV:2\nc4|\nV:3\ne4|\n", "a.abc", ALL_PARTS)
    assert sorted(note.pitch for note in melody.notes) == [72, 76]
    with pytest.raises(StudioError, match="no notes"):
        read_melody(b"X:1\nK:C\nV:1\nz4|\nV:2\nz4|\n", "a.abc", ALL_PARTS)


def test_what_is_far_too_long_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "_most_elements", 100)
    read: list[str] = []

    def counted(line: str) -> str:
        read.append(line)
        return line

    monkeypatch.setattr(voices, "without_comment", counted)
    (tune,) = read_tunes("X:1\nK:C\n" + "cdef|\n" * 5_000)
    assert "too long" in tune.reason
    assert len(read) < 100


@pytest.mark.parametrize("error", [ValueError, ZeroDivisionError, IndexError, RecursionError])
def test_what_a_tune_breaks_on_is_said_without_words_of_python(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_all: object) -> None:
        raise error("list index out of range")

    monkeypatch.setattr(reading, "_melody", breaks)
    (tune,) = read_tunes("X:1\nK:C\ncde|\n")
    assert tune.reason == "It cannot be read: something in it is not valid ABC."
