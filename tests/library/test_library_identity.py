"""Which model is which: the digest over all that a model does, and finding models by it."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

import pytest
from library.library_samples import weights

from aigc_studio.api import StudioError
from aigc_studio.library import ModelInfo, ModelStore, digests, identity
from aigc_studio.translation import set_language

CARD: dict[str, Any] = {
    "generator": "gan-digits",
    "metrics": {"precision": 0.5},
    "frame": {"width": 28, "height": 28, "mode": "L"},
    "licence": "CC0",
}
Publish = Callable[..., ModelInfo]


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(shipped=tmp_path / "shipped")


@pytest.fixture
def publish(store: ModelStore, tmp_path: Path) -> Publish:
    """Call it with a name and files for a model of them; its weights are always the same."""

    def made(name: str, files: dict[str, str] | None = None, **changed: Any) -> ModelInfo:
        folder = tmp_path / "checkpoints" / name
        for file, text in (files or {}).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.safetensors").write_bytes(weights())
        return store.publish(folder, name, CARD | changed)

    return made


def amend(model: ModelInfo, **changed: Any) -> None:
    path = model.folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changed))


def test_the_digest_is_what_it_was_in_the_last_version(publish: Publish) -> None:
    model = publish("one", {"vocabulary.json": '["a"]'})
    # Written down: another way to digest makes all that is named somewhere unknown.
    assert model.digest == "2ea195e7776e5f4e6edd2b6492efbe90ddcebe2e3abd3e8acfa3b9eb4d20ea59"
    assert model.weights_digest == hashlib.sha256(weights()).hexdigest()


def test_models_that_differ_in_any_file_are_different_models(
    publish: Publish, store: ModelStore
) -> None:
    models = [
        publish("none"),
        publish("a", {"vocabulary.json": '["a"]'}),
        publish("b", {"vocabulary.json": '["b"]'}),
        publish("other name", {"words.json": '["a"]'}),
        publish("deeper", {"deep/vocabulary.json": '["a"]'}),
        publish("text", {"vocabulary.txt": '["a"]'}),
        publish("two", {"vocabulary.json": '["a"]', "more.md": "x"}),
    ]
    assert len({each.digest for each in models}) == len(models)
    assert len({each.weights_digest for each in models}) == 1
    for each in models:
        assert store.find(each.digest) == store.find(each.digest[:8].upper()) == each
    # The digest of version 0.1 does not tell these apart, and says so.
    with pytest.raises(StudioError, match=r"Several models answer to .*: a .*, b ") as error:
        store.find(models[0].weights_digest)
    assert models[1].digest[:12] in str(error.value)


def test_the_digest_of_version_0_1_finds_its_model(publish: Publish, store: ModelStore) -> None:
    model = publish("one", {"vocabulary.json": '["a"]'})
    assert store.find(model.weights_digest) == store.find(model.weights_digest[:9]) == model


@pytest.mark.parametrize(
    "changed",
    [
        {"metrics": {"recall": 0.25}},
        {"licence": "MIT", "credit": "me"},
        {"evaluation": {"judge": "a classifier"}},
        {"command": "aigc-studio train", "seed": 5, "versions": {"torch": "9"}},
        {"parameters": {"rate": 0.1}},
        {"data": {"name": "other"}},
        {"step": 300, "steps": 300, "examples_seen": 900},
        {"base": {"name": "first", "digest": "0" * 64}},
    ],
)
def test_what_is_said_about_a_model_makes_no_other_model(
    publish: Publish, store: ModelStore, changed: dict[str, Any]
) -> None:
    model = publish("one")
    amend(model, **changed)
    assert store.find("one").digest == model.digest
    assert store.rename("one", "two").digest == model.digest


@pytest.mark.parametrize(
    "changed",
    [
        {"frame": {"width": 32, "height": 32, "mode": "L"}},
        {"architecture": {"width": 3}},
        {"controls": {"classes": ["a"]}},
        {"generator": "other"},
        {"order": 5},
        {"steps": 50},
        {"examples": ["one", "two"]},
        {"base": 36},
        {"base": {"octave": 4}},
    ],
)
def test_what_a_card_determines_makes_another_model(
    publish: Publish, store: ModelStore, changed: dict[str, Any]
) -> None:
    model = publish("one")
    amend(model, **changed)
    assert store.find("one").digest != model.digest


def test_what_a_file_manager_leaves_makes_no_other_model(
    publish: Publish, store: ModelStore
) -> None:
    model = publish("one")
    (model.folder / ".DS_Store").write_bytes(b"x")
    (model.folder / "Thumbs.db").write_bytes(b"x")
    assert store.find("one").digest == model.digest


def test_a_model_travels_with_its_digest(
    publish: Publish, store: ModelStore, tmp_path: Path
) -> None:
    model = publish("one", {"vocabulary.json": '["a"]'})
    path = store.export("one", tmp_path / "out")
    assert store.import_file(path, "back").digest == model.digest


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """Call it to begin as a new process would; it gives the list of what is digested from then."""
    monkeypatch.setattr(digests, "_SETTLED", -1.0)
    digest, read = hashlib.file_digest, list[str]()

    def counted(file: Any, kind: str) -> Any:
        read.append(Path(file.name).name)
        return digest(file, kind)

    monkeypatch.setattr("hashlib.file_digest", counted)

    def begin() -> list[str]:
        digests._known.clear()
        digests._loaded_from.clear()
        read.clear()
        return read

    yield begin
    begin()


def test_what_has_not_changed_is_not_read_again(
    publish: Publish, store: ModelStore, fresh: Callable[[], list[str]]
) -> None:
    model = publish("one", {"vocabulary.json": '["a"]'})
    read = fresh()
    assert [each.digest for each in store.list()] == [model.digest]
    assert read == []
    (model.folder / "vocabulary.json").write_text('["b"]')
    (changed,) = store.list()
    assert changed.digest != model.digest
    assert read == ["vocabulary.json"]


def test_a_file_of_the_same_size_and_date_is_another_one(
    publish: Publish, store: ModelStore, fresh: Callable[[], list[str]]
) -> None:
    fresh()
    model = publish("one", {"vocabulary.json": '["a"]'})
    path = model.folder / "vocabulary.json"
    before = path.stat()
    path.write_text('["b"]')
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.find("one").digest != model.digest


def test_what_is_written_again_at_once_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.json"
    path.write_text("1")
    first, about = digests.file_digest(path), os.stat(path)
    path.write_text("2")  # faster than the clock of the disk, which tells the same of both
    with monkeypatch.context() as patched:
        patched.setattr("os.stat", lambda _path: about)
        second = digests.file_digest(path)
    assert first != second


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', '{"files": {"a": [1, 2]}}'])
def test_a_damaged_cache_of_digests_costs_time_only(
    publish: Publish,
    store: ModelStore,
    home: Path,
    fresh: Callable[[], list[str]],
    content: str,
) -> None:
    model = publish("one")
    cache = home / "cache" / "digests.json"
    assert cache.is_file()
    cache.write_text(content)
    read = fresh()
    assert store.find("one") == model
    assert read == ["weights.safetensors"]


def test_a_cache_that_cannot_be_written_is_none(
    publish: Publish, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: Any, **_more: Any) -> Never:
        raise OSError(28, "No space left on device")

    publish("one")
    monkeypatch.setattr(digests, "_SETTLED", -1.0)
    monkeypatch.setattr("aigc_studio.files.write_bytes", full)
    assert store.find("one").name == "one"


def model(name: str, digest: str, weights: str = "", **changed: Any) -> ModelInfo:
    about = ModelInfo(name, "gan", Path(name), {}, False, digest, 1, weights or f"w{digest}")
    return replace(about, **changed)


def test_a_model_is_recalled_by_its_digest_whatever_it_is_called() -> None:
    one, two = model("one", "a"), model("two", "b")
    assert identity.recalled([one, two], "b", "one") is two
    assert identity.recalled([one, two], "c", "one") is None
    assert identity.recalled([one, two], "", "one") is one
    assert identity.recalled([one, two], "") is None
    twin = model("twin", "b")
    assert identity.recalled([one, two, twin], "b", "twin") is twin
    assert identity.recalled([one, two, twin], "b", "gone") is two


def test_what_version_0_1_made_finds_its_model_by_the_weights_and_the_name() -> None:
    three, five = model("Bard 3", "a", "w"), model("Bard 5", "b", "w")
    assert identity.recalled([three, five], "w", "Bard 5") is five
    assert identity.recalled([three, five], "w", "renamed") is None
    assert identity.recalled([five], "w", "renamed") is five
    assert five.answers("b", "renamed")
    assert five.answers("w", "Bard 5")
    assert five.answers("w")
    assert not five.answers("w", "Bard 3")
    assert not five.answers("c", "Bard 5")


def test_the_persons_own_do_not_take_the_place_of_the_usual_one() -> None:
    own, came = model("a", "a"), model("z", "z", shipped=True)
    assert identity.usual([own, came]) is came
    assert identity.usual([own]) is own
    newer = replace(model("c", "c"), made=2.0)
    assert identity.usual([own, newer, model("d", "d")]) is newer
    assert identity.usual([]) is None


def test_the_usual_one_speaks_the_language_that_is_spoken() -> None:
    bard = model("bard", "a", shipped=True, card={"data": {"language": "en"}})
    tang = model("tang", "b", shipped=True, card={"data": {"language": "zh"}})
    own = model("own", "c", card={"data": {"language": "zh"}})
    assert identity.usual([own, bard, tang], "zh_CN") is tang
    assert identity.usual([own, bard, tang], "en") is bard
    assert identity.usual([own, bard, tang], "fr") is bard
    assert identity.usual([own, bard, tang]) is bard  # the shell does the same anywhere
    assert identity.usual([bard, model("any", "d", shipped=True)], "zh_CN") is bard


@pytest.fixture
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.mark.usefixtures("english")
def test_a_card_says_its_name_in_several_languages() -> None:
    title = {"en": "Tang poems", "zh": "唐诗"}
    tang = model("tang", "a", shipped=True, card={"name": "tang", "title": title})
    own = model("tang", "b")
    assert identity.titled(tang, [tang]) == "Tang poems"
    set_language("zh_CN")
    assert identity.titled(tang, [tang]) == "唐诗"
    assert identity.label(tang, [tang]) == "tang"  # what it answers to
    assert "唐诗" in identity.titled(tang, [tang, own])
    assert identity.titled(own, [tang, own]).startswith("tang")
    other = model("唐诗", "c")
    assert identity.titled(tang, [tang, other]) == "tang"  # two of one title are told apart
    assert replace(tang, name="mine").title == "mine"  # it was given another name
    for odd in (3, ["a"], {"zh": 4}, {"zh": "  "}, ""):
        card = {"name": "tang", "title": odd}
        assert replace(tang, card=card).title == "tang"


def test_models_of_one_name_are_told_apart() -> None:
    own, came = model("digits", "a" * 64), model("digits", "b" * 64, shipped=True)
    other = replace(own, generator="vae")
    assert identity.label(own, [own]) == "digits"
    assert identity.label(own, [own, came]) == "digits (yours)"
    assert identity.label(came, [own, came]) == "digits (came with the studio)"
    assert identity.label(own, [own, other]) == "digits (gan)"
    third = replace(own, digest="c" * 64)
    assert identity.label(third, [own, third]) == "digits (cccccccccccc)"


def test_another_of_the_same_name_is_said_when_one_is_missing() -> None:
    assert "“fox” is not here: import it" in identity.why_missing([], "a" * 64, "fox")
    words = identity.why_missing([model("fox", "b" * 64)], "a" * 64, "fox")
    assert "“fox” that is here is not the one" in words
    assert "bbbbbbbbbbbb, not aaaaaaaaaaaa" in words


def test_a_name_is_the_same_composed_and_decomposed() -> None:
    model_ = model("Caf\u00e9", "a", "w")
    assert identity.recalled([model_], "", "Cafe\u0301") is model_
    assert model_.answers("w", "Cafe\u0301")


def test_a_file_is_the_same_composed_and_decomposed(publish: Publish) -> None:
    composed = publish("one", {"caf\u00e9.json": "1"})
    decomposed = publish("two", {"cafe\u0301.json": "1"})
    assert composed.digest == decomposed.digest


def test_a_model_that_came_along_answers_to_what_it_was_called_before_it_could_do_more(
    publish: Publish, store: ModelStore, tmp_path: Path
) -> None:
    former = "ab" * 32
    own = publish("own", formerly=[former])
    shutil.copytree(own.folder, tmp_path / "shipped" / "gan-digits" / "came")
    came = next(each for each in store.list() if each.shipped)
    assert came.digest == own.digest  # it says nothing of what it does
    assert came.formerly == (former,)
    assert came.answers(former)
    assert identity.recalled(store.list(), former) == store.find(former[:12]) == came
    # Anybody may write into a card that it was another's model.
    assert own.formerly == ()
    assert not own.answers(former)
