from pathlib import Path
from typing import Never

import pytest
import torch
from torch import nn

from aigc_studio.api import GenerateRequest, GeneratorError, StudioError
from aigc_studio.toolkit import (
    Average,
    Batches,
    candidate_generator,
    choose_device,
    distributed,
    shapes_left,
)
from aigc_studio.toolkit.checkpoints import ModelFolders, ResumeFile
from aigc_studio.toolkit.metrics import MetricLog, Window, read_metrics


def test_an_epoch_has_every_example_once_and_epochs_differ() -> None:
    batches = Batches(10, 4, 3, lambda chosen: chosen)
    drawn = torch.cat([batches.at(step) for step in range(5)])
    epochs = [drawn[:10].tolist(), drawn[10:].tolist()]
    assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 2
    assert epochs[0] != epochs[1]


def test_a_batch_is_a_function_of_seed_and_step() -> None:
    one, two = (Batches(50, 8, 3, lambda chosen: chosen.tolist()) for _ in range(2))
    in_order = [one.at(step) for step in range(20)]
    assert [two.at(step) for step in reversed(range(20))][::-1] == in_order
    assert Batches(50, 8, 4, lambda chosen: chosen.tolist()).at(0) != in_order[0]


def test_fewer_examples_than_a_batch_come_again() -> None:
    assert Batches(1, 5, 0, lambda chosen: chosen.tolist()).at(7) == [0] * 5
    assert sorted(Batches(2, 6, 0, lambda chosen: chosen.tolist()).at(7)) == [0, 0, 0, 1, 1, 1]
    with pytest.raises(ValueError, match="need examples"):
        Batches(0, 5, 0, lambda chosen: chosen)


def test_each_rank_sees_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Batches(50, 8, 3, lambda chosen: chosen.tolist()).at(2)
    monkeypatch.setattr(distributed, "world_size", lambda: 2)
    shares = []
    for rank in range(2):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        shares.append(Batches(50, 8, 3, lambda chosen: chosen.tolist()).at(2))
    assert sorted(shares[0] + shares[1]) == sorted(whole)
    with pytest.raises(GeneratorError, match="cannot share"):
        Batches(50, 7, 3, lambda chosen: chosen)


def test_candidates_do_not_depend_on_how_many_there_are() -> None:
    def draw(seed: int, number: int) -> torch.Tensor:
        return torch.randn(4, generator=candidate_generator(seed, number))

    assert torch.equal(draw(5, 2), draw(7, 0))
    assert not torch.equal(draw(5, 2), draw(5, 3))


def test_the_average_follows_and_forgets_its_start() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    average = Average(net, decay=0.9)
    weight, mean = net.get_parameter("0.weight"), net.get_buffer("1.running_mean")
    with torch.no_grad():
        weight.fill_(5.0)
        mean.fill_(2.0)
    average.update(0)
    assert not torch.equal(average.network.get_parameter("0.weight"), weight)
    for step in range(1, 200):
        average.update(step)
    assert torch.allclose(average.network.get_parameter("0.weight"), weight, atol=1e-3)
    assert torch.equal(average.network.get_buffer("1.running_mean"), mean)
    assert not average.network.get_parameter("0.weight").requires_grad


def test_a_device_that_is_not_here_is_a_sentence() -> None:
    threads = torch.get_num_threads()
    assert choose_device(GenerateRequest(device="cpu", threads=threads)).type == "cpu"
    for name in ("cuda:77", "no such thing"):
        with pytest.raises(StudioError, match=name):
            choose_device(GenerateRequest(device=name, threads=threads))


def test_the_log_is_cut_back_to_what_the_checkpoint_knew(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    log = MetricLog(path)
    log.note(1, {"loss": 0.5})
    mark = log.length
    log.note(2, {"loss": 0.25})
    log.close()
    again = MetricLog(path, mark)
    again.note(3, {"loss": 0.125})
    again.close()
    assert read_metrics(path) == [{"step": 1, "loss": 0.5}, {"step": 3, "loss": 0.125}]
    path.write_bytes(path.read_bytes() + b'{"step": 4, "lo')
    assert len(read_metrics(path)) == 2


def test_the_window_takes_means_of_what_came() -> None:
    window = Window()
    window.add({"a": 1.0, "b": 4.0})
    window.add({"a": 2.0})
    assert Window(window.sums).take() == {"a": 1.5, "b": 4.0}
    assert window.take() == {"a": 1.5, "b": 4.0}
    assert window.take() == {}


def test_a_failed_background_writing_is_raised(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    resume = ResumeFile(blocked / "resume.safetensors")
    resume.write_behind({"a": torch.ones(1)}, {})
    with pytest.raises(OSError, match="file"):
        resume.wait()


def test_a_plugin_sees_the_form_of_what_was_left(tmp_path: Path) -> None:
    assert shapes_left(tmp_path) == {}
    resume = ResumeFile(tmp_path / "resume.safetensors")
    for wide in (2, 3):
        resume.write({"head": torch.ones(wide, 4)}, {})
    assert shapes_left(tmp_path) == {"head": (3, 4)}
    resume.path.write_bytes(b"damaged")
    assert shapes_left(tmp_path) == {"head": (2, 4)}  # the one before it
    resume.former.write_bytes(b"damaged")
    assert shapes_left(tmp_path) == {}


def test_a_model_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path / "models", keep=2)

    def fail(made: Path) -> Never:
        (made / "weights.safetensors").write_bytes(b"half")
        raise RuntimeError("broke")

    with pytest.raises(RuntimeError, match="broke"):
        folders.make(3, fail)
    assert list((tmp_path / "models").iterdir()) == []
    for step in (3, 3, 4, 5):
        folders.make(step, lambda made: {})
    folders.thin_out(tmp_path / "models" / "step-00000003")
    assert sorted(p.name for p in folders.folder.iterdir()) == ["step-00000003", "step-00000005"]


def test_the_newest_state_keeps_its_name_until_the_next_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.toolkit import checkpoints

    state = {
        "attended": True, "window": {}, "seconds": 1.0, "threads": 1, "log": 0,
        "best_folder": "", "best_value": None,
    }  # fmt: skip
    resume = ResumeFile(tmp_path / "resume.safetensors")
    for step in (1, 2):
        resume.write({"a": torch.tensor([float(step)])}, state | {"step": step})

    def killed(*_values: object) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_weights", killed)
    with pytest.raises(OSError, match="No space"):
        resume.write({"a": torch.tensor([3.0])}, state | {"step": 3})
    # What a kill in the midst of writing leaves: six seconds are lost and not twelve.
    assert [resume.read(path)[1]["step"] for path in resume.generations()] == [2, 1]
