"""The end of a tune of RNN melody: it leans to the keynote, and lasts to the end of its bar."""

import numpy as np
import pytest
from rnn_melody.composing import closing
from rnn_melody.composing.pen import Pen, pen_of
from rnn_melody.composing.sheet import Style
from rnn_melody.composing.writing import write
from rnn_melody.events import REST, Voice, regular_bars
from rnn_melody.model import open_model
from rnn_melody_examples import write_model


@pytest.fixture(scope="module")
def pen(tmp_path_factory: pytest.TempPathFactory) -> Pen:
    return pen_of(open_model(write_model(tmp_path_factory.mktemp("models") / "m")))


def tunes(pen: Pen, *, tonic: int | None = 2, behind: int = 0) -> list[Voice]:
    """Tunes of two bars, of which so many are written that others come behind them."""
    bars, style = regular_bars("6/8", 2 + behind), Style(top_p=1.0)
    mode = None if tonic is None else "major"
    sheet = pen.sheet(Voice((), (), (), (), tonic, mode), bars, style, bars[1].stop)
    *_, page = write(pen, sheet, seed=0, count=200, style=style)
    return [page.voice(row) for row in range(200)]


def home(voices: list[Voice]) -> float:
    return float(np.mean([each.pitches[-1] >= 0 and each.pitches[-1] % 12 == 2 for each in voices]))


def silent(voices: list[Voice]) -> float:
    return float(np.mean([each.pitches[-1] == REST for each in voices]))


def remnants(voices: list[Voice]) -> float:
    return float(np.mean([each.durations[-1] < 72 / 3 for each in voices]))


def test_a_tune_ends_on_the_keynote_more_often_than_by_chance(pen: Pen) -> None:
    assert home(tunes(pen)) > home(tunes(pen, behind=1)) + 0.3


def test_a_tune_ends_in_no_silence_and_on_no_remnant_of_its_bar(pen: Pen) -> None:
    ends, goes_on = tunes(pen), tunes(pen, behind=1)
    assert silent(ends) < silent(goes_on) or not silent(goes_on)
    assert remnants(ends) < remnants(goes_on) - 0.1


def test_where_no_keynote_is_known_none_is_preferred(pen: Pen) -> None:
    assert home(tunes(pen, tonic=None)) < 0.3


def test_only_the_last_bar_leans(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    leaning = tunes(pen)
    for name in ("_HOME", "_SILENCE", "_REMNANT"):
        monkeypatch.setattr(closing, name, 0.0)
    for one, other in zip(leaning, tunes(pen), strict=True):
        count = sum(place < 72 for place in one.places)
        assert one.pitches[:count] == other.pitches[:count]
        assert one.durations[:count] == other.durations[:count]
