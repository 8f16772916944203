"""Which model something was made with: recalled, missing, and latents, all by digest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import Span, Text
from aigc_studio.library import ModelInfo, ModelStore
from aigc_studio.project import Item, Provenance, commands
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.target import Target
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.missing import missing_in, missing_parts
from aigc_studio.ui.window.making.asked import Asked
from aigc_studio.ui.window.making.session import Session

Wait = Callable[[Callable[[], bool]], None]
HEADER = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + b"1"


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., ModelInfo]:
    """Call it with a name and words for a model of spans; all have the same weights."""

    def made(name: str, words: str) -> ModelInfo:
        folder = tmp_path / "made" / words
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.safetensors").write_bytes(WEIGHTS)
        (folder / "words.txt").write_text(words)
        return ModelStore().publish(folder, name, {"generator": "spans"})

    return made


def made_with(info: ModelInfo, **changed: Any) -> Provenance:
    told: dict[str, Any] = {
        "medium": "text", "generator": "spans", "operation": "write", "seed": 3,
        "model": info.name, "model_digest": info.digest,
    }  # fmt: skip
    return Provenance(**told | changed)


def listed(studio: Studio) -> None:
    studio.models = list(studio.model_store.list())
    studio.models_changed.emit()


def test_settings_are_recalled_with_the_model_of_then(
    window: StudioWindow, wait: Wait, publish: Callable[..., ModelInfo]
) -> None:
    studio, store = window.studio, ModelStore()
    made = made_with(publish("fox", "one"))
    store.rename("fox", "vixen")
    publish("fox", "two")
    listed(studio)
    window.prompting.restore(made)
    assert window.board_area.bar.text == ""
    prompt = window.panel.prompt()
    assert prompt is not None
    assert (prompt.model, prompt.model_digest, prompt.seed) == ("vixen", made.model_digest, 3)


def test_another_model_of_the_same_name_is_said_and_not_taken(
    window: StudioWindow, wait: Wait, publish: Callable[..., ModelInfo]
) -> None:
    studio, store = window.studio, ModelStore()
    made = made_with(publish("fox", "one"))
    store.delete("fox")
    twin = publish("fox", "two")
    publish("a hen", "three")
    listed(studio)
    window.panel.choose("spans", "a hen")
    window.prompting.restore(made)
    text = window.board_area.bar.text
    assert "“fox” that is here is not the one" in text
    assert twin.digest[:12] in text
    prompt = window.panel.prompt()
    assert prompt is not None
    assert (prompt.model, prompt.seed) == ("a hen", 3)


def test_what_is_missing_is_known_by_digest(
    studio: Studio, publish: Callable[..., ModelInfo]
) -> None:
    model = publish("fox", "one")
    listed(studio)
    assert missing_parts(studio, made_with(model)) == ""
    assert missing_parts(studio, made_with(model, model_digest=model.weights_digest)) == ""
    assert missing_parts(studio, made_with(model, model="old name")) == ""
    assert "is not the one" in missing_parts(studio, made_with(model, model_digest="c" * 64))
    gone = made_with(model, model="hen", model_digest="c" * 64)
    assert "The model “hen” is not here" in missing_parts(studio, gone)
    content = studio.project.store.put(Text("words"))
    item = Item("i1", "Text", content, 0, 0, 10, 10, provenance=gone)
    studio.do(commands.add_items(studio.project.board, [item]))
    (sentence,) = missing_in(studio, studio.project)
    assert "“hen”" in sentence


@pytest.mark.parametrize(
    ("by", "kept"),
    [("digest", True), ("weights_digest", True), ("other", False), ("other weights", False)],
)
def test_a_latent_goes_to_its_own_model_only(
    studio: Studio, publish: Callable[..., ModelInfo], by: str, kept: bool
) -> None:
    model, other = publish("fox", "one"), publish("hen", "two")
    # A model of another content, and one that had the same digest in version 0.1.
    made = {
        "digest": made_with(model),
        "weights_digest": made_with(model, model_digest=model.weights_digest),
        "other": made_with(other, model="fox"),
        "other weights": made_with(other, model_digest=other.weights_digest),
    }[by]
    assert asked_latents(studio, model, made) == (b"latent" if kept else None,)


def test_a_latent_of_some_model_goes_to_none_at_all(
    studio: Studio, publish: Callable[..., ModelInfo]
) -> None:
    made = made_with(publish("fox", "one"))
    assert asked_latents(studio, None, made) == (None,)
    assert asked_latents(studio, None, made_with(publish("x", "x"), model="", model_digest="")) == (
        b"latent",
    )


def test_a_latent_of_another_generator_goes_to_none(studio: Studio) -> None:
    made = Provenance(medium="text", generator="echo", seed=3)
    assert asked_latents(studio, None, made) == (None,)
    assert asked_latents(studio, None, Provenance(**vars(made) | {"generator": "spans"})) == (
        b"latent",
    )


def asked_latents(studio: Studio, model: ModelInfo | None, made: Provenance) -> Any:
    store = studio.project.store
    item = Item(
        "i1", "Text", store.put(Text("some words")), 0, 0, 10, 10, provenance=made,
        latent=store.put_latent(b"latent"),
    )  # fmt: skip
    description = studio.record("spans").description
    assert description is not None
    prompt = Prompt(generator="spans", operation="rewrite", verb="edit")
    target = Target((item,), Span(0, 4))
    return Asked(description, prompt, model, store, target).request().latents


def test_what_uses_no_model_is_given_none(
    studio: Studio, publish: Callable[..., ModelInfo]
) -> None:
    store, fox = studio.project.store, publish("fox", "one")
    item = Item("i1", "Text", store.put(Text("some words")), 0, 0, 10, 10)
    description = studio.record("spans").description
    assert description is not None
    given = {}
    for operation in ("rewrite", "continue"):
        prompt = Prompt(generator="spans", operation=operation, verb="edit")
        asked = Asked(description, prompt, fox, store, Target((item,), Span(0, 4)))
        given[operation] = asked.request().model, asked.provenance(1).model
    assert given == {"rewrite": (fox.folder, "fox"), "continue": (None, "")}


def test_what_names_a_model_that_is_not_here_is_refused(
    studio: Studio, publish: Callable[..., ModelInfo]
) -> None:
    session = Session(studio)
    refused: list[dict[str, str]] = []
    session.refused.connect(lambda _generator, fields, _details: refused.append(fields))
    publish("fox", "one")
    listed(studio)
    wanted = Prompt(generator="spans", operation="write", model="fox", model_digest="c" * 64)
    assert session.ask(wanted) is None
    assert "is not the one" in refused[-1]["model"]
    assert session.ask(Prompt(generator="spans", operation="write", model="hen")) is None
    assert "The model “hen” is not here" in refused[-1]["model"]


def test_an_operation_that_needs_a_model_is_refused_in_the_window_too(
    studio: Studio, wait: Wait
) -> None:
    session = Session(studio)
    refused: list[dict[str, str]] = []
    session.refused.connect(lambda _generator, fields, _details: refused.append(fields))
    session.ask(Prompt(generator="spans", operation="write", prompt="x"))
    wait(lambda: any(refused))
    assert "needs a model" in next(each for each in refused if each)["model"]
