"""What saves every plugin the same lines: candidates, memory, hooks, axes, spaces, judged texts."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from aigc_studio.api import (
    Annotation,
    Candidate,
    Control,
    Controls,
    Dataset,
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    GeneratorError,
    Image,
    Message,
    Metric,
    Partial,
    Progress,
    Span,
    Text,
    save_model,
)
from aigc_studio.api.controls import read_controls
from aigc_studio.testing import write_dataset
from aigc_studio.toolkit import (
    Memory,
    OpenModel,
    Space,
    candidates,
    hooks_in,
    measured_axes,
    principal_axes,
    steered,
    steering,
)
from aigc_studio.toolkit.sequences import judge_text, name_pieces
from aigc_studio.translation import localized

# Candidates


def test_each_candidate_is_drawn_from_its_own_seed() -> None:
    def make(rng: Random) -> str:
        return str(rng.random())

    two = list(candidates(GenerateRequest(seed=4, count=2), make))
    five = list(candidates(GenerateRequest(seed=4, count=5), make))
    assert five[:2] == two == [Candidate(Text(str(Random(seed).random()))) for seed in (4, 5)]


def test_what_grows_is_seen_and_the_last_of_it_is_the_result() -> None:
    def make(rng: Random) -> Iterator[str | Candidate]:
        yield "a"
        yield Candidate(Text("ab"), title="two")
        yield Candidate(Text("abc"), latent=b"x")

    events = list(candidates(EditRequest(count=2), make, part=True))
    assert events[:3] == [
        Partial(Text("a"), 0, part=True),
        Partial(Text("ab"), 0, "two", part=True),
        Candidate(Text("abc"), latent=b"x", part=True),
    ]
    assert events[3] == Partial(Text("a"), 1, part=True)
    with pytest.raises(ValueError, match="nothing was made for seed 3"):
        list(candidates(GenerateRequest(seed=3), lambda rng: []))


# Memory


class Notes(Memory):
    def __init__(self) -> None:
        self.words = dict[str, int]()
        self.table = np.zeros(2)


class Others(Memory):
    def __init__(self) -> None:
        self.words: list[str] = []
        self.table = np.zeros(2)


def test_how_far_one_result_is_becomes_how_far_all_are_and_what_there_is_is_seen_at_once() -> None:
    said = Message("half")

    def make(rng: Random) -> Iterator[str | Progress | Message]:
        yield "a"
        yield Progress(1, 2, "Writing")
        yield said
        yield "ab"
        yield Progress(2, 2, "Writing")

    assert list(candidates(GenerateRequest(count=2), make)) == [
        event
        for number in range(2)
        for event in (
            Partial(Text("a"), number),
            Progress(1 + 2 * number, 4, "Writing"),
            said,
            Partial(Text("ab"), number),
            Progress(2 + 2 * number, 4, "Writing"),
            Candidate(Text("ab")),
        )
    ]


def test_a_memory_comes_back_from_its_folder_and_is_kept_open(tmp_path: Path) -> None:
    notes = Notes()
    notes.words["a"] = 3
    notes.table = np.arange(5.0)
    save_model(tmp_path / "m", *notes.contents())
    opened = Notes.open(tmp_path / "m")
    assert opened.words == {"a": 3}
    assert opened.table.tolist() == [0, 1, 2, 3, 4]
    assert Notes.open(tmp_path / "m") is opened
    notes.words["b"] = 4
    save_model(tmp_path / "m", *notes.contents())
    assert Notes.open(tmp_path / "m").words == {"a": 3, "b": 4}


def test_a_model_of_another_kind_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="train one first"):
        Notes.open(None)
    save_model(tmp_path / "other", *Others().contents())
    save_model(tmp_path / "less", {"words": {}})
    for name in ("other", "less"):
        with pytest.raises(GeneratorError, match="not one of this generator") as caught:
            Notes.open(tmp_path / name)
        assert caught.value.parameter == "model"


# Hooks


def test_hooks_import_their_module_when_they_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_work.py").write_text(
        "def train(request): yield 'train'\n"
        "def more_like_this(request): yield 'more'\n"
        "def edit(request): yield 'edit'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    train, generate, edit, _evaluate = hooks = hooks_in("late_work")
    assert hooks.edit is edit
    assert "late_work" not in sys.modules
    asked = [
        list[object](train(GenerateRequest(operation="train"))),
        list[object](edit(EditRequest(operation="more-like-this"))),
        list[object](edit(EditRequest(operation="another"))),
    ]
    assert asked == [["train"], ["more"], ["edit"]]
    assert [hook.__name__ for hook in (train, generate)] == ["train", "generate"]
    assert hasattr(train, "aigc_studio_impl")
    sys.modules.pop("late_work")


# Axes


def test_axes_are_the_directions_in_which_points_differ_most() -> None:
    source = torch.Generator().manual_seed(0)
    points = torch.randn(4000, 3, generator=source) * torch.tensor([0.5, 3.0, 1.0]) + 7
    axes = principal_axes(points, 2)
    assert list(axes) == ["axis-1", "axis-2"]
    found = torch.stack(list(axes.values()))
    assert torch.allclose(found, torch.tensor([[0.0, 3, 0], [0, 0, 1]]), atol=0.15)
    assert [axis.tolist() for axis in principal_axes(points[:1], 2).values()] == [[0, 0, 0]] * 2
    with pytest.raises(ValueError, match="no 4 axes"):
        principal_axes(points, 4)


def test_a_measured_axis_changes_its_measure_and_no_other() -> None:
    source = torch.Generator().manual_seed(0)
    points = torch.randn(2000, 4, generator=source)
    labels = torch.arange(2000) % 2
    values = {
        "size": 3 * points[:, 0] + 100 * labels,
        "slant": points[:, 0] + 2 * points[:, 1] - 7 * labels,
        "luck": torch.randn(2000, generator=source),
    }
    axes = measured_axes(points, values, labels, reach=2.5)
    assert list(axes) == ["size", "slant"]
    assert all(float(axis.norm()) == pytest.approx(2.5) for axis in axes.values())
    size, slant = axes["size"], axes["slant"]
    assert float(size[0] + 2 * size[1]) == pytest.approx(0, abs=0.05)
    assert float(size[0]) > 2
    assert float(slant[0]) == pytest.approx(0, abs=0.05)
    assert float(slant[1]) > 2.4
    # Without the classes the measures say more of these than of the points.
    assert measured_axes(points, values) == {}
    assert measured_axes(points, {"odd": torch.full((2000,), torch.inf)}) == {}


def _model(folder: Path, card: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def test_sliders_steer_along_the_axes_of_a_card(tmp_path: Path) -> None:
    card = steering({"axis-1": torch.tensor([1.0, 0]), "axis-2": torch.tensor([0, 2e-5])})
    model = _model(tmp_path / "m", card)
    assert steered(torch.zeros(2), model, {"axis-2": 1.5}).tolist() == pytest.approx([0, 3e-5])
    assert steered(torch.ones(4, 2), model, {"axis-1": 0.0}).tolist() == [[1, 1]] * 4
    assert steered(torch.ones(2), model, {"axis-1": 2, "hair": "brown"}).tolist() == [3, 1]
    assert steered(torch.ones(2), None, {"axis-1": 2.0}).tolist() == [1, 1]
    told = read_controls(card)
    assert [each.name for each in told.controls] == ["axis-1", "axis-2"]
    assert told.pads == (("axis-1", "axis-2"),)
    assert told.problems({"axis-1": 3.0, "axis-3": 0.0}).keys() == {"axis-3"}
    with pytest.raises(GeneratorError, match="The model m does not say what axis-1 changes"):
        steered(torch.zeros(3), model, {"axis-1": 1.0})


def test_a_point_is_not_steered_beyond_what_was_learnt(tmp_path: Path) -> None:
    model = _model(tmp_path / "m", steering({"a": torch.tensor([0.0, 4])}))
    points = torch.tensor([[0.0, 0], [0, 5]])
    moved = steered(points, model, {"a": 1.0}, longest=3.0)
    assert moved.tolist() == [pytest.approx([0, 3]), pytest.approx([0, 5])]
    assert steered(points, model, {"a": 1.0}).tolist() == [[0, 4], [0, 9]]


def test_a_card_has_the_named_sliders_of_its_axes_beside_its_other_controls() -> None:
    sliders = [Control(name=name, title=name.title()) for name in ("slant", "weight")]
    hair = Control(name="hair", title="Hair", options=("brown", "grey"))
    card = steering({"weight": torch.ones(3)}, sliders, Controls(latent_axes=3, controls=(hair,)))
    assert card["axes"] == {"weight": [1.0, 1.0, 1.0]}
    told = read_controls(card)
    assert [each.name for each in told.controls] == ["hair", "weight"]
    assert (told.latent_axes, told.pads) == (3, ())
    assert "axes" not in steering({})


# Spaces


class Mean(nn.Module):
    """A picture's mean grey as a point of one number."""

    size = 1

    def point_of(self, image: Image) -> Tensor:
        return torch.tensor([float(image.convert("L").pixels.mean())])

    def decode(self, points: Tensor) -> Tensor:
        return points.view(-1, 1, 1, 1).expand(-1, 1, 4, 4).to(torch.uint8)


def _space(tag: bytes = b"12345678") -> Space[Mean]:
    return Space(OpenModel(Mean(), {}, tag, "mean"))


def test_a_picture_has_the_point_that_it_was_made_from_or_the_nearest() -> None:
    space, picture = _space(), Image(np.full((6, 9, 3), 40, np.uint8))
    made = space.candidate(torch.tensor([90.0]), picture, title="grey", position=2)
    assert isinstance(made.artifact, Image)
    assert (made.artifact.mode, made.artifact.width, made.artifact.height) == ("RGB", 9, 6)
    assert (made.artifact.pixels == 90).all()
    assert (made.title, made.position) == ("grey", 2)
    request = EditRequest(artifacts=(picture, picture), latents=(made.latent, None))
    assert space.point(request).tolist() == [90]
    assert space.point(request, 1).tolist() == [40]
    assert space.point(EditRequest(artifacts=(picture,))).tolist() == [40]
    with pytest.raises(GeneratorError, match="another model"):
        _space(b"87654321").point(request)


def test_what_is_new_is_steered_or_like_what_was_made_before(tmp_path: Path) -> None:
    space = _space()
    model = _model(tmp_path / "m", steering({"light": torch.tensor([2.0])}))
    plain = GenerateRequest(model=model)
    point = space.new_point(plain, Random(3))
    assert torch.equal(point, space.new_point(plain, Random(3)))
    assert point.shape == (1,)
    steer = GenerateRequest(model=model, controls={"light": 1.5})
    assert float(space.new_point(steer, Random(3))) == pytest.approx(float(point) + 3)
    latent = space.candidate(torch.tensor([90.0])).latent
    assert latent is not None
    near = [
        float(space.new_point(GenerateRequest(model=model, latents=(latent,)), Random(seed)))
        for seed in range(20)
    ]
    assert 60 < sum(near) / 20 < 120
    assert len(set(near)) == 20
    with pytest.raises(GeneratorError, match="another model"):
        _space(b"87654321").new_point(GenerateRequest(latents=(latent,)), Random(3))


# Judged texts


@dataclass
class Coin:
    """Every character is as likely as heads."""

    asked: list[str] = field(default_factory=list)

    def chances(self, text: str) -> list[float]:
        self.asked.append(text)
        return [0.5] * len(text)


def _texts(folder: Path, *texts: str) -> Dataset:
    write_dataset(folder, [Text(text) for text in texts])
    return Dataset(folder)


def _nothing_known(text: str) -> list[float | None]:
    return [None] * len(text)


def test_line_breaks_that_were_never_learnt_are_not_named() -> None:
    told = judge_text(EvaluateRequest(artifact=Text("a\n\r\n")), _nothing_known)
    (message,) = [each for each in told if isinstance(each, Message)]
    assert isinstance(message.text, dict)
    assert message.text["zh"].endswith("有 1 个字符是模型不认识的：a")
    told = judge_text(EvaluateRequest(artifact=Text("\n\n")), _nothing_known)
    assert not [each for each in told if isinstance(each, Message)]


def test_a_text_is_explained_character_by_character() -> None:
    coin = Coin()
    events = list(judge_text(EvaluateRequest(artifact=Text("ab")), coin.chances))
    assert events == [Annotation(Span(0, 1), 0.5, "50.0%"), Annotation(Span(1, 2), 0.5, "50.0%")]
    odd: Any = judge_text(EvaluateRequest(artifact=Text("x")), lambda text: [1e-7])
    assert next(odd).text == "1.0e-07"
    assert coin.asked == ["ab"]


def test_what_is_unknown_is_named_so_that_it_can_be_read() -> None:
    named = name_pieces(["é", "\0", " ", "\ud800", "é", "a" + "\u0301" * 500])
    assert named["en"].startswith("é, U+0000, U+0020, U+D800, a\u0301")
    assert len(named["en"]) < 60
    assert name_pieces(map(chr, range(97, 111))) == {
        "en": "a, b, c, d, e, f, g, h, i, j, k, l and 2 more",
        "zh": "a、b、c、d、e、f、g、h、i、j、k、l 等共 14 个",
    }
    (*_told, message) = judge_text(EvaluateRequest(artifact=Text("\0\n")), lambda text: [None] * 2)
    assert isinstance(message, Message)
    assert localized(message.text, "en") == (
        "The model does not know 1 character of this text: U+0000"
    )
    alone = list(judge_text(EvaluateRequest(artifact=Text("\n")), lambda text: [None]))
    assert [type(each) for each in alone] == [Annotation]


def test_a_dataset_is_measured_in_nats_a_character(tmp_path: Path) -> None:
    data = _texts(tmp_path / "data", "abc", "", "d")
    events = list(judge_text(EvaluateRequest(dataset=data), Coin().chances))
    last = events[-1]
    assert isinstance(last, Metric)
    assert last.name == "nats_per_character"
    assert last.value == pytest.approx(float(np.log(2)))
    assert [each.step for each in events[:-1] if isinstance(each, Progress)][-1] == 3
    with pytest.raises(GeneratorError, match="all empty"):
        list(judge_text(EvaluateRequest(dataset=_texts(tmp_path / "no", "", "")), Coin().chances))
