"""The kit finds what it is there to find: each check fails for a generator that breaks its rule."""

import json
from pathlib import Path

import pytest

from aigc_studio.api import Dataset, Medium, StudioError
from aigc_studio.testing import CHECKS, check_plugin, draw, write_dataset
from aigc_studio.testing.report import Check

BAD = Path(__file__).parents[1] / "plugins" / "bad"
HEAD = """
import os, random, time
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="odd-one", title="Odd", medium=Text, operations=[{operations}])

def whole(data=b"1"):
    header = b'{{"a":{{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}}}' % ((len(data),) * 2)
    return len(header).to_bytes(8, "little") + header + data

"""
GENERATE = """
@hookimpl
def generate(request):
    for n in range(request.count):
        {body}
"""
TRAIN = """
@hookimpl
def train(request):
    path = request.folder / "model"
    path.mkdir(parents=True, exist_ok=True)
    weights = path / "weights.safetensors"
    for step in range(request.steps):
        yield Progress(step, request.steps)
        {body}
    {end}
"""
EDIT = """
@hookimpl
def edit(request):
    {body}
"""
END = "yield Checkpoint(path, request.steps, best=True)"
WRITE = "time.sleep(0.01); weights.write_bytes(whole())"
FIELD = "Operation(id='make', verb='generate', title='Make', parameters=Wish)"


def generate(body: str, operations: str = "", field: str = "") -> str:
    wish = f"class Wish(Parameters):\n    {field}\n" if field else ""
    return HEAD.format(operations=operations) + wish + GENERATE.format(body=body)


def train(body: str = WRITE, end: str = END) -> str:
    return HEAD.format(operations="") + TRAIN.format(body=body, end=end)


def edit(body: str, operations: str = "") -> str:
    return HEAD.format(operations=operations) + EDIT.format(body=body)


def explain(body: str) -> str:
    """A plugin that measures, and says something of a text by `body`."""
    operations = "Operation(id='tell', verb='evaluate', title='Tell', artifacts=1)"
    measure = "if request.dataset:\n        yield Metric('loss', 1.0)\n        return\n    "
    evaluate = EDIT.format(body=measure + body).replace("def edit", "def evaluate")
    return generate(GOOD, operations) + evaluate


def offering(plugin: str, starter: str) -> str:
    """The plugin with one starter."""
    begin, end = plugin.split("])", 1)
    return f"{begin}], starters=[Starter(id='start', title='Start', {starter})]){end}"


MARKED = "Operation(id='mark', verb='edit', title='M', artifacts=1, selection='required')"
STEERED = "Operation(id='make', verb='generate', title='Make', controls=True)"
GOOD = "yield Candidate(Text(str(request.seed + n)))"
ECHO = "yield Candidate(request.artifacts[0])"

BROKEN = [
    ("description", "x = 1", "has no describe()"),
    ("description", generate(GOOD) + "def evalute(): pass", "looks like the hook evaluate()"),
    ("no_torch", "import torch\n" + generate(GOOD), "imports torch when it is loaded"),
    ("names", generate(GOOD).replace("'Odd'", "''").replace('"Odd"', '{"en": ""}'), "has no words"),
    (
        "operations",
        edit(ECHO, "Operation(id='a', verb='edit', title='A')"),
        "edit takes 1 or 2",
    ),
    (
        "operations",
        generate(GOOD, "Operation(id='a', verb='generate', title='A', prompt='required')"),
        "give it a prompt_example",
    ),
    ("schemas", generate(GOOD, FIELD, "size: int = 3"), "it has no label"),
    (
        "schemas",
        generate(GOOD, FIELD, "size: int = parameter(30, 'Size', maximum=9)"),
        "its default 30 is out of its range",
    ),
    (
        "schemas",
        generate(GOOD, FIELD, "size: list[int] = parameter([], 'Size')"),
        "a form can show only",
    ),
    (
        "schemas",
        generate(GOOD, FIELD, "seed: int = parameter(3, 'Size')"),
        "The parameter seed of make: the studio already has something of this name",
    ),
    (
        "schemas",
        generate(GOOD, FIELD, "no_label: bool = parameter(True, 'Size')"),
        "already has something of this name",
    ),
    ("train", train(end="pass"), "ended without a Checkpoint"),
    ("train", train(end="yield Checkpoint(path, 1)"), "no Checkpoint as best"),
    ("train", train("weights.write_bytes(bytes([2] + [0] * 7) + b'{}')"), "has no tensor in it"),
    ("train", train(WRITE + "; (path / 'words.bin').touch()"), "has a file words.bin"),
    ("generate", generate("if n < 2: " + GOOD), "asked for 3 candidates and made 2"),
    ("edit", edit("return iter(())"), "it made nothing, and 1 result was asked for"),
    ("starters", offering(edit(ECHO), "operation='edit'"), "lays out 0 pieces, and edit takes 1"),
    (
        "starters",
        offering(edit(ECHO, MARKED), "operation='mark', pieces=[Piece(artifact=Text('a'))]"),
        "marks nothing, and mark needs a marked part",
    ),
    (
        "starters",
        offering(generate("assert not request.prompt"), "operation='generate', prompt='a'"),
        "AssertionError",
    ),
    ("description", offering(generate(GOOD), "operation='fly'"), "must be one of generate"),
    (
        "latents",
        generate("yield Candidate(Text('a'), latent=b'x')")
        + EDIT.format(body="assert request.latents[0] is None; " + ECHO),
        "With its own latent, edit broke",
    ),
    (
        "evaluate",
        generate(GOOD) + EDIT.format(body="yield Progress(1)").replace("edit", "evaluate"),
        "yields no Metric",
    ),
    ("evaluate", explain("pass"), "yields neither an Annotation nor a Metric"),
    (
        "evaluate",
        explain("yield Annotation(Span(0, len(request.text) + 1), 0.5)"),
        "an annotation was left out, because its annotation is of the characters",
    ),
    (
        "evaluate",
        explain("yield Annotation(Span(0, 1), 0.5); request.text.value[0]"),
        "broke instead of raising a GeneratorError",
    ),
    ("evaluate", explain("raise GeneratorError('Not this.')\n    yield"), "all refuse it"),
    ("same_seed", generate("yield Candidate(Text(os.urandom(4).hex()))"), "when it is asked again"),
    ("same_seed", generate("yield Candidate(Text(str(os.getpid())))"), "in a fresh worker"),
    (
        "first_ones",
        generate("yield Candidate(Text(str(request.count)))"),
        "makes other first candidates",
    ),
    ("cancel", generate(GOOD + "; time.sleep(2)"), "did not react to cancel"),
    ("stop", train("yield Progress(step)", "pass").replace("for step", "try:\n     for step")
        .replace("        yield Progress(step)\n    pass", "        yield Progress(step)\n"
        "    except GeneratorExit:\n        raise OSError('disk full')"), "disk full"),
    (
        "resume",
        train("time.sleep(0.05); weights.write_bytes(whole(os.urandom(8)))"),
        "ended with other weights",
    ),
    ("tiny_data", train("request.dataset[1]; " + WRITE), "instead of raising a GeneratorError"),
    (
        "odd_data",
        train("request.dataset[step].artifact.value[0]; " + WRITE),
        "instead of raising a GeneratorError",
    ),
    (
        "corrupt_data",
        train("os._exit(1)"),
        "exit status 1",
    ),
    ("odd_input", edit("request.artifacts[0].value[0]; " + ECHO), "instead of raising"),
    ("partials", generate("yield Partial(Text('a'), n + 2); " + GOOD), "Partial has the number 3"),
    ("partials", generate(GOOD + "; yield Partial(Text('a'), n)"), "0, which had come already"),
    (
        "bad_model",
        train() + GENERATE.format(body="assert request.model.joinpath('weights.safetensors')"
        ".read_bytes() == whole(); " + GOOD),
        "instead of raising",
    ),
    (
        "bad_model",
        HEAD.format(operations="") + TRAIN.format(
            body="save_model(path, {'a': 1})", end="yield Checkpoint(path, 1, best=True)"
        ) + GENERATE.format(
            body="import json; json.loads((request.model / 'model.json').read_text())['a']; "
            + GOOD
        ),
        "instead of raising",
    ),
    (
        "controls",
        generate("yield Candidate(Text('%.2f' % (1 / (1 - request.controls.get('smile', 0)))))")
        .replace("operations=[]", "operations=[], controls=Controls(controls=(SMILE,))")
        .replace("@hookimpl\ndef desc", "SMILE = Control(name='smile')\n\n@hookimpl\ndef desc"),
        "generate does not take smile=1.0, which the card of its model offers",
    ),
    (
        "controls",
        train(end="yield Checkpoint(path, 1, best=True, card={'controls': {'controls': ["
        "{'name': 'smile', 'low': 3, 'high': 2, 'default': 2}]}})") + GENERATE.format(body=GOOD),
        "has controls that cannot be shown",
    ),
    (
        "parts",
        edit("assert request.span.start < request.span.stop; " + ECHO, MARKED),
        "With the part 0:0, edit broke",
    ),
    (
        "parts",
        edit("yield Candidate(Text('x' * (len(request.text) + 1)))", MARKED),
        "changed what lies outside the selection",
    ),
    (
        "latents",
        generate("yield Candidate(Text('a'), latent=b'latent')")
        + EDIT.format(body="assert request.latents[0] == b'latent'; " + ECHO),
        "With a latent of another model, edit broke",
    ),
    (
        "latents",
        generate("yield Candidate(Text(str(request.seed + n)), latent=b'latent')", STEERED),
        "makes the same with the latent of a result as without",
    ),
    (
        "own_folders",
        generate("open('notes.txt', 'w').write('x'); " + GOOD),
        "It wrote notes.txt outside",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("check", "code", "said"), BROKEN, ids=lambda part: str(part)[:20])
def test_a_check_fails_where_its_rule_is_broken(
    tmp_path: Path, check: str, code: str, said: str
) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(code, "utf-8")
    report = check_plugin(file, only=[check], steps=4)
    (found,) = report.checks
    assert found.outcome == "failed"
    assert said in found.sentence
    assert not report.passed
    assert found.name == check


def test_words_alone_explain_an_item(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(explain("yield Message('It is rather short.')"), "utf-8")
    assert check_plugin(file, only=["evaluate"]).passed
    file.write_text(explain("yield Message('Not this.', 'warning')"), "utf-8")
    assert not check_plugin(file, only=["evaluate"]).passed


@pytest.mark.parametrize(
    "declines", ["raise GeneratorError('No verse is here.')", "yield Message('No verse is here.')"]
)
def test_what_is_told_of_some_items_alone_may_decline_others(tmp_path: Path, declines: str) -> None:
    code = explain(
        f"if request.operation == 'rhyme':\n        {declines}\n        return\n"
        "    yield Metric('length', len(request.text))"
    ).replace("[Operation(", "[Operation(id='rhyme', verb='evaluate', title='Rhyme', artifacts=1), "
              "Operation(", 1)  # fmt: skip
    file = tmp_path / "odd_one.py"
    file.write_text(code, "utf-8")
    assert check_plugin(file, only=["evaluate"]).passed


def test_a_training_that_starts_over_does_not_pass_for_one_that_goes_on() -> None:
    report = check_plugin(BAD / "starts_over.py", only=["resume"], steps=12)
    (found,) = report.checks
    assert found.outcome == "failed"
    assert "it starts over" in found.sentence


def test_a_good_generator_passes_and_the_report_is_json(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(generate(GOOD), "utf-8")
    told: list[Check] = []
    report = check_plugin(file, on_check=told.append)
    assert report.passed
    assert [check.name for check in told] == list(CHECKS)
    document = json.loads(json.dumps(report.to_json()))
    assert document["passed"] is True
    assert document["plugin"] == "Odd"
    assert "✓ It generates with its defaults" in str(report)


def test_a_plugin_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is not a plugin"):
        check_plugin(tmp_path)
    with pytest.raises(StudioError, match="There is no generator"):
        check_plugin("no-such-plugin")


def test_a_plugin_that_cannot_be_loaded_fails_the_first_check_only(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text("import nothing_of_this_name", "utf-8")
    report = check_plugin(file)
    others = len(CHECKS) - 1
    assert [check.outcome for check in report.checks] == ["failed", *["unreached"] * others]
    assert "not reached; first fix “It loads and describes itself”" in str(report)
    assert report.verdict == f"1 check failed. {others} were not reached."


def test_one_cause_is_told_once_and_what_needs_it_is_not_reached(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(train("raise KeyError('a key')") + GENERATE.format(body=GOOD), "utf-8")
    report = check_plugin(file, steps=4)
    outcomes = {check.name: check.outcome for check in report.checks}
    assert [name for name, outcome in outcomes.items() if outcome == "failed"] == ["train"]
    for name in ("generate", "same_seed", "cancel", "pause", "resume", "odd_data", "own_folders"):
        assert outcomes[name] == "unreached"
    assert outcomes["empty_data"] == "passed"
    assert str(report).count("KeyError") == 1
    assert report.verdict.startswith("1 check failed. ")
    assert json.loads(json.dumps(report.to_json()))["passed"] is False
    assert not [check for check in report.checks if check.outcome == "unreached" and check.passed]


def test_two_causes_are_told_both(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(generate("raise KeyError('a')") + EDIT.format(body="raise KeyError('b')"))
    report = check_plugin(file)
    failed = [check.name for check in report.checks if check.outcome == "failed"]
    assert failed == ["generate", "edit"]
    assert report.verdict.startswith("2 checks failed. ")


def test_a_check_that_breaks_where_another_did_is_not_told_again(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    body = "raise GeneratorError('Type something.')\n        yield"
    file.write_text(generate(body), "utf-8")
    first, second = check_plugin(file, only=["first_ones", "cancel"]).checks
    assert (first.outcome, second.outcome) == ("failed", "unreached")
    assert "It loads" not in second.sentence
    assert first.title in second.sentence


def test_an_unknown_check_is_a_sentence_that_names_the_others(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"There is no check resumes\. There are: description, "):
        check_plugin(tmp_path, only=["resumes"])


def test_the_kit_keeps_the_model_as_the_library_does(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    card = "{'notes': ['x' * 200_000] * 6}"
    file.write_text(train(end=f"yield Checkpoint(path, 1, best=True, card={card})"), "utf-8")
    (check,) = check_plugin(file, only=["train"], steps=2).checks
    assert check.outcome == "failed"
    assert "card" in check.sentence


@pytest.mark.parametrize("medium", ["image", "text", "melody"])
def test_drawn_datasets_are_always_the_same_and_can_be_read(tmp_path: Path, medium: Medium) -> None:
    artifacts, labels = draw(medium, 20)
    assert draw(medium, 20) == (artifacts, labels)
    folder = write_dataset(tmp_path / "d", artifacts, labels)
    train, test = Dataset(folder), Dataset(folder, "test")
    assert (len(train), len(test), train.medium) == (18, 2, medium)
    assert [example.artifact for example in train] == artifacts[:9] + artifacts[10:19]


def test_a_failed_check_says_where_it_broke(tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(generate("raise KeyError('a key')"), encoding="utf-8")
    report = check_plugin(path, only=("generate",))
    (check,) = report.checks
    assert "broke: KeyError: 'a key' (odd.py, line " in check.sentence
    assert "Traceback (most recent call last)" in check.details
    assert report.to_json()["checks"][0]["details"] == check.details
    assert str(report).endswith("\n1 check failed.")
