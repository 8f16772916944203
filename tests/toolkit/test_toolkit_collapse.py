"""Trainings that collapse, and saved states that a disk has damaged: what is said, what is kept."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from test_toolkit_loop import final_weights, same
from toolkit_examples import Line, PointGan, gan_loop, line_loop, publish_gan, train_request

from aigc_studio.api import (
    Checkpoint,
    Event,
    GeneratorError,
    Image,
    Melody,
    Message,
    Note,
    StudioError,
    Text,
)
from aigc_studio.toolkit import load_weights, save_weights
from aigc_studio.toolkit import run as run_module
from aigc_studio.toolkit.collapse import Looks, Scales, is_blank
from aigc_studio.toolkit.metrics import read_metrics
from aigc_studio.toolkit.trainee import Moment


def warnings(events: list[Event]) -> list[str]:
    return [
        event.text["en"]
        for event in events
        if isinstance(event, Message) and not isinstance(event.text, str)
    ]


def collected(loop: Iterator[Event], into: list[Event]) -> None:
    for event in loop:
        into.append(event)


# Losses


class Runaway(Line):
    """Learns well until step 20, then its loss is what `after` makes of the step."""

    def __init__(self, after: Callable[[int], float]) -> None:
        super().__init__()
        self.after = after

    def step(self, batch: tuple[torch.Tensor, ...], moment: Moment) -> Mapping[str, float]:
        numbers = super().step(batch, moment)
        return numbers if moment.step < 20 else {"loss": self.after(moment.step)}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_no_number_names_step_and_best_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 0.0)
    events: list[Event] = []
    with pytest.raises(
        GeneratorError, match=r"collapsed at step 20: loss.*step 20, is kept"
    ) as caught:
        collected(
            line_loop(train_request(tmp_path, steps=500), Runaway(lambda _step: value)), events
        )
    assert "lower learning rate" in str(caught.value)
    assert "学习率" in caught.value.zh
    assert "20" in caught.value.zh
    made = [event for event in events if isinstance(event, Checkpoint)]
    assert [event.step for event in made][-1] == 20
    assert torch.isfinite(final_weights(tmp_path, 20)["weight"]).all()


def test_a_loss_that_leaves_every_scale_ends_it_before_it_is_infinite(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"collapsed at step \d+: loss has left every scale"):
        list(line_loop(train_request(tmp_path, steps=900), Runaway(lambda step: 1e9 + step)))
    with pytest.raises(GeneratorError, match="It had made no sound model yet"):
        list(line_loop(train_request(tmp_path / "b", steps=900), Line(rate=1.5)))


def test_a_model_made_off_the_scale_is_not_the_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 0.0)
    events: list[Event] = []
    with pytest.raises(GeneratorError, match="Its best model, of step 20, is kept"):
        collected(
            line_loop(train_request(tmp_path, steps=900), Runaway(lambda step: 1e9 + step)), events
        )
    made = [event for event in events if isinstance(event, Checkpoint)]
    assert [event.step for event in made if event.best][-1] == 20
    assert made[-1].step > 30


def test_a_spike_and_large_losses_are_no_collapse(tmp_path: Path) -> None:
    spikes = Runaway(lambda step: 1e12 if step % 10 == 0 else 1.0)
    assert list(line_loop(train_request(tmp_path, steps=100), spikes))
    scales = Scales()
    assert not any(scales.runaway({"loss": 1e9 * (1 + step % 7)}) for step in range(200))
    kept = Scales(json.loads(json.dumps(scales.kept)))
    assert kept.runaway({"loss": 1e9}) == ""
    assert [kept.runaway({"loss": 1e16}) for _ in range(20)][-1] == "loss"


COUNTERS: dict[str, Callable[[int], float]] = {
    "tokens": lambda step: 64.0 * step,
    "examples": lambda step: 1.0 + 8192.0 * step,
    "uneven": lambda step: float(100 + 9000 * step + step % 7 * 997),
    "seldom": lambda step: 64.0 * ((step + 1) // 2),
    "seconds": lambda step: 0.003 * step,
}


@pytest.mark.parametrize("name", list(COUNTERS))
def test_a_counter_is_no_loss(name: str) -> None:
    scales = Scales()
    for step in range(110_000):
        assert scales.runaway({"loss": 1.0, name: COUNTERS[name](step)}) == ""
        if step == 70_000:
            scales = Scales(json.loads(json.dumps(scales.kept)))
    assert not scales.left


@pytest.mark.parametrize("first", [1e-3, 1e-6, 0.5, 40.0])
def test_the_scale_of_a_loss_is_that_of_its_first_steps(first: float) -> None:
    scales = Scales()
    for step in range(50):
        assert scales.runaway({"loss": first * (1 + step % 3)}) == ""
    assert [scales.runaway({"loss": max(9e4, 2e5 * first)}) for _ in range(20)][-1] == "loss"


@pytest.mark.parametrize("rate", [1.1, 2.0, 30.0])
def test_a_loss_that_runs_away_from_its_first_step_on_is_no_counter(rate: float) -> None:
    scales = Scales()
    assert any(scales.runaway({"loss": 0.01 * rate**step}) for step in range(200))


def test_a_loss_that_begins_at_nothing_may_grow() -> None:
    scales = Scales()
    for step in range(400):
        term = 0.0 if step < 50 else min(1e-7 * 2.0 ** (step - 50), 150.0) + step % 2
        assert scales.runaway({"kl": term}) == ""


def test_a_state_of_before_is_gone_on_with() -> None:
    scales = Scales({"loss": [1.0, 10.0, 0.0]})
    assert not scales.left
    assert [scales.runaway({"loss": 1e6 + step}) for step in range(20)][-1] == "loss"


class Counting(Runaway):
    """Says which of its numbers are losses; the other one is anything."""

    losses = ("loss",)

    def step(self, batch: Any, moment: Any) -> Mapping[str, float]:
        odd = 1e-3 if moment.step < 30 else 1e12
        return {"loss": dict(super().step(batch, moment))["loss"], "odd": odd}


def test_only_what_is_named_a_loss_is_watched(tmp_path: Path) -> None:
    calm = Counting(lambda _step: 1.0)
    assert list(line_loop(train_request(tmp_path, steps=100), calm))
    with pytest.raises(GeneratorError, match="loss has left every scale"):
        list(line_loop(train_request(tmp_path / "b", steps=900), Counting(lambda step: 1e9 + step)))


def test_weights_that_are_no_numbers_are_never_published(tmp_path: Path) -> None:
    def publish(gan: PointGan, folder: Path) -> Mapping[str, Any]:
        about = publish_gan(gan, folder)
        tensors, told = load_weights(folder / "weights.safetensors")
        first = next(iter(tensors))
        tensors[first][...] = float("nan")
        save_weights(folder / "weights.safetensors", tensors, told)
        return dict(about)

    with pytest.raises(GeneratorError, match="weights is no longer a finite number"):
        list(gan_loop(train_request(tmp_path, steps=20), publish=publish))
    assert list((tmp_path / "models").iterdir()) == []


def test_a_measure_that_is_no_number_is_never_the_best(tmp_path: Path) -> None:
    values = iter([float("nan"), 0.5, float("nan"), 0.4])
    loop = gan_loop(
        train_request(tmp_path, steps=40),
        evaluate=lambda gan: {"radius_error": next(values)},
        evaluations=4,
    )
    events = list(loop)
    made = [event for event in events if isinstance(event, Checkpoint)]
    assert [event.best for event in made] == [True, True, False, True]
    assert made[0].metrics == {}
    assert sum("could not be measured" in told for told in warnings(events)) == 2


# Samples


def test_what_is_blank() -> None:
    assert is_blank(Image(np.full((4, 4, 3), 7, np.uint8)))
    assert not is_blank(Image(np.eye(4, dtype=np.uint8)))
    noise = np.random.default_rng(0).integers(0, 255, (28, 280), np.uint8)
    assert is_blank(Image(np.concatenate([noise] * 10)))  # one hand whatever the latent
    assert not is_blank(Image(np.concatenate([noise] * 9 + [255 - noise])))
    assert is_blank(Text("   "))
    assert is_blank(Text("aaaa"))
    assert not is_blank(Text("ab"))
    assert is_blank(Melody())
    assert not is_blank(Melody((Note(0, 480, 60),)))


def test_what_has_learnt_nothing_yet_is_no_collapse() -> None:
    """On a slow or busy computer the first samples come after a step or two: all of one grey."""
    grey, drawn = Image(np.full((4, 4), 128, np.uint8)), Image(np.eye(4, dtype=np.uint8))
    looks = Looks()
    for step in (0, 1, 2, 19):
        looks.take(grey, step)
        assert not looks.blank
    looks.take(grey, 20)
    assert looks.blank_since == 20
    lost = Looks()
    lost.take(drawn, 3)
    again = Looks(lost.kept)
    again.take(grey, 5)
    assert again.blank_since == 5


def sampled(blank_from: int, blank_to: int = 10**9) -> Callable[[PointGan], Image]:
    calls = iter(range(10**9))

    def sample(gan: PointGan) -> Image:
        number = next(calls)
        blank = blank_from <= number < blank_to
        return Image(np.zeros((4, 4), np.uint8) if blank else np.eye(4, dtype=np.uint8))

    return sample


def test_blank_samples_are_told_once_and_the_best_is_from_before(tmp_path: Path) -> None:
    loop = gan_loop(
        train_request(tmp_path, steps=60), sample=sampled(12), evaluate=None, best=None, previews=20
    )
    events = list(loop)
    told = warnings(events)
    assert len(told) == 2
    assert "blank or all alike since step" in told[0]
    assert "collapsed: its samples are blank or all alike since step" in told[1]
    made = [event for event in events if isinstance(event, Checkpoint)]
    assert made[-1].best  # there is no other, and that is said
    assert "nothing but such" in told[1]


def test_a_model_of_blanks_does_not_take_the_place_of_a_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 0.0)
    request = train_request(tmp_path, steps=60)
    events = list(gan_loop(request, sample=sampled(12), evaluate=None, best=None, previews=20))
    made = [event for event in events if isinstance(event, Checkpoint)]
    best = [event.step for event in made if event.best]
    assert 0 < best[-1] < 60
    assert not made[-1].best
    assert f"The best model is that of step {best[-1]}" in warnings(events)[-1]
    assert (tmp_path / "models" / f"step-{best[-1]:08d}").is_dir()


def test_one_blank_sample_among_others_is_nothing(tmp_path: Path) -> None:
    loop = gan_loop(train_request(tmp_path, steps=60), sample=sampled(8, 9), previews=20)
    assert warnings(list(loop)) == []
    loop = gan_loop(train_request(tmp_path / "b", steps=60), sample=sampled(0, 1), previews=20)
    assert warnings(list(loop)) == []


# Saved states


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of 60 steps that was closed, with two saved states behind it."""
    folder = tmp_path_factory.mktemp("closed") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "RESUME_EVERY", 0.0)
        loop = gan_loop(train_request(folder, steps=60))
        for event in loop:
            if isinstance(event, Checkpoint):
                break
        loop.close()
    assert (folder / "resume-former.safetensors").exists()
    return folder


@pytest.fixture
def interrupted(closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of `closed`, which will save no more states."""
    monkeypatch.setattr(run_module, "RESUME_EVERY", 1e9)
    return shutil.copytree(closed, tmp_path / "run")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    """What a training of 60 steps that nothing interrupted has learnt."""
    folder = tmp_path_factory.mktemp("whole")
    list(gan_loop(train_request(folder, steps=60)))
    return final_weights(folder, 60)


def resumed(folder: Path) -> list[Event]:
    return list(gan_loop(train_request(folder, steps=60, resume=True), PointGan(99)))


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    place = len(data) - 100
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": cut,
    "one bit": flip,
    "header": lambda data: data[:9] + b"\xff" * 20 + data[29:],
    "pickle": lambda data: b"\x80\x04" + data[2:8] + b"x" + data[9:],
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_a_damaged_state_is_passed_over_for_the_one_before(
    interrupted: Path, whole: dict[str, torch.Tensor], damage: str
) -> None:
    path = interrupted / "resume.safetensors"
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    events = resumed(interrupted)
    assert any("goes on from the one before" in told for told in warnings(events))
    assert same(final_weights(interrupted, 60), whole)


def test_without_a_whole_state_it_says_what_to_do_and_keeps_the_models(interrupted: Path) -> None:
    models = sorted((interrupted / "models").rglob("*"))
    for name in ("resume.safetensors", "resume-former.safetensors"):
        path = interrupted / name
        path.write_bytes(cut(path.read_bytes()))
    with pytest.raises(
        StudioError, match=r"saved state.*is damaged.*keep the best model"
    ) as caught:
        resumed(interrupted)
    assert isinstance(caught.value, GeneratorError)
    assert "保留" in caught.value.zh
    assert sorted((interrupted / "models").rglob("*")) == models


@pytest.mark.parametrize(
    "change",
    [
        {"step": "many"}, {"step": -1}, {"window": None}, {"log": None}, {"attended": 3},
        {"best_folder": None}, {"seconds": "x"},
    ],
)  # fmt: skip
def test_a_state_that_says_nonsense(interrupted: Path, change: dict[str, Any]) -> None:
    for name in ("resume.safetensors", "resume-former.safetensors"):
        tensors, state = load_weights(interrupted / name)
        save_weights(interrupted / name, tensors, state | change)
    with pytest.raises(GeneratorError, match="saved state"):
        resumed(interrupted)


def test_a_state_of_another_shape_is_a_sentence(interrupted: Path) -> None:
    for name in ("resume.safetensors", "resume-former.safetensors"):
        tensors, state = load_weights(interrupted / name)
        state.pop("digest")
        odd = {f"{key}x": each[..., :1] for key, each in tensors.items() if each.ndim}
        save_weights(interrupted / name, odd, state)
    with pytest.raises(StudioError, match="does not fit"):
        resumed(interrupted)


@pytest.mark.parametrize(
    "text",
    [None, b"", b"{\n", b"[]\n", b'{"step": 3}\n', b"\xff\xfe\n", b'{"step":0,"total":"x"}\n'],
)
def test_a_damaged_plan_is_taken_from_the_state(
    interrupted: Path, whole: dict[str, torch.Tensor], text: bytes | None
) -> None:
    path = interrupted / "plan.jsonl"
    path.unlink() if text is None else path.write_bytes(text)
    events = resumed(interrupted)
    assert any("plan of this training is damaged" in told for told in warnings(events))
    assert same(final_weights(interrupted, 60), whole)


def test_a_plan_is_made_anew_where_nothing_was_saved(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonl").write_text("{\n")
    assert resumed(tmp_path)
    assert final_weights(tmp_path, 60)


@pytest.mark.parametrize("text", [b"", b"half a li", b"\xff\xfe nonsense\n{\n", None])
def test_a_damaged_log_of_metrics_is_gone_on_with(
    interrupted: Path, whole: dict[str, torch.Tensor], text: bytes | None
) -> None:
    path = interrupted / "metrics.jsonl"
    path.unlink() if text is None else path.write_bytes(text)
    resumed(interrupted)
    assert read_metrics(path)[-1]["step"] == 60
    assert same(final_weights(interrupted, 60), whole)


def test_a_best_model_that_is_gone_or_damaged_is_none_any_more(interrupted: Path) -> None:
    (folder,) = (interrupted / "models").iterdir()
    weights = folder / "weights.safetensors"
    weights.write_bytes(cut(weights.read_bytes()))
    made = [event for event in resumed(interrupted) if isinstance(event, Checkpoint)]
    assert made[0].best
    assert made[0].step >= int(folder.name[5:])
    best = [event for event in made if event.best][-1]
    assert load_weights(best.path / "weights.safetensors")
