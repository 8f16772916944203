from collections.abc import Generator
from pathlib import Path
from typing import Any

import gan_digits
import numpy as np
import pytest
from gan_digits.model import open_model
from gan_digits.parameters import GenerateParameters
from gan_digits.sampling import draw
from gan_digits_examples import Drawn, candidates, write_model
from kinds import there

from aigc_studio.api import GenerateRequest, GeneratorError, StudioError


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("模型 é") / "digits")


def generate(model: Path | None, prompt: str = "7", **fields: Any) -> list[Drawn]:
    return candidates(gan_digits.generate(GenerateRequest(model=model, prompt=prompt, **fields)))


def test_a_word_is_one_picture_and_spaces_make_separate_ones(model: Path) -> None:
    (year,) = generate(model, "2024")
    assert (year.artifact.width, year.artifact.height, year.artifact.mode) == (64, 16, "L")
    assert year.title == "2024"
    made = generate(model, "3 7 7", count=2, seed=40)
    assert [each.title for each in made] == ["3", "7", "7"] * 2
    assert [each.seed for each in made] == [40] * 3 + [41] * 3
    assert made[1].artifact != made[2].artifact, "two sevens are not copies of one another"


def test_the_same_seed_gives_the_same_pictures_and_more_change_nothing(model: Path) -> None:
    few, many = generate(model, "12 3", count=2, seed=9), generate(model, "12 3", count=5, seed=9)
    assert few == many[:4]
    assert generate(model, "12 3", count=1, seed=10) == few[2:]
    assert generate(model, "12 3", seed=9, threads=2) == few[:2]
    assert few[0].artifact != few[2].artifact


@pytest.mark.parametrize("threads", [1, 2])
def test_a_candidate_is_the_same_alone_and_at_every_place_of_a_request(
    model: Path, threads: int
) -> None:
    many = generate(model, "7 12", count=21, seed=100, threads=threads)
    for number in range(21):
        assert generate(model, "7 12", seed=100 + number) == many[2 * number : 2 * number + 2]
    assert generate(model, "7 12", count=9, seed=106, threads=threads) == many[12:30]


def test_pictures_drawn_together_are_bit_for_bit_those_drawn_alone(model: Path) -> None:
    import torch

    torch.set_num_threads(1)
    opened = open_model(model)
    latents = torch.randn(37, opened.settings.latent_dim)
    labels = [n % 10 for n in range(37)]
    before = torch.backends.mkldnn.enabled
    together = draw(opened.generator, latents, labels)
    assert torch.backends.mkldnn.enabled is before
    for n, label in enumerate(labels):
        alone = opened.generator(latents[n : n + 1], torch.tensor([label]))
        assert torch.equal(alone[0], together[n])
        assert torch.equal(draw(opened.generator, latents[n:], labels[n:])[0], together[n])


def test_candidates_come_as_they_are_made(model: Path) -> None:
    action = gan_digits.generate(GenerateRequest(model=model, prompt="7", count=10**9, seed=3))
    first = [each for _n, each in zip(range(40), action, strict=False)]
    assert candidates(iter(first)) == generate(model, "7", count=20, seed=3)
    assert isinstance(action, Generator)
    action.close()


def test_without_a_prompt_the_class_is_drawn_by_the_seed(model: Path) -> None:
    made = generate(model, "", count=12, seed=1)
    assert len({each.title for each in made}) > 3
    assert generate(model, "", count=2, seed=4) == made[3:5]


def test_variety_goes_from_one_to_many(model: Path) -> None:
    def spread(variety: float) -> float:
        parameters = GenerateParameters(variety=variety)
        made = generate(model, "7", count=8, parameters=parameters)
        return float(np.stack([each.artifact.pixels for each in made]).std(axis=0).mean())

    assert spread(0.0) == 0.0
    assert spread(1.2) > spread(0.3) > 0.0


def test_a_model_without_classes_needs_no_prompt(tmp_path: Path) -> None:
    model = write_model(tmp_path / "plain", classes=(), channels=3)
    made = generate(model, "anything at all", count=3)
    assert len(made) == 3
    assert made[0].artifact.mode == "RGB"
    assert made == generate(model, "", count=3)


def test_classes_go_by_their_names(tmp_path: Path) -> None:
    model = write_model(tmp_path / "animals", classes=("cat", "red dog", "猫"))
    assert [each.title for each in generate(model, "red dog 猫 Cat")] == ["red dog", "猫", "cat"]


def test_letters_are_a_sentence(model: Path) -> None:
    with pytest.raises(GeneratorError, match="0-9") as caught:
        generate(model, "seven")
    assert caught.value.parameter == "prompt"


def test_without_a_model_or_with_a_strange_one_it_is_a_sentence(
    model: Path, tmp_path: Path
) -> None:
    with pytest.raises(StudioError, match="choose one, or train one"):
        generate(None)
    with pytest.raises(StudioError, match="no weights"):
        generate(tmp_path)
    (tmp_path / "weights.safetensors").write_bytes(b"PK\x03\x04 a zip")
    with pytest.raises(StudioError, match="could run code"):
        generate(tmp_path)


def told(settings: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "gan-digits", "settings": settings, "classes": [], "look": {}}


def test_a_model_whose_file_does_not_fill_its_nets_asks_for_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from aigc_studio.toolkit import restore_network

    def checked(network: torch.nn.Module, *others: Any) -> None:
        assert all(part.is_meta for part in network.parameters())
        restore(network, *others)

    restore = restore_network
    monkeypatch.setattr("aigc_studio.toolkit.open_models.restore_network", checked)
    from aigc_studio.toolkit import save_weights

    large = {"size": 64, "width": 256, "latent_dim": 1024, "num_classes": 0}
    save_weights(tmp_path / "weights.safetensors", {"a": torch.ones(1)}, told(large))
    with pytest.raises(StudioError, match="of another kind or version"):
        generate(tmp_path)


def test_weights_that_are_no_numbers_are_a_sentence(tmp_path: Path) -> None:
    import torch

    from aigc_studio.toolkit import load_weights, save_weights

    folder = write_model(tmp_path / "m")
    tensors, about = load_weights(folder / "weights.safetensors")
    name = next(name for name, each in tensors.items() if each.is_floating_point())
    odd = tensors | {name: torch.full_like(tensors[name], float("nan"))}
    save_weights(folder / "weights.safetensors", odd, about)
    with pytest.raises(StudioError, match="no longer numbers"):
        generate(folder)
    whole = tensors | {name: torch.zeros(tensors[name].shape, dtype=torch.int64)}
    save_weights(folder / "weights.safetensors", whole, about)
    with pytest.raises(StudioError, match="has other numbers"):
        generate(folder)


def test_a_model_of_another_generator_is_a_sentence(tmp_path: Path) -> None:
    import torch

    from aigc_studio.toolkit import save_weights

    others: list[dict[str, Any]] = [
        {},
        {"kind": "vae-faces"},
        {"kind": "gan-digits", "settings": {"size": 17}, "classes": [], "look": {}},
        {"kind": "gan-digits", "settings": {"width": 10**9}, "classes": [], "look": {}},
        {"kind": "gan-digits", "settings": {"size": "big"}, "classes": [], "look": {}},
    ]
    whole = {"size": 16, "width": 8, "latent_dim": 16, "num_classes": 0}
    odd: dict[str, tuple[Any, ...]] = {
        "size": ("28", 0, 10**9, None, [], 16.0, True), "width": (0, -8, 257, "8"),
        "latent_dim": (0, 10**6, {}), "num_classes": (-1, 4097, "ten"), "channels": (2, 0, "1"),
        "penalty_every": (0, -1, "8"), "encoder_every": (0, 1.5), "loss": ("odd", 3, None),
        "learning_rate": ("fast", -1), "average_decay": (2, None), "augmentation": ([1],),
    }  # fmt: skip
    for name, values in odd.items():
        for value in values:
            others.append(told(whole | {name: value}))
    others.append(told(whole) | {"look": {"ground": "dark"}})
    others.append(told(whole) | {"look": []})
    others.append(told(whole) | {"classes": [3]})
    others.append(told(whole) | {"classes": "0123"})
    for number, about in enumerate(others):
        folder = tmp_path / str(number)
        save_weights(folder / "weights.safetensors", {"a": torch.ones(1)}, about)
        with pytest.raises(StudioError, match="not a model of this generator"):
            generate(folder)


def test_the_latent_is_small_and_a_model_file_holds_half_precision(model: Path) -> None:
    (made,) = generate(model, "0123456789")
    assert len(there(made.latent)) < 1024
    import torch

    from aigc_studio.toolkit import load_weights

    tensors, _about = load_weights(model / "weights.safetensors")
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
