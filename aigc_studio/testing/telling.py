"""The checks of what a generator says while it works: progress, metrics, prints, languages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from aigc_studio.api.events import Event, Metric, Partial, Progress
from aigc_studio.api.requests import Request
from aigc_studio.host import Run
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.odd import broken_models
from aigc_studio.testing.report import Advice, NotApplicable, Violation
from aigc_studio.translation import _, enumerated, in_a_row, language, set_language
from aigc_studio.wire.places import own_code

_warning = re.compile(r"^(?P<file>.+?):(?P<line>\d+): (?P<kind>\w*Warning): (?P<words>.*)$", re.M)
_note = re.compile(r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] ")
_chinese = re.compile("[\u4e00-\u9fff]")
SHOWN = 80
MOST = 4
"""So many places are named at a time."""


def check_progress(bench: Bench) -> None:
    """Progress neither goes back nor beyond its total.

    A bar that jumps is worse than none. A new stage may begin anew: with another text, another
    total, or after anything else was told.
    """
    told = False
    for verb, events in _all_that_was_told(bench):
        before: Progress | None = None
        for event in events:
            if not isinstance(event, Progress):
                before = before if isinstance(event, Partial) else None
                continue
            told = True
            _check_step(verb, before, event)
            before = event
    if not told:
        raise NotApplicable(_("It reports no progress."))


def _check_step(verb: str, before: Progress | None, event: Progress) -> None:
    if event.total and event.step > event.total:
        sentence = _("{verb} reported step {step} of {total}.")
        raise Violation(sentence.format(verb=verb, step=event.step, total=event.total))
    same = before is not None and (before.total, before.text) == (event.total, event.text)
    if before is not None and same and event.step < before.step:
        sentence = _(
            "The progress of {verb} went back from {before} to {step}. Give what begins anew a "
            "text of its own."
        )
        raise Violation(sentence.format(verb=verb, before=before.step, step=event.step))


def check_metrics(bench: Bench) -> None:
    """Every metric is a finite number at least once; a line of nothing is no plot."""
    finite: dict[str, bool] = {}
    for _verb, events in _all_that_was_told(bench):
        for event in events:
            if isinstance(event, Metric):
                known = finite.get(event.name, False)
                finite[event.name] = known or math.isfinite(event.value)
    if not finite:
        raise NotApplicable(_("It measures nothing."))
    for name, held in finite.items():
        if not held:
            sentence = _(
                "The metric {name} is never a finite number. Leave it out where it cannot be told."
            )
            raise Violation(sentence.format(name=name))


def _all_that_was_told(bench: Bench) -> Iterator[tuple[str, list[Event]]]:
    """The events of what the kit has asked for as a matter of course, by operation."""
    if "train" in bench.about.verbs:
        yield "train", bench.trained().events
    for operation in (*bench.about.of_verb("generate"), *bench.about.of_verb("edit")):
        yield operation.id, bench.usual(operation)
    if "evaluate" in bench.about.verbs:
        yield "evaluate", bench.measured()


def check_quiet(bench: Bench) -> None:
    """It prints nothing: nobody sees it, and the log is for what went wrong.

    What is for the person is a `Message`; what is for its author goes through `logging`.
    """
    for operation in making(bench):
        bench.usual(operation)
        said = _printed(bench.gone_well[operation.id])
        if said:
            sentence = _(
                "{name} prints “{words}”. Yield a Message for what the person should read, and "
                "print nothing."
            )
            raise Advice(sentence.format(name=operation.id, words=said[0][:SHOWN]))


def _printed(run: Run) -> list[str]:
    """What a worker wrote into its log in a run, but for warnings of Python and of the studio."""
    _before, _mark, rest = _read(run.log).partition(f", run {run.id}\n")
    said: list[str] = []
    for line in rest.splitlines():
        if _note.match(line):  # the next run
            break
        is_own = line.strip() and not line.startswith(" ") and line not in run.outdated
        if is_own and not _warning.match(line):
            said.append(line)
    return said


def check_warnings(bench: Bench) -> None:
    """It uses nothing that goes away, of the studio's or (as Python warns) of others: what is
    deprecated today breaks tomorrow.

    All that was asked before is looked through, so this is asked late.
    """
    for operation in (*bench.about.of_verb("generate"), *bench.about.of_verb("edit")):
        bench.usual(operation)
    outdated = dict.fromkeys((*bench.record.outdated, *bench.outdated))
    if outdated:
        raise Advice(in_a_row(list(outdated)[:MOST]))
    root = own_code(bench.record.source.to_json(), bench.record.home)
    for log in sorted(bench.logs):
        for found in _warning.finditer(_read(log)):
            file = Path(found["file"]).resolve()
            if file == root or file.is_relative_to(root):
                sentence = _("Python warns of {file}, line {line}: {kind}: {words}")
                told = sentence.format(
                    file=file.name, line=found["line"], kind=found["kind"],
                    words=found["words"][:SHOWN],
                )  # fmt: skip
                raise Advice(told)


def _read(log: Path | None) -> str:
    try:
        return log.read_text("utf-8", "replace") if log else ""
    except OSError:
        return ""


def check_language(bench: Bench) -> None:
    """Asked in Chinese it works as well, and what it refuses it says in Chinese."""
    spoken = language()
    set_language("zh_CN")
    try:
        refused = list(_refused(bench))
    finally:
        set_language(spoken)
    for run in refused:
        if run.error is not None and not run.error.mendable:
            sentence = _("Asked in Chinese, {verb} broke: {problem}")
            told = sentence.format(verb=run.verb, problem=run.error.sentence)
            raise Violation(told, run.error.details, run.error.sentence)
    for run in refused:
        if run.error is not None and not _chinese.search(run.error.sentence):
            sentence = _(
                "In Chinese it says “{words}”. Give the GeneratorError its Chinese: zh=“…”."
            )
            raise Advice(sentence.format(words=run.error.sentence[:SHOWN]))


def _refused(bench: Bench) -> Iterator[Run]:
    """Runs asked for in Chinese: one that goes well, and some that are refused."""
    requests: list[tuple[str, Request]] = []
    if "train" in bench.about.verbs:
        empty = bench.training(dataset=bench.dataset_of([]), language="zh_CN")
        requests.append(("train", empty))
    for operation in (*bench.about.of_verb("generate"), *bench.about.of_verb("edit")):
        requests.append((operation.verb, bench.wish(operation, language="zh_CN")))
        for folder in list(broken_models(bench, bench.model))[:1] if bench.model else ():
            wish = bench.wish(operation, language="zh_CN", model=folder)
            requests.append((operation.verb, wish))
    for verb, request in requests:
        yield bench.run(verb, request)[0]


def check_translations(bench: Bench) -> None:
    """Every string for a person is there in English and in Chinese."""
    missing = [name for name, words in _strings(bench) if not _is_translated(words)]
    if missing:
        sentence = _(
            "Not in both languages: {names}. Write {form} for each; who speaks the other reads it "
            "as it is."
        )
        shown = enumerated([*missing[:4], "…"] if len(missing) > 4 else missing)
        raise Advice(sentence.format(names=shown, form='{"en": "…", "zh": "…"}'))


def _is_translated(words: object) -> bool:
    """Whether there are words in both languages, or none at all, or none that could differ."""
    if isinstance(words, str):
        return not re.search(r"[^\W\d_]{2}", words)
    return not words or (isinstance(words, dict) and {"en", "zh"} <= set(words))


def _strings(bench: Bench) -> Iterator[tuple[str, object]]:
    about = bench.about
    yield "title", about.title
    yield "summary", about.summary
    for name, reason in about.uses.items():
        yield f"uses.{name}", reason
    for key, measure in about.metrics.items():
        yield f"metrics.{key}", measure.title
    for starter in about.starters:
        yield f"starters.{starter.id}", starter.title
    for operation in about.operations:
        for field in ("title", "help", "prompt_help"):
            yield f"{operation.id}.{field}", getattr(operation, field)
        for name, field in operation.schema.get("properties", {}).items():
            shown = field.get("x-ui", {})
            for part in ("label", "help"):
                yield f"{operation.id}.{name}.{part}", shown.get(part, "")
            for choice, words in shown.get("choices", {}).items():
                yield f"{operation.id}.{name}.{choice}", words
