"""What the smallest plugins are for: they learn, and what they rewrite fits both sides."""

import json
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import (
    Annotation,
    Bars,
    Candidate,
    Dataset,
    EditRequest,
    EvaluateRequest,
    Example,
    GenerateRequest,
    Image,
    Mask,
    Melody,
    Metric,
    Note,
    Partial,
    Span,
    Text,
    TrainRequest,
    save_model,
)
from aigc_studio.testing import draw, write_dataset

EXAMPLES = str(Path(__file__).parents[2] / "docs" / "plugins" / "examples")


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports one of the examples by its name."""
    from importlib import import_module

    monkeypatch.syspath_prepend(EXAMPLES)

    def imported(name: str) -> ModuleType:
        return import_module(name)

    yield imported
    for name in ("markov", "intervals", "edges", "small_vae", "small_vae.work"):
        sys.modules.pop(name, None)


@pytest.fixture
def chain(examples: Any, tmp_path: Path) -> Any:
    """A Markov chain that has read sentences of a few words."""
    chain = examples("markov").Chain(4)
    for artifact in draw("text", 60)[0]:
        chain.learn(Example(artifact))
    save_model(tmp_path / "model", *chain.contents())
    return chain


def test_the_chances_of_all_characters_sum_to_one(chain: Any) -> None:
    for text in ("", "the littl", "zzz", "Q"):
        assert sum(chain.after(text).values()) == pytest.approx(1)
    assert chain.after("the littl")["e"] > 0.9
    assert 0 < next(chain.chances("🎵")) < 0.2


def test_it_expects_such_texts_and_no_others(chain: Any) -> None:
    def nats(text: str) -> float:
        chances = list(chain.chances(text))
        return -sum(map(math.log, chances)) / len(chances)

    assert nats("the old stone bridges over a quiet lake") < 1.5
    assert nats("bridges stone old ,the") > nats("the old stone bridges")


def test_what_is_rewritten_fits_what_follows(examples: Any, chain: Any, tmp_path: Path) -> None:
    text = "The little green boat sails over a quiet lake."
    span = Span(text.index("green"), text.index("over"))
    request = EditRequest(
        artifacts=(Text(text),), selections=(span,), model=tmp_path / "model", count=2, seed=3
    )
    events = list(examples("markov").edit(request))
    made = [event for event in events if isinstance(event, Candidate)]
    assert all(event.part for event in made)
    assert len(made) == 2
    for event in made:
        joined = Text(text).replaced(span, str(event.artifact)).value
        stop = span.start + len(str(event.artifact))
        seam = math.prod(chain.chances(joined[: stop + 4], stop))
        # An ending that was not chosen would make what follows some hundred times less expected.
        assert seam > 0.01
    assert any(isinstance(event, Partial) and event.part for event in events)


def test_it_writes_letter_by_letter_and_explains(examples: Any, chain: Any, tmp_path: Path) -> None:
    markov = examples("markov")
    wish = markov.Wish(length=12)
    request = GenerateRequest(parameters=wish, prompt="The ", model=tmp_path / "model", count=2)
    events = list(markov.generate(request))
    grown = [str(event.artifact) for event in events if isinstance(event, Partial)]
    assert [len(text) for text in grown[:11]] == list(range(5, 16))
    (first, second) = [event.artifact for event in events if isinstance(event, Candidate)]
    assert len(str(first)) == 16
    assert str(first).startswith(grown[10])
    assert first != second
    explained = EvaluateRequest(artifact=Text("The lake"), model=tmp_path / "model")
    notes = list(markov.evaluate(explained))
    assert [note.selection for note in notes] == [Span(n, n + 1) for n in range(8)]
    assert all(isinstance(note, Annotation) and 0 <= note.value <= 1 for note in notes)


def test_a_span_longer_than_any_wish_is_rewritten(
    examples: Any, chain: Any, tmp_path: Path
) -> None:
    text = Text("the old boat " * 600)
    request = EditRequest(artifacts=(text,), selections=(Span(10, 7000),), model=tmp_path / "model")
    *_rest, made = examples("markov").edit(request)
    assert abs(len(made.artifact) - 6990) <= 4


# Melodies


def test_recomposed_bars_are_full_and_lead_on(examples: Any, tmp_path: Path) -> None:
    intervals = examples("intervals")
    known = intervals.Intervals()
    for artifact in draw("melody", 40)[0]:
        known.learn(Example(artifact))
    save_model(tmp_path / "model", *known.contents())
    tune = draw("melody", 1)[0][0]
    assert isinstance(tune, Melody)
    bars = Bars(2, 3)
    request = EditRequest(artifacts=(tune,), selections=(bars,), model=tmp_path / "model", count=20)
    start, stop = tune.ticks(bars)
    scale = {note.pitch % 12 for note in tune.notes}
    after = next(note for note in tune.notes if note.start >= stop)
    for event in intervals.edit(request):
        whole = tune.replaced(bars, event.artifact)
        inside = [note for note in whole.notes if start <= note.start < stop]
        assert sum(note.duration for note in inside) == stop - start
        assert {note.pitch % 12 for note in inside} <= scale
        # The best of forty ends: all that it learned are steps of up to four semitones.
        assert abs(after.pitch - inside[-1].pitch) <= 4


def test_a_tune_has_as_many_bars_as_were_asked_for(examples: Any, tmp_path: Path) -> None:
    intervals = examples("intervals")
    known = intervals.Intervals()
    known.learn(Example(Melody((Note(0, 480, 60), Note(480, 480, 62), Note(960, 480, 60)))))
    save_model(tmp_path / "model", *known.contents())
    wish = intervals.Wish(bars=5)
    request = GenerateRequest(parameters=wish, model=tmp_path / "model", count=3)
    made = [event.artifact for event in intervals.generate(request)]
    assert [tune.bar_count for tune in made] == [5, 5, 5]
    assert len({tune.digest for tune in made}) == 3


# Pictures


def test_the_edges_of_a_picture_are_dark_on_white(examples: Any) -> None:
    pixels = np.zeros((40, 40), np.uint8)
    pixels[10:30, 10:30] = 255
    request = EditRequest(artifacts=(Image(pixels),), selections=(None,))
    (event,) = examples("edges").edit(request)
    drawn = event.artifact.pixels
    assert drawn[20, 20] > 250
    assert drawn[2, 2] > 250
    assert drawn[20, 8:13].min() < 150


def test_a_white_picture_has_no_frame_of_edges(examples: Any) -> None:
    pixels = np.full((40, 40), 255, np.uint8)
    pixels[10:30, 10:30] = 0
    request = EditRequest(artifacts=(Image(pixels),), selections=(None,))
    (event,) = examples("edges").edit(request)
    drawn = event.artifact.pixels
    assert min(drawn[0].min(), drawn[-1].min(), drawn[:, 0].min(), drawn[:, -1].min()) > 250


@pytest.mark.slow
def test_the_vae_learns_and_fills_holes(examples: Any, tmp_path: Path) -> None:
    small_vae = examples("small_vae")
    artifacts, labels = draw("image", 120, 16)
    folder = tmp_path / "data"
    write_dataset(folder, artifacts, labels)
    wish = small_vae.Learning(side=16, size=8)
    request = TrainRequest(
        operation="learn",
        dataset=Dataset(folder),
        steps=400,
        parameters=wish,
        folder=tmp_path / "t",
    )
    request.folder.mkdir()
    *_rest, last = small_vae.train(request)
    model = last.path
    assert [each["name"] for each in last.card["controls"]["controls"]][:2] == ["axis-1", "axis-2"]
    held_out = EvaluateRequest(dataset=Dataset(folder, "test"), model=model)
    (told,) = [each for each in small_vae.evaluate(held_out) if isinstance(each, Metric)]
    assert told.value > 13

    picture = draw("image", 6, 16)[0][5]
    assert isinstance(picture, Image)
    hole = np.zeros((16, 16), np.uint8)
    hole[:, :7] = 255
    edit = EditRequest(
        operation="inpaint", artifacts=(picture,), selections=(Mask(hole),), latents=(None,),
        model=model,
    )  # fmt: skip
    *_grown, made = small_vae.edit(edit)
    inside = hole > 0
    wanted, found = (each.pixels[inside].astype(float) for each in (picture, made.artifact))
    blank = np.full_like(wanted, wanted.mean())
    assert np.square(found - wanted).mean() < np.square(blank - wanted).mean() * 1.2

    # As the host writes it.
    (model / "card.json").write_text(json.dumps(last.card), encoding="utf-8")
    drawn = GenerateRequest(
        operation="draw", model=model, controls={"axis-1": 3.0}, seed=random.getrandbits(20)
    )
    plain = GenerateRequest(operation="draw", model=model, seed=drawn.seed)
    (steered,), (unsteered,) = small_vae.generate(drawn), small_vae.generate(plain)
    assert steered.artifact != unsteered.artifact
    like = replace(plain, latents=(steered.latent,), seed=plain.seed + 1)
    (alike,), (other,) = small_vae.generate(like), small_vae.generate(replace(like, latents=()))
    apart = [
        np.abs(each.artifact.pixels - steered.artifact.pixels.astype(float)).mean()
        for each in (alike, other)
    ]
    assert 0 < apart[0] < apart[1]
