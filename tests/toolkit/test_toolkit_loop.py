import json
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Any, Never

import pytest
import torch
from kinds import there
from nursery import Child, program
from toolkit_examples import (
    Line,
    PointGan,
    gan_loop,
    line_loop,
    publish_gan,
    sample_gan,
    train_request,
)

from aigc_studio.api import (
    Checkpoint,
    Event,
    GeneratorError,
    Image,
    Message,
    Metric,
    Preview,
    Progress,
    StudioError,
)
from aigc_studio.toolkit import Batches, Best, load_weights
from aigc_studio.toolkit import run as run_module
from aigc_studio.toolkit.metrics import read_metrics
from aigc_studio.toolkit.plan import Plan
from aigc_studio.toolkit.publishing import Publisher
from aigc_studio.toolkit.recipe import Recipe
from aigc_studio.toolkit.trainee import Moment

SCRIPT = Path(__file__).with_name("killed_training.py")


def final_weights(folder: Path, steps: int) -> dict[str, torch.Tensor]:
    tensors, _about = load_weights(folder / "models" / f"step-{steps:08d}" / "weights.safetensors")
    return tensors


def same(first: Mapping[str, torch.Tensor], second: Mapping[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def noted(folder: Path) -> list[dict[str, Any]]:
    lines = read_metrics(folder / "metrics.jsonl")
    return [{k: v for k, v in line.items() if not k.startswith(("exa", "sec"))} for line in lines]


def test_a_training_tells_shows_measures_and_publishes(tmp_path: Path) -> None:
    events = list(gan_loop(train_request(tmp_path, steps=60)))
    kinds = {type(event) for event in events}
    assert kinds == {Progress, Metric, Preview, Checkpoint}
    checkpoints = [event for event in events if isinstance(event, Checkpoint)]
    last = checkpoints[-1]
    assert last.step == 60
    assert last.card["steps"] == 60
    assert last.card["examples_seen"] == 960
    assert last.card["parameter_count"] == 4 * 16 + 16 + 16 * 2 + 2
    assert last.card["architecture"] == {"hidden": 16}
    assert {"seconds", "device", "threads", "torch"} <= last.card.keys()
    assert (last.path / "weights.safetensors").is_file()
    assert [event.step for event in events if isinstance(event, Progress)][-1] == 60
    names = {event.name for event in events if isinstance(event, Metric)}
    assert names == {"judge_loss", "generator_loss", "examples_per_second", "radius_error"}


def test_the_best_is_told_by_the_metric_and_is_never_thinned_out(tmp_path: Path) -> None:
    values = iter([0.5, 0.1, 0.3, 0.4, 0.2, 0.6])
    request = train_request(tmp_path, steps=60)
    loop = gan_loop(request, evaluate=lambda gan: {"radius_error": next(values)}, evaluations=6)
    checkpoints = [event for event in loop if isinstance(event, Checkpoint)]
    assert [event.best for event in checkpoints] == [True, True, False, False, False, False]
    left = sorted(path.name for path in (tmp_path / "models").iterdir())
    assert left == ["step-00000020", "step-00000050", "step-00000060"]


def test_a_training_that_goes_on_knows_how_good_its_best_was(tmp_path: Path) -> None:
    def loop(values: Iterable[float], **fields: Any) -> Generator[Any]:
        left = iter(values)
        request = train_request(tmp_path, steps=60, **fields)
        return gan_loop(request, evaluate=lambda gan: {"radius_error": next(left)}, evaluations=6)

    begun = loop([0.5, 0.1, 0.3])
    made = (event for event in begun if isinstance(event, Checkpoint))
    assert [next(made).best for _turn in range(3)] == [True, True, False]
    begun.close()
    # Closed in the midst of the third: that one is made again.
    rest = [
        each for each in loop([0.3, 0.2, 0.4, 0.15], resume=True) if isinstance(each, Checkpoint)
    ]
    assert rest
    assert not any(event.best for event in rest)
    assert (tmp_path / "models" / "step-00000020").is_dir()


@pytest.mark.parametrize(
    ("values", "best"),
    [
        # Of one training, measured on five pictures: nothing is told by that yet.
        ([21.03, 21.06, 21.11, 21.198, 20.92, 20.85], [True] * 6),
        ([21.0, 21.1, 21.3, 21.2, 21.25, 20.0], [True, True, True, False, False, False]),
        ([1.5, 1.495, 1.499, 1.55, 1.6, 1.49], [True, True, True, False, False, True]),
        ([0.0, 0.0, 0.1, 0.05, 0.0, 0.0], [True, True, False, False, False, False]),
    ],
)
def test_a_metric_that_has_hardly_changed_tells_no_best(
    tmp_path: Path, values: list[float], best: list[bool]
) -> None:
    wanted: Any = "highest" if values[0] > 20 else "lowest"

    def loop(left: Iterable[float], **fields: Any) -> Generator[Any]:
        request = train_request(tmp_path, steps=60, **fields)
        told, given = Best("radius_error", wanted), iter(left)
        return gan_loop(
            request, evaluate=lambda _gan: {"radius_error": next(given)}, best=told, evaluations=6
        )

    made = [event for event in loop(values) if isinstance(event, Checkpoint)]
    assert [event.best for event in made] == best
    # Cut off in the midst it knows what was first, and whether that tells anything.
    begun = (event for event in loop(values) if isinstance(event, Checkpoint))
    assert [next(begun).best for _turn in range(3)] == best[:3]
    begun.close()
    rest = [each for each in loop(values[2:], resume=True) if isinstance(each, Checkpoint)]
    assert [event.best for event in rest] == best[2:]


def test_a_training_of_before_goes_on_with_its_best(tmp_path: Path) -> None:
    request = train_request(tmp_path, steps=60)
    publisher = Publisher(request, Recipe(PointGan(1), Batches(8, 4, 1, list), lambda *_: {}))
    folder = publisher.folders.make(20, lambda path: publish_gan(PointGan(1), path))[0]
    kept = {"best_value": 0.5, "best_folder": folder.name, "best_is_doubtful": False}
    publisher.restore(kept)
    assert publisher.best_step == 20
    assert publisher.state() == kept | {"first_value": None, "best_is_told": True}


def test_the_first_model_comes_soon_and_the_others_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 1e6)
    events = gan_loop(train_request(tmp_path, steps=30), evaluate=None)
    assert [each.step for each in events if isinstance(each, Checkpoint)] == [1, 30]


def test_of_models_that_take_long_to_be_written_there_are_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 1e-6)
    for long, steps in ((1e6, list(range(1, 7))), (1e-12, [1, 6])):
        monkeypatch.setattr(run_module, "_PUBLISHING", long)
        events = gan_loop(train_request(tmp_path / str(long), steps=6), evaluate=None)
        assert [each.step for each in events if isinstance(each, Checkpoint)] == steps


def test_what_is_shown_at_a_step_is_what_is_kept_beside_its_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "PUBLISH_FIRST", 0.0)
    monkeypatch.setattr(run_module, "PUBLISH_EVERY", 0.0)
    drawn = list[Image]()

    def sample(gan: PointGan) -> Image:
        drawn.append(made := sample_gan(gan))
        return made

    events = list(gan_loop(train_request(tmp_path, steps=6), sample=sample, previews=6))
    shown = [each.artifact for each in events if isinstance(each, Preview)]
    assert list(map(id, shown)) == list(map(id, drawn))
    assert sum(isinstance(each, Checkpoint) for each in events) == 6


def test_an_evaluation_may_be_a_generator(tmp_path: Path) -> None:
    def evaluate(gan: PointGan) -> Generator[Event, None, Mapping[str, float]]:
        yield Progress(1, 2, "measuring")
        return {"radius_error": 0.25}

    events = list(gan_loop(train_request(tmp_path, steps=8), evaluate=evaluate, evaluations=1))
    assert Progress(1, 2, "measuring") in events
    assert Metric("radius_error", 0.25, 8) in events


def test_the_same_seed_gives_the_same_weights_whatever_is_watched(tmp_path: Path) -> None:
    list(gan_loop(train_request(tmp_path / "a", steps=30)))
    list(gan_loop(train_request(tmp_path / "b", steps=30), sample=None, evaluate=None))
    list(gan_loop(train_request(tmp_path / "c", steps=30, seed=1), PointGan(0)))
    weights = [final_weights(tmp_path / name, 30) for name in "abc"]
    assert same(weights[0], weights[1])
    assert not same(weights[0], weights[2])


def test_closing_keeps_where_it_was_and_resuming_equals_never_having_stopped(
    tmp_path: Path,
) -> None:
    whole = train_request(tmp_path / "whole", steps=60)
    count = len(list(gan_loop(whole)))
    for stop_after in range(1, count, count // 9):  # in the midst of measuring and publishing, too
        folder = tmp_path / f"stopped {stop_after}"
        loop = gan_loop(train_request(folder, steps=60))
        # How many events there are depends on the seconds it took: it may end before that.
        if len(list(zip(range(stop_after), loop, strict=False))) < stop_after:
            break
        loop.close()
        list(gan_loop(train_request(folder, steps=60, resume=True), PointGan(99)))
        assert same(final_weights(folder, 60), final_weights(whole.folder, 60)), stop_after
        assert noted(folder) == noted(whole.folder), stop_after


def start(
    folder: Path, resume: str = "new", sleep: float = 0.02
) -> Child | subprocess.Popen[bytes]:
    return program(SCRIPT, folder, 150, resume, sleep)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_and_resumed_equals_the_uninterrupted_run_to_the_last_bit(tmp_path: Path) -> None:
    with start(tmp_path / "whole", sleep=0) as process:
        assert there(process.stdout).read().endswith(b"150\n")
    folder = tmp_path / "killed"
    resume = "new"
    for until in (40, 90):
        with start(folder, resume) as process:
            for line in there(process.stdout):
                kept = (folder / "resume.safetensors").exists()
                if int(line) >= until and kept:
                    break
            process.kill()
        assert process.returncode == -signal.SIGKILL
        resume = "resume"
    with start(folder, "resume", sleep=0) as process:
        first = int(there(process.stdout).readline())
        there(process.stdout).read()
    assert first > 40, "it went on from a checkpoint, not from the start"
    assert same(final_weights(folder, 150), final_weights(tmp_path / "whole", 150))
    assert noted(folder) == noted(tmp_path / "whole")


def test_a_checkpoint_is_written_beside_the_training_every_few_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "RESUME_EVERY", 0.0)
    loop = gan_loop(train_request(tmp_path, steps=500))
    for _event in loop:
        if (tmp_path / "resume.safetensors").exists():
            loop.close()
            return
    raise AssertionError("none was written")


def test_minutes_become_steps_and_the_copy_is_thrown_away(tmp_path: Path) -> None:
    gan = PointGan(0)
    before = {name: tensor.clone() for name, tensor in gan.tensors().items()}
    loop = gan_loop(train_request(tmp_path, minutes=0.02), gan)
    for event in loop:
        if isinstance(event, Preview):  # the first one: before any step
            assert same(before, gan.tensors())
            break
    list(loop)
    (stage, *_more) = Plan.read(tmp_path / "plan.jsonl").stages
    assert stage.total > 5
    assert stage.seconds_per_step > 0
    steps = sorted(int(path.name[5:]) for path in (tmp_path / "models").iterdir())
    assert steps[-1] == Plan.read(tmp_path / "plan.jsonl").stages[-1].total


def test_minutes_and_the_same_number_of_steps_give_the_same_weights(tmp_path: Path) -> None:
    list(gan_loop(train_request(tmp_path / "minutes", minutes=0.01)))
    stages = Plan.read(tmp_path / "minutes" / "plan.jsonl").stages
    list(gan_loop(train_request(tmp_path / "steps", steps=stages[-1].total)))
    weights = [final_weights(tmp_path / n, stages[-1].total) for n in ("minutes", "steps")]
    assert len(stages) > 1 or same(*weights)


def test_without_minutes_or_steps_it_asks_for_them(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="how long"):
        list(line_loop(train_request(tmp_path)))


def test_a_loss_that_is_not_a_number_ends_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="lower learning rate") as caught:
        list(line_loop(train_request(tmp_path, steps=500), Line(rate=1e6)))
    assert "学习率" in caught.value.zh
    kept = list((tmp_path / "models").glob("*")) if (tmp_path / "models").exists() else []
    assert kept == []


def test_running_out_of_memory_ends_with_a_sentence(tmp_path: Path) -> None:
    class Greedy(Line):
        def step(self, batch: tuple[torch.Tensor, ...], moment: Moment) -> Never:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")

    with pytest.raises(GeneratorError, match="not enough memory"):
        list(line_loop(train_request(tmp_path, steps=5), Greedy()))


def test_an_error_of_the_plugin_comes_through_as_it_is(tmp_path: Path) -> None:
    class Broken(Line):
        def step(self, batch: tuple[torch.Tensor, ...], moment: Moment) -> Never:
            raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes do not match"):
        list(line_loop(train_request(tmp_path, steps=5), Broken()))


def test_resuming_with_other_nets_is_a_sentence(tmp_path: Path) -> None:
    loop = gan_loop(train_request(tmp_path, steps=50))
    for event in loop:
        if isinstance(event, Metric) and event.step > 3:
            break
    loop.close()
    with pytest.raises(StudioError, match="does not fit"):
        list(line_loop(train_request(tmp_path, steps=50, resume=True)))


def test_resuming_where_nothing_was_kept_starts_from_the_plan(tmp_path: Path) -> None:
    list(gan_loop(train_request(tmp_path, steps=12, resume=True)))
    assert final_weights(tmp_path, 12)


def test_a_new_training_clears_what_an_old_one_left(tmp_path: Path) -> None:
    list(gan_loop(train_request(tmp_path, steps=30)))
    list(gan_loop(train_request(tmp_path, steps=20)))
    assert [line["step"] for line in read_metrics(tmp_path / "metrics.jsonl")][-1] == 20
    assert not (tmp_path / "models" / "step-00000030").exists()


def test_a_plan_that_changed_is_gone_through_again(tmp_path: Path) -> None:
    tmp_path.joinpath("plan.jsonl").write_text(
        json.dumps({"step": 0, "total": 40})
        + "\n"
        + json.dumps({"step": 10, "total": 20, "progress": 0.25})
        + "\n"
    )
    events = list(gan_loop(train_request(tmp_path, minutes=10, resume=True)))
    assert [e.step for e in events if isinstance(e, Checkpoint)][-1] == 20


def test_the_line_is_learned(tmp_path: Path) -> None:
    line = Line()
    list(line_loop(train_request(tmp_path, steps=200), line))
    assert torch.allclose(line.net.weight[0], torch.tensor([1.0, -2.0, 0.5]), atol=0.05)


def test_a_training_ends_early_when_nothing_got_better_for_long(tmp_path: Path) -> None:
    values = iter([5.0, 3.0, 4.0, 4.0, 4.0, 4.0, 1.0, 1.0, 1.0, 1.0])
    options: dict[str, Any] = {
        "evaluate": lambda line: {"error": next(values)},
        "best": Best("error", patience=0.3),
        "evaluations": 10,
    }
    events = list(line_loop(train_request(tmp_path, steps=100), **options))
    made = [event for event in events if isinstance(event, Checkpoint)]
    assert [each.step for each in made if each.best][-1] == 20
    assert made[-1].step == 50
    told = [event.text for event in events if isinstance(event, Message)]
    assert len(told) == 1
    assert "ended early, at step 50" in str(told[0])
    assert [each for each in events if isinstance(each, Progress)][-1] == Progress(50, 50)
    # Taken up again it knows that it has ended.
    again = list(line_loop(train_request(tmp_path, steps=100, resume=True), **options))
    assert not [each for each in again if isinstance(each, Metric) and each.step > 50]


def test_without_patience_asked_for_a_training_runs_to_its_end(tmp_path: Path) -> None:
    values = iter([1.0, *[2.0] * 9])
    options: dict[str, Any] = {
        "evaluate": lambda line: {"error": next(values)},
        "best": Best("error"),
        "evaluations": 10,
    }
    events = list(line_loop(train_request(tmp_path, steps=100), **options))
    assert [e for e in events if isinstance(e, Checkpoint)][-1].step == 100
