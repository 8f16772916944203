"""On what a model is measured: never on what it was trained on, whatever that is called now."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there

from aigc_studio.api import (
    Artifact,
    Checkpoint,
    Dataset,
    Image,
    Measure,
    Preview,
    StudioError,
    Text,
)
from aigc_studio.library import (
    DatasetStore,
    ModelInfo,
    ModelStore,
    TrainingStore,
    evaluation,
    measures,
    seen,
)
from aigc_studio.library.cards import data_before
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.wire.model_folder import SEEN

HEAD = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
WEIGHTS = len(HEAD).to_bytes(8, "little") + HEAD + bytes(4)

Keep = Callable[..., Dataset]
Learn = Callable[..., ModelInfo]


def texts(first: int, last: int) -> list[Artifact]:
    return [Text(f"Number {n} of many.") for n in range(first, last)]


@pytest.fixture
def store(home: Path) -> DatasetStore:
    return DatasetStore()


@pytest.fixture
def keep(store: DatasetStore) -> Keep:
    """Keep artifacts as a dataset; those of the numbers `test` are held out."""

    def write(name: str, artifacts: Iterable[Artifact], test: Iterable[int] = ()) -> Dataset:
        found, held = list(artifacts), set(test)
        if len(held) == len(found):  # of data that is all held out the library makes a split
            found.append(Text("To learn from."))
        drafts = [
            Draft(each, split="test" if n in held else "train") for n, each in enumerate(found)
        ]
        medium = found[0].medium
        list(store.write(name, medium, drafts, {"test_share": None}))
        return store.open(name)

    return write


@pytest.fixture
def learn(home: Path) -> Learn:
    """A model that came of a training on a dataset (and from another model)."""

    def train(name: str, dataset: Dataset, base: ModelInfo | None = None) -> ModelInfo:
        training = TrainingStore().create(
            NewTraining("spans", dataset, name=name, steps=1, model=base)
        )
        training.request()
        folder = training.work / "one"
        folder.mkdir()
        (folder / "weights.safetensors").write_bytes(WEIGHTS)
        (folder / "notes.txt").write_text(name)
        training.note_checkpoint(Checkpoint(folder, 1, {"zeal": 1.0}, best=True))
        model = training.publish(ModelStore())
        training.discard()
        assert model is not None
        return model

    return train


def measured(model: ModelInfo, name: str, **more: Any) -> evaluation.Unseen:
    store = DatasetStore()
    return evaluation.find_unseen(model, store.open(name, "test"), store, "text", **more)


def test_what_is_held_out_is_measured_on(keep: Keep, learn: Learn) -> None:
    model = learn("m", keep("tales", texts(0, 10), test=range(7, 10)))
    found = measured(model, "tales")
    assert [each.artifact for each in found.dataset] == texts(7, 10)
    assert (found.trained_on, found.remark()) == (0, "")
    assert found.dataset.picked is None


def test_examples_that_were_trained_on_are_left_out_under_another_name(
    keep: Keep, learn: Learn
) -> None:
    model = learn("m", keep("tales", texts(0, 10), test=range(7, 10)))
    keep("copy", texts(4, 14), test=range(10))  # 4, 5 and 6 were trained on
    found = measured(model, "copy")
    assert [each.artifact for each in found.dataset] == texts(7, 14)
    assert found.remark() == "3 of 10 examples were trained on and are left out."
    assert found.about() == {
        "data": {"name": "copy", "pack": "", "fingerprint": found.dataset.fingerprint},
        "examples": 7,
        "left_out": 3,
        "skipped": 0,
    }


def test_a_subset_of_what_was_trained_on_is_no_test(keep: Keep, learn: Learn) -> None:
    model = learn("m", keep("tales", texts(0, 10)))
    keep("some", texts(2, 7), test=range(2, 5))
    with pytest.raises(StudioError, match="All that is held out of the dataset some is what the "):
        measured(model, "some")


def test_a_dataset_that_was_split_anew_gives_what_is_unseen_of_it(
    keep: Keep, learn: Learn, store: DatasetStore
) -> None:
    model = learn("m", keep("tales", texts(0, 10), test=[8, 9]))
    store.split_by("tales", test_indices=[0, 1, 8])
    found = measured(model, "tales")
    assert [each.artifact for each in found.dataset] == texts(8, 9)
    assert found.trained_on == 2
    store.split_by("tales", test_indices=[0, 1])
    with pytest.raises(StudioError, match="has changed since the model m was trained on it"):
        measured(model, "tales")


def test_what_a_model_before_it_was_trained_on_is_seen_too(keep: Keep, learn: Learn) -> None:
    base = learn("base", keep("first", texts(0, 5)))
    model = learn("m", keep("second", texts(20, 25)), base)
    keep("both", [*texts(3, 5), *texts(23, 28)], test=range(7))
    assert [each.artifact for each in measured(model, "both").dataset] == texts(25, 28)
    assert measured(model, "both").trained_on == 4


def test_data_that_was_learnt_from_again_and_again_is_told_once(keep: Keep, learn: Learn) -> None:
    first, second = keep("first", texts(0, 5)), keep("second", texts(20, 25))
    model = learn("one", first)
    for number in range(3):
        model = learn(f"more-{number}", first, model)
    assert len(model.card["data"]["before"]) == 1
    assert data_before(model.card) == []
    model = learn("other", second, learn("once more", first, model))
    assert [each["name"] for each in data_before(model.card)] == ["first"]


def test_what_a_strangers_card_says_of_former_data_is_read_as_far_as_it_goes() -> None:
    first = {"name": "a", "pack": "p", "before": None}
    card = {"data": {"name": "b", "before": [first, 3, first, None, {"name": "b"}]}}
    assert data_before(card) == [first]
    assert data_before({"data": {"name": "b", "before": "a"}}) == []
    assert data_before({"data": []}) == []


def test_one_sentence_may_be_in_both_parts(keep: Keep, learn: Learn) -> None:
    twice = [*texts(0, 3), *texts(2, 5)]
    model = learn("m", keep("tales", twice, test=[3, 4, 5]))
    assert len(measured(model, "tales").dataset) == 3


def test_a_model_of_before_knows_its_data_while_that_is_here(
    keep: Keep, learn: Learn, store: DatasetStore
) -> None:
    model = learn("m", keep("tales", texts(0, 10)))
    (model.folder / SEEN).unlink()
    keep("copy", texts(8, 12), test=range(4))
    assert [each.artifact for each in measured(model, "copy").dataset] == texts(10, 12)
    store.delete("tales")
    assert len(measured(model, "copy").dataset) == 4  # nothing is known of it any more
    keep("tales", texts(0, 12), test=[11])
    with pytest.raises(StudioError, match="has changed since the model m was trained on it"):
        measured(model, "tales")


def test_brief_is_from_all_over(keep: Keep, learn: Learn) -> None:
    model = learn("m", keep("tales", texts(0, 100), test=range(10, 100)))
    found = measured(model, "tales", most=9)
    assert [each.artifact for each in found.dataset] == texts(10, 100)[::10]
    assert (found.skipped, found.trained_on) == (81, 0)


@pytest.mark.parametrize("other", ["image", "text"])
def test_what_cannot_be_measured_on_is_refused(keep: Keep, learn: Learn, other: str) -> None:
    model = learn("m", keep("tales", texts(0, 3)))
    if other == "image":
        keep("other", [Image(np.full((2, 2), n, np.uint8)) for n in (1, 2)], test=[0])
        expected = "other holds pictures, and the model m makes texts: choose other data"
    else:
        keep("other", texts(20, 23))
        expected = "Nothing of the dataset other is held out"
    with pytest.raises(StudioError, match=expected):
        measured(model, "other")


def test_pictures_that_look_the_same_are_the_same(keep: Keep) -> None:
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    colour = np.stack([grey] * 3, axis=-1)
    opaque = np.concatenate([colour, np.full((3, 4, 1), 255, np.uint8)], axis=-1)
    true = colour.copy()
    true[0, 0, 0] = 99
    late = colour.copy()
    late[2, 3, 0] = 99
    glass = opaque.copy()
    glass[0, 0, 3] = 7
    pictures = [Image(each) for each in (grey, colour, opaque, true, late, glass)]
    dataset = keep("p", pictures)
    found = list(seen.prints(dataset))
    assert len(found[0]) == 6
    assert found[0] == found[1] == found[2]
    assert len(set(found)) == 4


def test_the_file_of_seventy_thousand_examples_is_small(tmp_path: Path) -> None:
    many = frozenset(n.to_bytes(6, "big") for n in range(70_000))
    seen.write_seen(tmp_path, seen.Seen({"ab" * 32: many}))
    assert (tmp_path / SEEN).stat().st_size <= 1_000_000
    assert seen.read_seen(tmp_path).data == {"ab" * 32: many}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"format":1,"learnt":[{"data":"x","examples":""}]}',
     json.dumps({"format": 1, "learnt": [{"data": "a" * 64, "examples": "***"}]}).encode()],
)  # fmt: skip
def test_a_file_of_anothers_making_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SEEN).write_bytes(content)
    assert seen.read_seen(tmp_path).data == {}


def test_what_it_learnt_from_is_no_part_of_a_model_and_travels_with_it(
    keep: Keep, learn: Learn, tmp_path: Path
) -> None:
    model, store = learn("m", keep("tales", texts(0, 10))), ModelStore()
    file = model.folder / SEEN
    assert seen.read_seen(model.folder).data
    text = file.read_bytes()
    file.unlink()
    assert store.find("m").digest == model.digest
    file.write_bytes(text)
    path = store.export("m", tmp_path / "m.aigcmodel")
    again = store.import_file(path, "again")
    assert again.digest == model.digest
    assert seen.read_seen(again.folder) == seen.read_seen(model.folder)


def test_measures_are_kept_in_the_card_of_the_same_model(keep: Keep, learn: Learn) -> None:
    model, store = learn("m", keep("tales", texts(0, 10), test=[9])), ModelStore()
    own = {"zest": Measure(title={"en": "Zest", "zh": "热情"}, unit="z", better="lower")}
    about = measured(model, "tales").about()
    kept = store.note_metrics(model, {"zest": 2.5, "odd": float("inf")}, about, own)
    assert kept == store.find("m")
    assert kept.digest == model.digest
    assert kept.card["metrics"] == {"zest": 2.5}
    (words,) = kept.card["measures"]
    assert words == {"name": "zest", "title": own["zest"].title, "unit": "z", "better": "lower"}
    assert evaluation.measured_on(kept.card) == (
        "Measured on 1 example of “tales” that it has not seen."
    )
    untouched = {"metrics", "evaluation", "measures"}
    for name in kept.card.keys() - untouched:
        assert kept.card[name] == model.card[name]


def test_what_measuring_showed_is_kept_until_the_next_time(keep: Keep, learn: Learn) -> None:
    model, store = learn("m", keep("tales", texts(0, 10))), ModelStore()
    shown = Preview(Text("as it was told"), title={"en": "Beside it", "zh": "旁边"})
    kept = store.note_metrics(model, {"zeal": 1.0}, {"examples": 4}, shown=shown)
    assert there(kept.shown).read_text("utf-8") == "as it was told"
    assert kept.card["evaluation"]["shown"] == {"en": "Beside it", "zh": "旁边"}
    assert kept.digest == model.digest
    assert store.note_metrics(model, {"zeal": 2.0}, {}).shown is None
    store.note_metrics(model, {"zeal": 1.0}, {}, shown=shown)
    store.delete("m")
    assert list((store.folder.parent / "measured").iterdir()) == []


def test_what_was_measured_of_controls_is_told_by_their_titles() -> None:
    controls = [
        {"name": "beard", "title": {"en": "Beard", "zh": "胡须"}},
        {"name": "hat", "title": "Hat"},
        {"name": "nose", "title": "Nose"},
    ]
    metrics = {
        "psnr_db": 30.0,
        "control_changes:beard": 97.4,
        "control_keeps:beard": 95.0,
        "control_changes:hat": 40.0,
        "control_keeps:gone": 3.0,
    }
    card = {"controls": {"controls": controls}, "metrics": metrics}
    told = ("Beard", "97 of 100 change, 95 keep all else")
    assert measures.control_facts(card) == {"beard": told}
    assert measures.card_measures(card) == []
    titles = dict(measures.told_measures(metrics, measures.own_words(card)))
    assert titles["Beard: changes when asked, in 100 cases (more is better)"] == "97.4"
    assert titles["Beard: all else stays, in 100 cases (more is better)"] == "95"
    assert "Hat: changes when asked, in 100 cases (more is better)" in titles
    assert measures.control_facts({"metrics": {"psnr_db": 3}}) == {}


def test_a_model_that_was_renamed_meanwhile_is_found(keep: Keep, learn: Learn) -> None:
    model, store = learn("m", keep("tales", texts(0, 10))), ModelStore()
    store.rename("m", "other")
    assert store.note_metrics(model, {"zeal": 3.0}, {}).name == "other"
    store.delete("other")
    with pytest.raises(StudioError, match="m is no longer there"):
        store.note_metrics(model, {"zeal": 4.0}, {})
    assert store.list("spans") == []


def test_a_model_that_came_along_keeps_its_measures_beside_it(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "came" / "spans" / "theirs"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(WEIGHTS)
    card = {"generator": "spans", "metrics": {"zeal": 1.0}, "licence": "CC0"}
    (folder / "card.json").write_text(json.dumps(card))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    store = ModelStore(shipped=tmp_path / "came")
    model = store.find("theirs")
    kept = store.note_metrics(model, {"zeal": 2.0}, {"examples": 4})
    assert kept.card["metrics"] == {"zeal": 2.0}
    assert kept.card["licence"] == "CC0"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert ModelStore(shipped=tmp_path / "came").find("theirs") == kept
    (file,) = (home / "data" / "measured").iterdir()
    file.write_text('{"metrics": {"zeal": true}}')
    assert store.find("theirs").card["metrics"] == {"zeal": 1.0}


def test_its_own_data_comes_first_whatever_it_is_called(
    keep: Keep, learn: Learn, store: DatasetStore
) -> None:
    model = learn("m", keep("tales", texts(0, 10), test=[9]))
    keep("all", texts(20, 25))
    keep("fables", texts(30, 35), test=[1])
    keep("pictures", [Image(np.zeros((2, 2), np.uint8)), Image(np.ones((2, 2), np.uint8))], [0])
    store.rename("tales", "stories")
    found = store.list()
    own = evaluation.own_data(model, found)
    assert own is not None
    assert own.name == "stories"
    assert [e.name for e in evaluation.choices(model, "text", found)] == ["stories", "fables"]


def card(metrics: dict[str, Any], own: bool = True) -> dict[str, Any]:
    words = {"name": "zest", "title": {"en": "Zest", "zh": "热情"}, "unit": "z", "better": "lower"}
    return {"metrics": metrics, "measures": [words] if own else []}


def test_cards_are_compared_by_what_they_share_and_which_way_is_better() -> None:
    cards = [
        card({"zest": 3.0, "recall": 0.5, "diversity": 1.0, "own": 1}),
        card({"zest": 2.0, "recall": 0.4, "diversity": 0.9, "own": 2}),
        card({"zest": float("nan"), "ssim": 0.1}),
    ]
    assert measures.in_common(cards) == ["recall", "diversity", "zest"]
    assert sorted(cards, key=lambda each: measures.rank(each, "zest"))[0] is cards[1]
    assert sorted(cards, key=lambda each: measures.rank(each, "recall")) == cards
    assert measures.in_common(cards[:1]) == []
    own = {"zest": Measure(title="Zest", better="higher")}  # the plugin says otherwise by now
    assert sorted(cards, key=lambda each: measures.rank(each, "zest", own))[0] is cards[0]


def test_variety_is_best_where_it_is_that_of_real_ones() -> None:
    cards = [card({"diversity": value}) for value in (1.4, 0.5, 0.9)]
    best_first = sorted(cards, key=lambda each: measures.rank(each, "diversity"))
    assert [each["metrics"]["diversity"] for each in best_first] == [0.9, 1.4, 0.5]


def test_of_many_measures_variety_is_told_and_the_number_kept() -> None:
    names = ["label_accuracy", "precision", "recall", "told_apart", "diversity_within", "diversity"]
    assert measures.most_worth(names, 3) == ["label_accuracy", "precision", "diversity_within"]
    assert measures.most_worth(names, 5) == names[:5]
    assert measures.most_worth(names[:4], 2) == names[:2]
    assert measures.most_worth([], 3) == []


def test_words_of_a_card_are_told_and_odd_ones_are_passed_over() -> None:
    assert measures.card_measures(card({"zest": 2.5, "recall": 0.5})) == [
        "50 in 100 real ones lie among what it makes",
        "Zest: 2.5 z",
    ]
    odd: list[Any] = [
        None,
        3,
        [],
        {"zest": {}},
        [3],
        [{"name": "zest"}],
        [{"name": "zest", "title": 3}],
    ]
    for each in [*odd, [{"name": "zest", "title": "Zest", "unit": 3, "better": []}]]:
        assert measures.card_measures({"metrics": {"zest": 2.5}, "measures": each}) == []


@pytest.mark.parametrize("odd", [None, 3, [], {"data": 3}, {"data": {"name": "x"}}])
def test_odd_words_on_what_was_measured_say_nothing(odd: Any) -> None:
    assert evaluation.measured_on({"evaluation": odd}) == ""
