"""The checks of prompts, ranges, counts, what is left behind: each has a plugin that fails it."""

from pathlib import Path

import pytest

from aigc_studio.testing import CHECKS, again, bench, check_plugin

BAD = Path(__file__).parents[1] / "plugins" / "bad"
MEASURING = """
@hookimpl
def evaluate(request):
    {body}
"""
HEAD = """
import os, random, sys, threading, subprocess, time, warnings
from aigc_studio.api import *
from aigc_studio.api.deprecations import Gone, deprecated

class Wish(Parameters):
    size: int = parameter(3, "Size", minimum=1, maximum=9)

@hookimpl
def describe():
    return Description(id="odd-one", title="Odd", medium=Text, operations=[{operations}])

KEPT = []

def whole(path, data):
    path.mkdir(parents=True, exist_ok=True)
    save_model(path, {{"learnt": data}})
    return path

"""
MAKE = "Operation(id='make', verb='generate', title='Make', parameters=Wish, prompt='optional')"
GENERATE = """
@hookimpl
def generate(request):
    for n in range(request.count):
        {body}
"""
TRAIN = """
@hookimpl
def train(request):
    if not len(request.dataset):
        raise GeneratorError("There is nothing to learn from.", zh="没有可学的内容。")
    {body}
"""
GOOD = "yield Candidate(Text(str(request.seed + n)))"
LEARN = """for step in range(request.steps or 9):
        yield Progress(step + 1, request.steps or 9)
    yield Checkpoint(whole(request.folder / "model", request.seed), 1, best=True)
"""


def making(body: str, operations: str = "") -> str:
    return HEAD.format(operations=operations) + GENERATE.format(body=body)


def learning(body: str, make: str = GOOD, operations: str = "") -> str:
    return making(make, operations) + TRAIN.format(body=body)


BROKEN = {
    "one_step": (
        learning(LEARN.replace("best=True", "best=request.steps > 1")),
        "A training of one step ended without a Checkpoint that is the best.",
    ),
    "progress": (
        making("yield Progress(5, 9); yield Progress(3, 9); " + GOOD),
        "The progress of generate went back from 5 to 3.",
    ),
    "metrics": (
        making(GOOD) + MEASURING.format(body="yield Metric('loss', float('nan'))"),
        "The metric loss is never a finite number.",
    ),
    "same_metrics": (
        making(GOOD) + MEASURING.format(body="KEPT.append(1); yield Metric('loss', len(KEPT))"),
        "Measured twice, loss is ",
    ),
    "tiny_evaluation": (
        making(GOOD) + MEASURING.format(
            body="if len(request.dataset) == 1: raise ValueError('no data')\n"
            "    yield Metric('loss', 1.0)"),
        "With one example to measure on, evaluate broke",
    ),
    "own_seed": (
        making("random.seed(request.seed) if not n else 0; "
               "yield Candidate(Text(f'{n} {random.random()}'))"),
        "The second result of generate does not come again from its own seed.",
    ),
    "seeds": (making("yield Candidate(Text('one'))"), "generate makes the same from every seed."),
    "counts": (
        making("if n < 4: " + GOOD), "generate was asked for 5 results and made 4."
    ),
    "prompts": (
        making("request.prompt.encode('ascii'); " + GOOD, MAKE),
        "With the prompt “你好，世界”, generate broke",
    ),
    "ranges": (
        making("1 // (9 - request.parameters.size); " + GOOD, MAKE),
        "With size=9, generate broke",
    ),
    "let_go": (
        HEAD.format(operations="") + """
@hookimpl
def generate(request):
    for n in range(request.count):
        try:
            time.sleep(0.01)
            yield Candidate(Text(str(request.seed + n)))
        except GeneratorExit:
            yield Progress(1)
""", "generate did not end when it was stopped",
    ),
    "after_failure": (
        making("""if not n:
            dirty = len(KEPT)
            KEPT.append(1)
            for step in range(8):
                time.sleep(0.1)
                yield Progress(step, 8)
        yield Candidate(Text(f"{request.seed + n} {dirty}"))
        if n == request.count - 1:
            KEPT.clear()"""),
        "generate makes something else after a request that failed or was cancelled.",
    ),
    "early_resume": (
        learning("if request.resume: open(request.folder / 'where')\n    " + LEARN),
        "FileNotFoundError",
    ),
    "damaged_resume": (
        learning("import json\n    file = request.folder / 'where.json'\n"
                 "    if request.resume and file.exists(): json.loads(file.read_text())\n"
                 "    file.write_text('{\"step\": 1}')\n    " + LEARN),
        "With files of a training that are cut in half, train broke",
    ),
    "training_ranges": (
        learning("1 // (request.parameters.size - 1)\n    " + LEARN, operations="Operation("
                 "id='learn', verb='train', title='Learn', parameters=Wish)"),
        "With size=1, train broke",
    ),
    "two_models": (
        learning(LEARN, "KEPT.append(load_model(request.model)[0]['learnt']); "
                 "yield Candidate(Text(f'{KEPT[-2:][0]} {request.seed + n}'))"),
        "generate makes something else after another model was used.",
    ),
    "memory": (
        making("KEPT.append(bytearray(os.urandom(1)) * 3_000_000); " + GOOD),
        "KB more memory with each request.",
    ),
    "leftovers": (
        making("threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); " + GOOD),
        "generate leaves a thread running with each request.",
    ),
    "language": (
        making("assert request.language == 'en'; " + GOOD), "Asked in Chinese, generate broke",
    ),
}  # fmt: skip

ADVISED = {
    "quiet": (making("print('hello there'); " + GOOD), "generate prints “hello there”."),
    "warnings": (
        making("warnings.warn('it is old', DeprecationWarning); " + GOOD),
        "DeprecationWarning: it is old",
    ),
    "warnings of the studio": (
        making("deprecated('request.words', Gone('prompt', 2)); " + GOOD),
        "odd_one.py, line 24: request.words goes away with version 2",
    ),
    "language": (
        learning(
            LEARN,
            "if not (request.model / 'model.json').read_bytes():\n"
            "            raise GeneratorError('This is no model.')\n        " + GOOD,
        ),
        "In Chinese it says “This is no model.”.",
    ),
}


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowded machine is no reason to leave a check out."""
    monkeypatch.setattr(again, "BUDGET", 60.0)
    monkeypatch.setattr(bench, "A_WHILE", 60.0)


@pytest.mark.parametrize("check", BROKEN)
def test_a_check_fails_where_its_rule_is_broken(tmp_path: Path, check: str) -> None:
    code, said = BROKEN[check]
    file = tmp_path / "odd_one.py"
    file.write_text(code, "utf-8")
    (found,) = check_plugin(file, only=[check], steps=4).checks
    assert said in found.sentence
    assert found.outcome == "failed"


@pytest.mark.parametrize("kind", ADVISED)
def test_an_advice_is_told_and_stops_nothing(tmp_path: Path, kind: str) -> None:
    code, said = ADVISED[kind]
    check = kind.partition(" ")[0]
    file = tmp_path / "odd_one.py"
    file.write_text(code, "utf-8")
    report = check_plugin(file, only=[check], steps=4)
    (found,) = report.checks
    assert said in found.sentence
    assert (found.outcome, report.passed) == ("warned", True)
    assert report.verdict == "All checks passed. 1 comes with advice."


def test_what_the_studio_writes_into_the_log_is_not_what_the_plugin_prints(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(making("deprecated('request.words', Gone('prompt', 2)); " + GOOD), "utf-8")
    (found,) = check_plugin(file, only=["quiet"]).checks
    assert (found.outcome, found.sentence) == ("passed", "")


def test_an_author_gets_some_fifty_checks_and_each_is_worth_reading() -> None:
    assert len(CHECKS) == 50
    for name, check in CHECKS.items():
        assert (check.__doc__ or "").strip().endswith("."), name


@pytest.mark.parametrize(
    ("body", "root"),
    [
        ("yield Candidate(Text(os.urandom(4).hex()))", "same_seed"),
        ("if n < 2: " + GOOD, "generate"),
    ],
)
def test_a_fault_that_several_checks_would_tell_is_told_once(
    tmp_path: Path, body: str, root: str
) -> None:
    file = tmp_path / "odd_one.py"
    file.write_text(making(body), "utf-8")
    asked = ["generate", "same_seed", "first_ones", "own_seed", "counts", "after_failure"]
    checks = check_plugin(file, only=asked).checks
    assert [each.name for each in checks if each.outcome == "failed"] == [root]


def test_what_broke_is_told_in_the_language_of_the_one_who_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aigc_studio.testing.bench.language", lambda: "zh_CN")
    (check,) = check_plugin(BAD / "raises_in_generate.py", only=("generate",)).checks
    assert check.outcome == "failed"
    assert "出错：RuntimeError: the second one went wrong" in check.sentence


def test_a_model_that_understands_no_words_is_asked_without_the_example(tmp_path: Path) -> None:
    file = tmp_path / "odd_one.py"
    checkpoint = 'best=True, card={"prompt": False}'
    code = learning(
        LEARN.replace("best=True", checkpoint),
        "assert not request.prompt or not request.model, 'no words'\n        " + GOOD,
        MAKE.replace("prompt=", "model='required', prompt_example='a word', prompt=")
        + ", Operation(id='learn', verb='train', title='Learn')",
    )
    file.write_text(code, "utf-8")
    checks = check_plugin(file, only=["train", "generate"], steps=4).checks
    assert [(each.name, each.outcome) for each in checks] == [
        ("train", "passed"),
        ("generate", "passed"),
    ], [each.sentence for each in checks]
