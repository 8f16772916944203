"""What crosses the border comes out as it went in, and what is wrong is said field by field."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal

import numpy
import pydantic
import pytest
from kinds import there

from aigc_studio.api import (
    Annotation,
    Artifact,
    Bars,
    Candidate,
    Checkpoint,
    Dataset,
    Description,
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Image,
    Mask,
    Medium,
    Melody,
    Message,
    Metric,
    Note,
    Operation,
    Parameters,
    Preview,
    Progress,
    Span,
    Text,
    TrainRequest,
    parameter,
)
from aigc_studio.api.description import Verb
from aigc_studio.api.requests import Request
from aigc_studio.testing import write_dataset
from aigc_studio.wire import (
    InvalidRequest,
    check_request,
    decode_event,
    decode_request,
    encode_event,
    encode_request,
    read_artifact_file,
    validate_parameters,
    write_artifact,
)
from aigc_studio.wire.parameters import in_effect


def picture(*shape: int) -> Image:
    return Image(
        numpy.arange(math.prod(shape), dtype=numpy.uint32).astype(numpy.uint8).reshape(shape)
    )


ARTIFACTS = [
    picture(1, 1), picture(3, 5), picture(7, 2, 3), picture(4, 4, 4),
    Text(""), Text("多行\r\n\x00 \ud800 🎵"), Melody(), Melody((Note(3, 5, 60),), 7 * 96),
]  # fmt: skip


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=repr)
def test_an_artifact_survives_its_file(tmp_path: Path, artifact: Artifact) -> None:
    path = write_artifact(artifact, tmp_path / "文件夹" / "name.with.dots")
    assert path.name.startswith("name.with.dots.")
    assert read_artifact_file(path, artifact.medium) == artifact
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("medium", ["image", "melody"])
def test_a_file_that_is_something_else_is_a_value_error(tmp_path: Path, medium: Medium) -> None:
    path = write_artifact(picture(50, 50), tmp_path / "a")
    path.write_bytes(path.read_bytes()[:-40] if medium == "image" else b"[]")
    with pytest.raises(ValueError, match="not a"):
        read_artifact_file(path, medium)


EVENTS = [
    Progress(3, 10, {"en": "Reading", "zh": "阅读"}),
    Metric("loss", 0.25, 7),
    Metric("loss", math.inf),
    Preview(Text("x"), 4, "samples"),
    Preview(picture(300, 300, 4), 4),
    Candidate(picture(4, 4), latent=b"\x00\xff", probability=0.5, strip="s", position=2, seed=3),
    Candidate(Melody((Note(0, 1, 1),)), title={"en": "a"}),
    Message("hello", "warning"),
    Annotation(Span(1, 2), 0.5, "why"),
    Annotation(Bars(1, 2), 0.5),
    Annotation(Mask(numpy.eye(4, dtype=numpy.uint8) * 255), 0.5),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_json(tmp_path: Path, event: Event) -> None:
    line = json.dumps(encode_event(event, tmp_path, "event-1"), allow_nan=False)
    assert decode_event(json.loads(line), tmp_path) == event


def test_a_metric_that_is_not_a_number_survives(tmp_path: Path) -> None:
    document = json.loads(json.dumps(encode_event(Metric("x", math.nan), tmp_path, "n")))
    metric = decode_event(document, tmp_path)
    assert isinstance(metric, Metric)
    assert math.isnan(metric.value)


def test_a_checkpoint_carries_its_card(tmp_path: Path) -> None:
    event = Checkpoint(tmp_path, 5, {"psnr_db": 20.5}, True, {"frame": {"width": 28}})
    assert decode_event(encode_event(event, tmp_path, "c"), tmp_path) == event
    assert decode_event(encode_event(replace(event, best=False), tmp_path, "c"), tmp_path) != event
    with pytest.raises((ValueError, TypeError)):
        encode_event(replace(event, card={"net": object()}), tmp_path, "c")


def test_small_previews_are_inline_and_large_ones_files(tmp_path: Path) -> None:
    encode_event(Preview(Text("x" * 1000)), tmp_path, "small")
    encode_event(Preview(Text("x" * 300_000)), tmp_path, "large")
    assert [path.name for path in tmp_path.iterdir()] == ["large.txt"]


def test_short_candidates_are_inline_and_long_ones_files(tmp_path: Path) -> None:
    events = {
        "digit": Candidate(picture(28, 28)),
        "colour": Candidate(picture(20, 10, 4)),
        "word": Candidate(Text("x")),
        "large": Candidate(picture(300, 300)),
        "long": Candidate(Text("字" * 30_000)),
    }
    for name, event in events.items():
        document = json.loads(json.dumps(encode_event(event, tmp_path, name)))
        assert decode_event(document, tmp_path) == event
    assert {path.name for path in tmp_path.iterdir()} == {"large.png", "long.txt"}


@pytest.mark.parametrize(
    "shape", [[28, 27], [0, 784], [28, 28, 7], [-1], "square", None, [784, 784]]
)
def test_pixels_that_are_no_picture_are_a_value_error(tmp_path: Path, shape: object) -> None:
    document = encode_event(Candidate(picture(28, 28)), tmp_path, "c")
    document["artifact"]["shape"] = shape
    with pytest.raises(ValueError, match=r"."):
        decode_event(document, tmp_path)


@pytest.mark.parametrize("document", [{}, {"type": "candidate"}, {"type": "metric", "name": "a"}])
def test_what_is_no_event_is_a_value_error(tmp_path: Path, document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not an event"):
        decode_event(document, tmp_path)


def test_a_name_in_an_event_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    document = encode_event(Candidate(Text("x" * 100_000)), tmp_path / "in", "c")
    document["artifact"]["file"] = "../in/c.txt"
    with pytest.raises(ValueError, match="plain file name"):
        decode_event(document, tmp_path / "in")


class Wish(Parameters):
    size: int = parameter(4, {"en": "Size", "zh": "大小"}, minimum=1, maximum=9)
    heat: float = parameter(1.0, "Heat", minimum=0)
    bright: bool = parameter(False, "Bright")
    kind: Literal["a", "b"] = parameter("a", "Kind")
    word: str = parameter("x", "Word")
    twin: int = parameter(0, "Twin")

    @pydantic.field_validator("twin")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("it must be even")
        return value


def through(
    verb: str, request: Request, folder: Path, model: type[Parameters] | None = None
) -> Any:
    return decode_request(json.loads(json.dumps(encode_request(verb, request, folder))), model)


def test_requests_survive_json(tmp_path: Path, write_dataset: Callable[..., Path]) -> None:
    data = Dataset(write_dataset([Text("a"), Text("b")]))
    mask = Mask(numpy.full((3, 5), 255, numpy.uint8))
    edit = EditRequest(
        operation="morph", artifacts=(picture(3, 5), Text("b")), selections=(mask, None),
        latents=(b"\x01", None), prompt="变", count=3, seed=2**62, model=tmp_path, folder=tmp_path,
    )  # fmt: skip
    assert through("edit", edit, tmp_path / "x") == edit
    generate = GenerateRequest(
        prompt="7", parameters={"size": 3}, language="zh_CN", folder=tmp_path
    )
    assert through("generate", generate, tmp_path / "y") == generate
    back = through("train", TrainRequest(dataset=data, steps=3, card={"a": 1}), tmp_path / "z")
    assert (back.dataset.path, back.dataset.split) == (data.path, "train")
    assert (back.steps, back.minutes, back.card) == (3, None, {"a": 1})
    empty = TrainRequest(dataset=Dataset(data.path, "test"), steps=1)
    assert len(through("train", empty, tmp_path / "v").dataset) == 0
    judged = EvaluateRequest(artifact=Text(""), folder=tmp_path)
    assert through("evaluate", judged, tmp_path / "w") == judged


def test_examples_that_were_picked_cross_and_mean_these_and_no_others(
    tmp_path: Path, write_dataset: Callable[..., Path]
) -> None:
    data = Dataset(write_dataset([Text(str(n)) for n in range(9)]))
    request = EvaluateRequest(dataset=data.pick([0, 1, 2, 5, 8]), folder=tmp_path)
    document = encode_request("evaluate", request, tmp_path / "x")
    assert document["dataset"]["picked"] == [[0, 3], [5, 6], [8, 9]]
    back = through("evaluate", request, tmp_path / "y")
    assert [each.artifact for each in back.dataset] == [Text(each) for each in "01258"]
    about = data.path / "dataset.json"
    changed = json.loads(about.read_text("utf-8")) | {"fingerprint": "another"}
    about.write_text(json.dumps(changed), "utf-8")
    with pytest.raises(InvalidRequest, match="was changed in this moment"):
        decode_request(document)


def test_parameters_become_the_model(tmp_path: Path) -> None:
    request = GenerateRequest(parameters=Wish(size=3))
    assert through("generate", request, tmp_path, Wish).parameters == Wish(size=3)
    with pytest.raises(InvalidRequest, match="Size must be a whole number from 1 to 9, not 12"):
        through("generate", GenerateRequest(parameters={"size": 12}), tmp_path, Wish)


def test_every_wrong_parameter_has_its_sentence() -> None:
    values = {"size": 2.5, "heat": -1, "bright": "maybe", "kind": "c", "word": 3, "twin": 3, "z": 0}
    model, errors = validate_parameters(Wish, values)
    assert model is None
    assert errors == {
        "size": "Size must be a whole number from 1 to 9, not 2.5.",
        "heat": "Heat must be a number of at least 0, not -1.",
        "bright": "Bright must be on or off, not maybe.",
        "kind": "Kind must be one of a, b, not c.",
        "word": "Word must be text, not 3.",
        "twin": "Twin: it must be even.",
        "z": "There is no parameter z. There are: size, heat, bright, kind, word, twin.",
    }


@pytest.mark.parametrize("file", ["dataset.json", "examples.jsonl", "content.bin"])
@pytest.mark.parametrize("harm", ["unlink", "halve"])
def test_a_dataset_that_is_not_whole_is_a_sentence(
    tmp_path: Path, write_dataset: Callable[..., Path], file: str, harm: str
) -> None:
    data = Dataset(write_dataset([Text("abcdef")]))
    document = encode_request("train", TrainRequest(dataset=data, steps=1), tmp_path / "x")
    path = data.path / file
    if harm == "unlink":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InvalidRequest, match="Import it again") as error:
        decode_request(document)
    assert set(error.value.errors) == {"dataset"}


ABOUT = Description(
    id="a", title="A", medium=Image, verbs=("generate", "edit", "train"),
    operations=(
        Operation(
            id="fill", verb="edit", title="Fill", artifacts=1, selection="required", model="none"
        ),
        Operation(id="morph", verb="edit", title="Morph", artifacts=2, model="none"),
        Operation(
            id="write", verb="generate", title="Write", prompt="required", prompt_help="Digits.",
            model="optional",
        ),
        Operation(id="sample", verb="generate", title="Sample", model="optional"),
    ),
)  # fmt: skip
FULL = Mask(numpy.full((4, 4), 255, numpy.uint8))
FILL = EditRequest(operation="fill", artifacts=(picture(4, 4),), selections=(FULL,))


@pytest.mark.parametrize(
    ("verb", "request_", "errors"),
    [
        ("edit", FILL, {}),
        ("edit", replace(FILL, selections=()), {"selections": "“Fill” needs a selection"}),
        ("edit", replace(FILL, selections=(Span(0, 1),)), {"selections": "must be a mask"}),
        (
            "edit",
            replace(FILL, artifacts=(picture(4, 5),)),
            {"selections": "The mask is 4×4 pixels and the picture 5×4"},
        ),
        (
            "edit",
            replace(FILL, selections=(Mask(numpy.zeros((4, 4), numpy.uint8)),)),
            {"selections": "The mask is empty"},
        ),
        ("edit", replace(FILL, artifacts=(Text("a"),)), {"artifacts": "on pictures, not on texts"}),
        ("edit", replace(FILL, latents=(None, None)), {"latents": "as many"}),
        ("edit", replace(FILL, operation="morph"), {"artifacts": "works on 2 items, and 1"}),
        (
            "edit",
            EditRequest(operation="morph", artifacts=(picture(4, 4),) * 2, selections=(FULL, None)),
            {"selections": "works on the whole item"},
        ),
        ("edit", replace(FILL, operation="paint"), {"operation": "There are: fill, morph"}),
        ("evaluate", EvaluateRequest(), {"operation": "A cannot evaluate"}),
        ("generate", GenerateRequest(operation="write"), {"prompt": "needs a prompt. Digits."}),
        (
            "generate",
            GenerateRequest(operation="write", prompt="x" * 100_001),
            {"prompt": "has 100,001 characters: use at most 100,000"},
        ),
        ("generate", GenerateRequest(operation="sample", prompt="7"), {"prompt": "takes no"}),
        (
            "generate",
            GenerateRequest(operation="sample", count=True, seed=2**63),
            {"count": "at least 1", "seed": "from 0 to 9223372036854775807"},
        ),
        ("generate", GenerateRequest(prompt="7", model=FILL.folder), {"model": "There is no"}),
    ],
)  # fmt: skip
def test_a_request_is_checked_without_its_plugin(
    verb: str, request_: Request, errors: dict[str, str]
) -> None:
    found = check_request(ABOUT, verb, request_)
    assert set(found) == set(errors)
    for field, words in errors.items():
        assert words in found[field]


def learner(**changed: Any) -> Description:
    tell = Operation(id="tell", verb="evaluate", title="Tell", artifacts=1)
    verbs = ("train", "generate", "edit", "evaluate")
    told: dict[str, Any] = {"verbs": verbs, "operations": (tell,)} | changed
    return Description(id="a", title="Ay", medium=Text, **told)


def test_only_who_says_so_explains_an_item() -> None:
    about = Description(id="a", title="Ay", medium=Text, verbs=("evaluate",))
    asked = EvaluateRequest(artifact=Text("a"))
    assert check_request(about, "evaluate", asked) == {
        "artifacts": "“Evaluate” of Ay explains no item: it measures on a dataset."
    }
    tell = Operation(id="tell", verb="evaluate", title="Tell", artifacts=1)
    assert check_request(replace(about, operations=(tell,)), "evaluate", asked) == {}


@pytest.mark.parametrize(
    ("verb", "request_"),
    [
        ("generate", GenerateRequest()),
        ("edit", EditRequest(artifacts=(Text("a"),))),
        ("evaluate", EvaluateRequest(artifact=Text("a"))),
    ],
)
def test_what_needs_a_model_is_not_asked_without_one(
    verb: Verb, request_: GenerateRequest | EditRequest | EvaluateRequest, tmp_path: Path
) -> None:
    (tmp_path / "weights.safetensors").touch()
    errors = check_request(learner(), verb, request_)
    assert set(errors) == {"model"}
    assert "train one with Ay" in errors["model"]
    assert "import an .aigcmodel file" in errors["model"]
    assert check_request(learner(), verb, replace(request_, model=tmp_path)) == {}
    with_models = check_request(learner(verbs=(verb,), models="models"), verb, request_)
    assert "train" not in with_models["model"]
    # Who neither learns nor brings models has none to give.
    assert check_request(learner(verbs=(verb,)), verb, request_) == {}
    operation = Operation(
        id="x", verb=verb, title="X", artifacts=int(verb != "generate"), model="none"
    )
    assert check_request(learner(operations=(operation,)), verb, replace(request_)) == {}


def test_a_training_starts_without_a_model(write_dataset: Callable[..., Path]) -> None:
    request = TrainRequest(dataset=Dataset(write_dataset([Text("abc")])), steps=1)
    assert check_request(learner(), "train", request) == {}


def test_the_parameters_in_effect_are_the_given_and_the_usual_ones() -> None:
    schema = {"properties": {"a": {"default": 1}, "b": {"default": 2}, "c": {"type": "string"}}}
    assert in_effect(schema, {"b": 0, "d": None}) == {"a": 1, "b": 0, "d": None}
    assert in_effect({}, {}) == {}


def test_spans_and_bars_must_lie_inside() -> None:
    operation = Operation(id="e", verb="edit", title="E", artifacts=1, selection="optional")
    for medium, artifact, inside, outside in (
        (Text, Text("abc"), Span(3, 3), Span(2, 4)),
        (Melody, Melody(length=1920 * 3), Bars(3, 3), Bars(3, 4)),
    ):
        about = Description(
            id="a", title="A", medium=medium, operations=(operation,), verbs=("edit",)
        )
        request = EditRequest(artifacts=(artifact,), selections=(inside,))
        assert check_request(about, "edit", request) == {}
        assert (
            "3"
            in check_request(about, "edit", replace(request, selections=(outside,)))["selections"]
        )


def test_training_needs_a_length_and_examples(write_dataset: Callable[..., Path]) -> None:
    texts = Dataset(write_dataset([Text("a")], name="texts"))
    about = Description(id="a", title="A", medium=Text, verbs=("train",))
    request = TrainRequest(dataset=texts, steps=5)
    assert check_request(about, "train", request) == {}
    assert set(check_request(about, "train", replace(request, steps=0, minutes=-1.0))) == {
        "steps", "minutes"
    }  # fmt: skip
    assert (
        "minutes or steps" in check_request(about, "train", replace(request, steps=None))["minutes"]
    )
    empty = replace(request, dataset=Dataset(texts.path, "test"))
    assert "no examples" in check_request(about, "train", empty)["dataset"]
    images = replace(about, medium=Image)
    assert "does not hold" in check_request(images, "train", request)["dataset"]


SAMPLES: dict[str, Any] = {
    "operation": "other", "parameters": {"size": 3}, "seed": 7, "device": "mps", "threads": 3,
    "language": "zh_CN", "prompt": "words", "count": 4, "artifacts": (Text("a"), Text("b")),
    "selections": (Span(0, 1), None), "latents": (b"l", None), "minutes": 2.5, "steps": 6,
    "resume": True, "card": {"frame": {"width": 4}}, "artifact": Text("c"),
    "controls": {"slant": 0.5, "style": "bold"},
}  # fmt: skip
"""A value for each field of a request that is not its default; paths and data are added."""


@pytest.mark.parametrize("verb", ["train", "generate", "edit", "evaluate"])
def test_no_field_of_a_request_is_dropped(
    tmp_path: Path, write_dataset: Callable[..., Path], verb: str
) -> None:
    kind = {"train": TrainRequest, "generate": GenerateRequest, "edit": EditRequest}.get(
        verb, EvaluateRequest
    )
    data = Dataset(write_dataset([Text("a"), Text("b")]), "test")
    known = SAMPLES | {"model": tmp_path / "m", "folder": tmp_path / "f", "dataset": data}
    names = [field.name for field in fields(kind)]
    assert [name for name in names if name not in known] == []  # a new field needs a sample here
    request = kind(**{name: known[name] for name in names})
    back = through(verb, request, tmp_path / "x")
    for name in names:
        if name == "dataset":
            assert (back.dataset.path, back.dataset.split) == (data.path, "test")
        else:
            assert getattr(back, name) == getattr(request, name), name


def test_what_looks_into_the_data_is_given_it_beside_the_item(tmp_path: Path) -> None:
    tell = Operation(id="tell", verb="evaluate", title="Tell", artifacts=1, data="required")
    about = Description(id="a", title="Ay", medium=Text, verbs=("evaluate",), operations=(tell,))
    again = Description.from_json(json.loads(json.dumps(about.to_json())))
    assert again.operations[0].data == "required"
    asked = EvaluateRequest(artifact=Text("a"), operation="tell")
    (sentence,) = check_request(about, "evaluate", asked).values()
    assert sentence == ("“Tell” looks into the data that a model learnt from, and none was given.")
    data = Dataset(write_dataset(tmp_path / "data", [Text("b")]))
    both = replace(asked, dataset=data)
    assert check_request(about, "evaluate", both) == {}
    back = through("evaluate", both, tmp_path / "w")
    assert isinstance(back, EvaluateRequest)
    assert back.artifact == Text("a")
    assert there(back.dataset).fingerprint == data.fingerprint
    assert check_request(about, "evaluate", replace(asked, dataset=data, artifact=None)) == {}
    optional = replace(about, operations=(replace(tell, data="optional"),))
    assert check_request(optional, "evaluate", asked) == {}


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("content.bin", b"", "0 of 2 bytes are there"),
        ("content.bin", None, "No such file or directory"),
        ("dataset.json", b'{"name": ', ""),
    ],
)
def test_why_a_dataset_cannot_be_read_is_in_the_language_that_is_spoken(
    tmp_path: Path,
    write_dataset: Callable[..., Path],
    file: str,
    content: bytes | None,
    problem: str,
) -> None:
    data = Dataset(write_dataset([Text("a"), Text("b")]))
    document = encode_request("evaluate", EvaluateRequest(dataset=data, folder=tmp_path), tmp_path)
    place = data.path / file
    place.unlink()
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(InvalidRequest) as caught:
        decode_request(document)
    sentence = caught.value.errors["dataset"]
    assert f"cannot be read ({problem}" in sentence
    assert not re.search(r"Errno|Error|'|\\d+ / \\d+", sentence)
