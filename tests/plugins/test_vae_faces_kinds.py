"""Kinds of VAE faces: what folders say of pictures, where that is what is seen and not who."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
import vae_faces
from kinds import there
from vae_faces.attributes import card_of, with_traits
from vae_faces.judging import evaluating
from vae_faces.judging import judge as judging
from vae_faces.kinds import kind_of, names_persons, sides_matter, told_of
from vae_faces.model import open_model, values_of
from vae_faces.training import material
from vae_faces.training.learning import recipe_for
from vae_faces.training.material import Material
from vae_faces.training.parameters import TrainParameters
from vae_faces.traits import LEAST, Trait, Traits, told_apart, traits_of
from vae_faces.words.prompts import read_prompt, words_of
from vae_faces_examples import BEARD, Told, heads, tiny, write_dataset, write_model
from vae_faces_models import candidates
from vae_faces_sorted import SHAPES, leaves, sorted_data

from aigc_studio.api import (
    Checkpoint,
    Dataset,
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    GeneratorError,
    Image,
    Message,
    Metric,
    TrainRequest,
)
from aigc_studio.toolkit import judge, to_planes, unpack_latent
from aigc_studio.toolkit.reading import Pictures
from aigc_studio.translation import localized

pytestmark = pytest.mark.usefixtures("little_shown")
KIND = Trait("kind", "choice", SHAPES, (0.5, 0.3, 0.2), of_folders=True)
KINDS = Traits((KIND,))
NONE = Traits()


def kind_in(data: Dataset, others: Traits = NONE) -> tuple[tuple[str, ...], str]:
    """The kinds that are learnt of data, and what is said."""
    trait, remark = kind_of(data, others)
    return trait.options if trait else (), localized(remark.text) if remark else ""


def told(**counts: int) -> dict[str, int]:
    return counts


# -- which folders are kinds ---------------------------------------------------------------------


def test_folders_of_enough_pictures_each_are_kinds(tmp_path: Path) -> None:
    data = sorted_data(tmp_path / "data", told(oak=30, maple=20, willow=LEAST, elm=2), loose=5)
    trait, remark = kind_of(data, NONE)
    assert there(trait).options == ("oak", "maple", "willow")
    assert there(trait).shares == pytest.approx([30 / 62, 20 / 62, 12 / 62])
    assert there(trait).of_folders
    assert localized(there(remark).text) == (
        "Kinds that can be asked for: oak, maple, willow. Fewer than 12 pictures are there of: elm."
    )


@pytest.mark.parametrize("last", ["choice", "yes or no"])
def test_a_training_of_a_kind_and_many_attributes_goes_on_with_what_it_began_with(
    tmp_path: Path, last: str
) -> None:
    """The kind takes the place of the last attribute, which may be as wide as it is."""
    pairs, labels = leaves(20)
    drawn = torch.Generator().manual_seed(1)
    told = []
    for picture, _none in pairs:
        numbers = torch.randint(0, 6, (48,), generator=drawn).tolist()
        attributes: dict[str, Any] = {
            f"a{n:02}": bool(number % 2) for n, number in enumerate(numbers)
        }
        if last == "choice":
            attributes["a47"] = ("low", "mean", "high")[numbers[-1] % 3]
        told.append((picture, attributes))
    data = write_dataset(tmp_path / "data", told, 6, labels)

    def traits(begun: int | None) -> Traits:
        steps = material._traits(data, TrainParameters(), begun)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]

    begun = traits(None)
    assert (len(begun.each), there(begun.kind).options) == (48, SHAPES)
    assert traits(begun.width) == begun
    others = traits_of(data)
    assert (others.width == begun.width) is (last == "choice")
    if last != "choice":
        assert traits(others.width) == others  # of a version that knew no kinds


@pytest.mark.parametrize(
    ("counts", "loose", "said"),
    [
        ({}, 40, ""),
        ({"oak": 40}, 0, ""),
        # Of two folders one is large, and most lie in none: neither is short of pictures.
        ({"oak": 40, "elm": 2}, 0, "that takes two folders of 12 pictures or more"),
        ({f"leaf {n}": 2 for n in range(300)}, 0, "that takes two folders of 12"),
        ({f"leaf {n}": 12 for n in range(25)}, 0, "The folders name 25 kinds"),
        ({"oak": 12, "maple": 12}, 30, "half of all pictures in such folders"),
        # A few that come often among very many that do not, as people in the news do.
        ({"oak": 15, "maple": 15} | {f"leaf {n}": 1 for n in range(40)}, 0, "half of all"),
    ],
)
def test_folders_that_say_nothing_of_most_pictures_are_none(
    tmp_path: Path, counts: Mapping[str, int], loose: int, said: str
) -> None:
    options, remark = kind_in(sorted_data(tmp_path / "data", counts, loose=loose))
    assert options == ()
    assert said in remark
    assert bool(said) == bool(remark)


def test_persons_are_no_kinds(tmp_path: Path) -> None:
    """They are groups: nobody is both learnt from and held out."""
    people = {"Ann": 20, "Bo": 20}
    data = sorted_data(tmp_path / "people", people, groups={"Ann": "Ann", "Bo": "Bo"})
    assert names_persons(data)
    options, remark = kind_in(data)
    assert options == ()
    assert "persons are not learnt by name" in remark
    # What several people show, and what lies in groups of another making, is a kind.
    pairs, labels = leaves(20)
    groups = [f"person {n % 4}" for n in range(len(labels))]
    data = write_dataset(tmp_path / "moods", pairs, 0, labels, groups)
    assert kind_in(data)[0] == SHAPES
    # As where a few cells of a table are empty, or most are.
    for name, groups, kinds in (
        ("forgotten", ["", *labels[1:]], ()),
        ("told of some", [*labels[:6], *[""] * (len(labels) - 6)], SHAPES),
    ):
        data = write_dataset(tmp_path / name, pairs, 0, labels, groups)
        assert kind_in(data)[0] == kinds, name


def test_what_an_attribute_says_is_not_said_twice(tmp_path: Path) -> None:
    pairs, labels = leaves(20)
    trees = [(picture, {"tree": name.upper()}) for (picture, _), name in zip(pairs, labels)]  # noqa: B905
    data = write_dataset(tmp_path / "data", trees, 0, labels)
    assert kind_in(data, traits_of(data)) == ((), "")
    assert kind_in(data, NONE)[0] == SHAPES, "where attributes are not learnt"


def test_a_kind_is_called_as_no_attribute_is(tmp_path: Path) -> None:
    pairs, labels = leaves(20)
    both = [(picture, {"kind": n % 2 == 0, "class": "x"}) for n, (picture, _) in enumerate(pairs)]
    data = write_dataset(tmp_path / "data", both, 0, labels)
    trait = there(kind_of(data, traits_of(data))[0])
    assert trait.name == "folder"
    all_ = traits_of(data).behind(trait)
    assert [each.name for each in all_.each] == ["folder", "kind"]
    assert there(all_.kind) == trait


def test_names_of_any_length_and_writing_are_told_apart(tmp_path: Path) -> None:
    long = ["x" * 299 + end for end in "ab"]
    names = [*long, "枫叶", "odd\udcff byte", "two\nlines", "St. Bernard", "cats/persian", "kind"]
    data = sorted_data(tmp_path / "data", dict.fromkeys(names, 12))
    names = [row["label"] for row in data.rows[::12]]
    trait = there(kind_of(data, NONE)[0])
    assert len(set(trait.options)) == len(names)
    assert trait.options == tuple(map(told_apart, names))
    assert trait.options[5:] == ("St. Bernard", "cats/persian", "kind")
    assert max(map(len, trait.options)) <= 200
    traits = Traits.from_json(json.loads(json.dumps(Traits((trait,)).to_json())))
    rows = told_of(pictures(names), traits)
    assert torch.equal(traits.targets(rows), torch.eye(len(names)))
    model = write_model(tmp_path / "model", tiny(traits=traits))
    card = card_of(open_model(model).network, {})
    (control,) = [each for each in card["controls"]["controls"] if each["name"] == "kind"]
    for name, option in zip(names, control["options"], strict=True):
        words = name if len(name) < 200 and name.isprintable() else option
        assert read_prompt(words, words_of(card)) == {"kind": option}


def test_long_words_of_attributes_are_told_apart_as_well(tmp_path: Path) -> None:
    long = ["y" * 250 + end for end in "ab"]
    pairs: list[Told] = [(picture, {"tree": long[n % 2]}) for n, (picture, _) in
                         enumerate(heads(40))]  # fmt: skip
    data = write_dataset(tmp_path / "data", pairs)
    (trait,) = traits_of(data).each
    assert len(set(trait.options)) == 2
    targets = Traits((trait,)).targets([row["attributes"] for row in data.rows])
    assert not targets.isnan().any()
    # A model of before knows them as they were.
    former = Traits((Trait("tree", "choice", tuple(long), (0.5, 0.5)),))
    assert torch.equal(former.targets([{"tree": each} for each in long]), torch.eye(2))


def test_a_file_says_of_no_other_trait_that_it_is_a_kind() -> None:
    both = Traits((KIND, BEARD))
    assert Traits.from_json(both.to_json()) == both
    assert [("of_folders" in each) for each in both.to_json()] == [True, False]
    for strange in ({"of_folders": "yes"}, {"of_folders": True}):
        with pytest.raises(ValueError, match="is no choice among folders"):
            Traits.from_json([BEARD.to_json() | strange])
    with pytest.raises(ValueError, match="is no choice among folders"):
        Traits.from_json([KIND.to_json() | {"of_folders": "yes"}])
    assert both.describe
    assert not KINDS.describe
    assert not NONE.describe


def pictures(labels: list[str]) -> Pictures:
    planes = torch.zeros(len(labels), 3, 32, 32, dtype=torch.uint8)
    return Pictures(planes, tuple(labels), ({},) * len(labels), ("",) * len(labels))


def test_mirrored_arrows_are_another_kind_and_mirrored_leaves_are_not() -> None:
    arrows = torch.zeros(40, 1, 32, 32, dtype=torch.uint8)
    arrows[:20, :, :, :16] = 255
    arrows[20:, :, :, 16:] = 255
    traits = Traits((Trait("kind", "choice", ("left", "right"), (0.5, 0.5), of_folders=True),))
    targets = traits.targets([{"kind": "left"}] * 20 + [{"kind": "right"}] * 20)
    assert sides_matter(arrows, targets, traits)
    assert not sides_matter(arrows.transpose(2, 3), targets, traits)
    assert not sides_matter(arrows, torch.full_like(targets, torch.nan), traits)
    for planes, flips in ((arrows, False), (arrows.transpose(2, 3), True)):
        material = Material(planes, targets, traits, planes[:0])
        assert recipe_for(TrainParameters(), material).flips is flips


# -- training --------------------------------------------------------------------------------------


def asked(
    folder: Path, data: Dataset, parameters: dict[str, Any] | None = None, **more: Any
) -> TrainRequest[TrainParameters]:
    folder.mkdir(exist_ok=True)
    small = {"batch_size": 4} | ({} if more.get("model") else {"width": 8})
    return TrainRequest(
        dataset=data,
        folder=folder,
        parameters=TrainParameters(**(small | (parameters or {}))),
        **({"steps": 1} | more),
    )


def last(events: list[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def texts(events: list[Event]) -> str:
    return "\n".join(localized(each.text) for each in events if isinstance(each, Message))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    pairs, labels = leaves(30)
    return write_dataset(tmp_path_factory.mktemp("sorted") / "leaves", pairs, 12, labels)


def test_a_model_of_sorted_pictures_draws_kinds_before_its_first_step(
    tmp_path: Path, data: Dataset
) -> None:
    events = list(vae_faces.train(asked(tmp_path / "job", data)))
    assert "Kinds that can be asked for: oak, maple, willow." in texts(events)
    card = last(events).card
    (control,) = [each for each in card["controls"]["controls"] if each["name"] == "kind"]
    assert control["title"] == {"en": "Kind", "zh": "种类"}
    assert sorted(control["options"]) == sorted(SHAPES)
    assert card["recipe"]["flips"] is True, "as few pictures without attributes are"
    net = open_model(last(events).path).network
    assert there(net.draft).is_fitted
    assert net.traits.kind is not None
    points = torch.zeros(3, net.size)
    points[:, :3] = net.traits.known_points(torch.eye(3))
    with torch.no_grad():
        drawn = dict(zip(net.traits.kind.options, net.decode(points)[:, 1], strict=True))
    # The corner of a square, the top of an ellipse.
    assert drawn["maple"][9, 9] < drawn["oak"][9, 9] - 0.1
    assert drawn["willow"][16, 7] > drawn["oak"][16, 7] + 0.1


def test_folders_can_be_left_out(tmp_path: Path, data: Dataset) -> None:
    events = list(vae_faces.train(asked(tmp_path / "job", data, {"use_kinds": False})))
    assert not open_model(last(events).path).network.traits
    assert "Kinds" not in texts(events)


def test_a_training_of_before_goes_on_without_kinds_to_the_bit(
    tmp_path: Path, data: Dataset
) -> None:
    """It was begun when folders were not looked at; its parameters say nothing of them."""
    former = {"use_kinds": False}
    whole = list(vae_faces.train(asked(tmp_path / "whole", data, former, steps=2)))
    left = vae_faces.train(asked(tmp_path / "left", data, former, steps=2))
    while not isinstance(next(left), Metric):
        pass
    left.close()  # type: ignore[attr-defined]
    resumed = list(vae_faces.train(asked(tmp_path / "left", data, steps=2, resume=True)))
    assert "Kinds" not in texts(resumed)
    one, other = (open_model(last(each).path).network.state_dict() for each in (whole, resumed))
    assert all(other[name].equal(value) for name, value in one.items())


def test_a_training_with_kinds_goes_on_to_the_bit(tmp_path: Path, data: Dataset) -> None:
    whole = list(vae_faces.train(asked(tmp_path / "whole", data, steps=2)))
    left = vae_faces.train(asked(tmp_path / "left", data, steps=2))
    while not isinstance(next(left), Metric):
        pass
    left.close()  # type: ignore[attr-defined]
    resumed = list(vae_faces.train(asked(tmp_path / "left", data, steps=2, resume=True)))
    assert "Kinds" not in texts(resumed), "it was said once"
    one, other = (open_model(last(each).path).network.state_dict() for each in (whole, resumed))
    assert all(other[name].equal(value) for name, value in one.items())


def test_a_model_goes_on_with_the_kinds_that_it_has(tmp_path: Path, data: Dataset) -> None:
    first = last(list(vae_faces.train(asked(tmp_path / "first", data)))).path
    more = sorted_data(tmp_path / "more", {"oak": 15, "elm": 15})
    events = list(vae_faces.train(asked(tmp_path / "second", more, model=first)))
    net = open_model(last(events).path).network
    assert net.traits == open_model(first).network.traits
    assert "attribute_loss" in {each.name for each in events if isinstance(each, Metric)}


# -- making ----------------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    net = tiny(traits=KINDS)
    with torch.no_grad():
        torch.manual_seed(1)
        for each in net.parameters():
            each.add_(0.05 * torch.randn(each.shape))
    folder = write_model(tmp_path / "model", net)
    (folder / "card.json").write_text(json.dumps(card_of(open_model(folder).network, {})))
    return folder


@pytest.mark.parametrize(
    ("request_of", "kind"),
    [({"prompt": "maple"}, "maple"), ({"controls": {"kind": "willow"}}, "willow"),
     ({"prompt": "a Maple leaf"}, ""), ({"prompt": "种类：oak"}, "oak")],
)  # fmt: skip
def test_a_kind_is_asked_for_by_word_or_control(
    model: Path, request_of: dict[str, Any], kind: str
) -> None:
    request: GenerateRequest[Any] = GenerateRequest(model=model, count=4, **request_of)
    if not kind:
        with pytest.raises(GeneratorError, match="knows no “leaf”"):
            list(vae_faces.generate(request))
        return
    net = open_model(model).network
    for made in candidates(vae_faces.generate(request)):
        point = unpack_latent(there(made.latent), open_model(model).tag, net.size).points
        assert KIND.options[int(net.traits.codes(point)[:, :3].argmax())] == kind


def test_an_edit_changes_the_kind_where_another_is_asked_for_alone(model: Path) -> None:
    picture = leaves(1)[0][0][0]
    net = open_model(model).network
    values = values_of(picture, net)[None]
    with torch.no_grad():
        point = net.encode(values)[0]
    own = KIND.options[int(net.traits.codes(point)[0, :3].argmax())]
    other = next(each for each in SHAPES if each != own)

    said: list[str] = []

    def changed(prompt: str) -> Image:
        request: EditRequest[Any] = EditRequest(
            operation="change", model=model, artifacts=(picture,), prompt=prompt
        )
        events = list(vae_faces.edit(request))
        said.append(texts(events))
        return candidates(iter(events))[0].artifact

    assert changed("") == picture
    assert changed(own) == picture, "it is of that kind"
    assert said[0].startswith("Nothing is changed yet: move a control")
    assert said[1] == "The picture is of that kind already: ask for another one."
    # What the net cannot draw of one kind would be a ghost in the other.
    with torch.no_grad():
        anew = net.decode(with_traits(point, net.traits, {"kind": other}))
    drawn = torch.from_numpy(changed(other).pixels.copy()).permute(2, 0, 1)
    assert int((drawn.int() - to_planes(anew, -1)[0].int()).abs().max()) <= 1


# -- judging ---------------------------------------------------------------------------------------


def test_a_judge_reads_kinds_and_says_how_often_the_one_asked_for_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "MOST_STEPS", 3)
    monkeypatch.setattr("vae_faces.judging.reader._STEPS", 60)
    monkeypatch.setattr(evaluating, "_SAMPLES", 24)
    judging._readers.clear()
    pairs, labels = leaves(20)
    data = write_dataset(tmp_path / "data", pairs, 12, labels)
    model = write_model(tmp_path / "model", tiny(traits=KINDS))
    request: EvaluateRequest[Any] = EvaluateRequest(model=model, dataset=Dataset(data.path, "test"))
    events = list(vae_faces.evaluate(request))
    found = {event.name: event.value for event in events if isinstance(event, Metric)}
    assert 0 <= found["label_accuracy"] < 0.9, "an untrained net draws no kinds"
    assert "control_changes:kind" in found
    assert "reads right: kind 100." in texts(events)


# -- words -----------------------------------------------------------------------------------------


def test_beside_the_prompt_stand_the_words_that_the_model_knows() -> None:
    card = card_of(tiny(traits=KINDS), {})
    assert card["prompt"] == {
        "en": "Words that this model knows: kind: oak, maple, willow.",
        "zh": "该模型认识的词：种类：oak、maple、willow。",
    }
    faces = Traits(
        (
            Trait("long hair", "yes_no", shares=(0.5,)),
            Trait("hair colour", "choice", ("blond hair", "black hair"), (0.5, 0.5)),
        )
    )
    assert "prompt" not in card_of(tiny(traits=faces), {}), "what is said of all faces holds"
    assert card_of(tiny(traits=NONE), {})["prompt"] is False


@pytest.mark.parametrize(
    ("prompt", "asked_for"),
    [
        ("oak", {"kind": "oak"}),
        ("st. bernard", {"kind": "St. Bernard"}),
        ("St. Bernard, beard", {"kind": "St. Bernard", "beard": 1.0}),
        ("no beard. cats/persian", {"kind": "cats/persian", "beard": -1.0}),
        ("枫叶没有胡须", {"kind": "枫叶", "beard": -1.0}),
        # What is called as another attribute is that, and can be had with its title.
        ("beard", {"beard": 1.0}),
        ("kind: beard", {"kind": "beard"}),
        ("kind: a:b", {"kind": "a:b"}),
        ("face", {"kind": "face"}),
    ],
)
def test_kinds_of_any_name_are_understood(prompt: str, asked_for: dict[str, Any]) -> None:
    names = ("oak", "St. Bernard", "cats/persian", "枫叶", "beard", "a:b", "face")
    kind = Trait("kind", "choice", names, (1 / 7,) * 7, of_folders=True)
    card = card_of(tiny(traits=Traits((kind, BEARD))), {})
    assert read_prompt(prompt, words_of(card)) == asked_for


@pytest.mark.parametrize("prompt", ["no\noak", "no, oak", "oak, not", "cats/siamese"])
def test_a_no_does_not_reach_over_a_comma_or_a_line(prompt: str) -> None:
    kind = Trait("kind", "choice", ("oak", "cats/persian"), (0.5, 0.5), of_folders=True)
    with pytest.raises(GeneratorError, match=r"knows no “(no|not|cats)”"):
        read_prompt(prompt, words_of(card_of(tiny(traits=Traits((kind,))), {})))
