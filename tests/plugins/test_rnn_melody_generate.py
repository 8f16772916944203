"""Generate with RNN melody: as asked, bar by bar, none copied unseen."""

from pathlib import Path
from typing import Any

import pytest
import rnn_melody
from rnn_melody.composing.parameters import GenerateParameters
from rnn_melody.copying import write_known
from rnn_melody_examples import write_model

from aigc_studio.api import Candidate, GenerateRequest, GeneratorError, Melody, Partial


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "m")


def asked(model: Path, prompt: str = "", count: int = 1, **wish: Any) -> list[Any]:
    latents = wish.pop("latents", ())
    seed = wish.pop("seed", 3)
    request = GenerateRequest(
        operation="generate", model=model, prompt=prompt, count=count, seed=seed,
        latents=latents, parameters=GenerateParameters(**wish),
    )  # fmt: skip
    return list(rnn_melody.generate(request))


def made(events: list[Any]) -> list[Melody]:
    found = [each.artifact for each in events if isinstance(each, Candidate)]
    return [each for each in found if isinstance(each, Melody)]


def test_what_is_asked_for_is_in_the_tune(model: Path) -> None:
    (tune,) = made(asked(model, metre="9/8", key="E", mode="dorian", bars=5, instrument="flute"))
    assert tune.bar_count == 5
    assert (tune.metres[0].numerator, tune.metres[0].denominator) == (9, 8)
    assert (tune.keys[0].tonic, tune.keys[0].mode) == (4, "dorian")
    assert tune.program == 73


def test_words_win_over_the_form(model: Path) -> None:
    (tune,) = made(asked(model, "slow air in E minor, 7 bars", metre="4/4", bars=3))
    assert tune.bar_count == 7
    assert tune.metres[0].numerator == 3
    assert tune.tempos[0].microseconds == 1_000_000


def test_a_beat_of_a_jig_is_a_dotted_quarter(model: Path) -> None:
    (tune,) = made(asked(model, metre="6/8", tempo=120, bars=2))
    assert tune.tempos[0].microseconds == 333_333


def test_tunes_appear_in_their_order_though_another_has_its_first_bar_before(model: Path) -> None:
    events = asked(model, bars=4, count=12, seed=3)
    numbers = list(dict.fromkeys(each.number for each in events if isinstance(each, Partial)))
    assert len(numbers) > 6
    assert numbers == sorted(numbers)


def test_tunes_grow_by_whole_bars(model: Path) -> None:
    events = asked(model, bars=4, count=2)
    parts = [each.artifact for each in events if isinstance(each, Partial)]
    grown = [each.bar_count for each in parts if isinstance(each, Melody)]
    assert set(grown) <= {1, 2, 3, 4}
    assert {1, 2, 3} <= set(grown)


def test_a_seed_is_a_tune(model: Path) -> None:
    many = made(asked(model, count=6))
    assert made(asked(model, count=2)) == many[:2]
    assert made(asked(model, seed=7)) == many[4:5]


def test_an_opening_stands_at_the_head_or_not(model: Path) -> None:
    (tune,) = made(asked(model, "M:6/8 K:G\nGABc dedB|dd", bars=4))
    assert [note.pitch for note in tune.notes[:5]] == [67, 69, 71, 72, 74]
    assert tune.bar_count == 4
    (rest,) = made(asked(model, "M:6/8 K:G\nGABc dedB|dd", bars=4, opening=False))
    assert rest.bar_count == 4


@pytest.mark.parametrize(
    ("metre", "upbeat", "whole"), [("6/8", 240, 1440), ("2/4", 240, 960), ("3/4", 480, 1440)]
)
def test_an_upbeat_stands_before_the_first_bar_and_the_last_is_as_much_shorter(
    model: Path, metre: str, upbeat: int, whole: int
) -> None:
    (tune,) = made(asked(model, "with an upbeat", metre=metre, bars=4))
    assert tune.bars[:2] == ((0, upbeat), (upbeat, upbeat + whole))
    assert tune.bar_count == 5
    assert tune.length == 4 * whole
    above, below = (int(each) for each in metre.split("/"))
    starts = [(each.start, each.numerator, each.denominator) for each in tune.metres]
    assert starts == [(0, above, below), (upbeat, above, below)]


def test_an_opening_begins_the_tune_itself(model: Path) -> None:
    (tune,) = made(asked(model, "M:6/8 K:G\nGABc", bars=4, upbeat=True))
    assert (tune.bar_count, tune.bars[0]) == (4, (0, 1440))


def test_an_opening_that_is_too_long_is_said(model: Path) -> None:
    with pytest.raises(GeneratorError, match="ask for more bars"):
        asked(model, "GABc dedB | dedB dedB | dedB dedB", metre="4/4", bars=1)


def test_more_like_one_has_its_metre_and_key(model: Path) -> None:
    events = asked(model, metre="3/4", key="A", mode="minor")
    latent = next(each.latent for each in events if isinstance(each, Candidate))
    (like,) = made(asked(model, latents=(latent,), seed=9))
    assert like.metres[0].numerator == 3
    assert (like.keys[0].tonic, like.keys[0].mode) == (9, "minor")
    with pytest.raises(GeneratorError, match="was not made by"):
        asked(model, latents=(b"text",))


def test_a_tune_that_was_learnt_is_made_anew_or_named(tmp_path: Path) -> None:
    model = write_model(tmp_path / "m")
    (tune,) = made(asked(model, bars=16))
    write_known(model, [("The Known One", tune)])
    (other,) = made(asked(model, bars=16))
    assert other != tune
    marked = asked(model, bars=16, known="marked")
    (same,) = [each for each in marked if isinstance(each, Candidate)]
    assert same.artifact == tune
    assert "The Known One" in str(same.title)


def test_a_typed_note_of_millions_of_bars_is_refused_at_once(model: Path) -> None:
    with pytest.raises(GeneratorError, match=r"\d{8} bars: type 256 at most"):
        asked(model, "GABc d99999999 e2", opening=False)
