"""What is worth knowing before an import, as sentences: what was left out, guessed or is odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aigc_studio.api.spelling import composed
from aigc_studio.library.known import known_text
from aigc_studio.library.sources import Source, SourceSet, belongs, is_table
from aigc_studio.library.twins import Twins
from aigc_studio.translation import _, labelled, ngettext

if TYPE_CHECKING:
    from aigc_studio.library.file_attributes import Attributes
    from aigc_studio.library.options import ImportOptions
    from aigc_studio.library.preflights import Preflight
    from aigc_studio.library.surveying import FileCheck

FEW_EXAMPLES = 50
"""Below this many examples a person is told that a model will learn little."""
FEW_CHARACTERS = 20_000
"""Below this many characters of text as well."""
_MOST_NAMED = 4
_MOST_SENTENCES = 8


def source_remarks(found: SourceSet, parts: Mapping[str, int]) -> Iterator[str]:
    """How folders are understood, and what of the system's was left out. `parts` count examples."""
    yield from found.remarks
    if parts and found.parts:
        yield _(
            "{test} examples in {held} are held out; {train} in {taught} are there to train on."
        ).format(
            test=parts["test"],
            train=parts["train"],
            held=_listed(found.parts.get("test", ())),
            taught=_listed(found.parts.get("train", ())) or _("the other folders"),
        )
    elif parts:
        yield _("The files say what is held out: {test} examples; {train} are to train on.").format(
            test=parts["test"], train=parts["train"]
        )
    if found.passed:
        names = list(dict.fromkeys(composed(each) for each in found.passed))
        yield ngettext(
            "{count} file or folder that is hidden or the system's own is left out: {names}.",
            "{count} files or folders that are hidden or the system's own are left out: {names}.",
            len(found.passed),
        ).format(count=len(found.passed), names=_listed(names))


def described_text(found: Preflight) -> str:
    """`40 attributes for 200 of 202 examples; 2 have none`; empty where no table says anything."""
    if not found.attributes:
        return ""
    columns = ngettext("{count} attribute", "{count} attributes", len(found.attributes))
    what = columns.format(count=len(found.attributes))
    without = found.examples - found.described
    if not without:
        sentence = ngettext(
            "{attributes} for the {total} example",
            "{attributes} for all {total} examples",
            found.examples,
        )
    else:
        sentence = ngettext(
            "{attributes} for {count} of {total} examples; {without} has none",
            "{attributes} for {count} of {total} examples; {without} have none",
            without,
        )
    return sentence.format(
        attributes=what,
        count=f"{found.described:,}",
        total=f"{found.examples:,}",
        without=f"{without:,}",
    )


def attribute_remarks(found: Preflight, told: Attributes) -> Iterator[str]:
    """What tables say of the examples, and which have none of it."""
    if found.attributes and found.described < found.examples:
        yield _("{what}.").format(what=described_text(found))
    yield from told.remarks


def twin_remarks(twins: Twins) -> Iterator[str]:
    """On equal examples under two labels, and on those in both parts."""
    if twins.clashes:
        yield ngettext(
            "The labels of {count} example contradict each other, so it is not used: {names}. "
            "Delete the one that is wrong.",
            "The labels of {count} examples contradict each other, so they are not used: {names}. "
            "Delete those that are wrong.",
            len(twins.clashes),
        ).format(count=len(twins.clashes), names=_listed(twins.clashes, _("; ")))
    if twins.leaks:
        yield ngettext(
            "{count} example is there to train on and held out as well, and counts once: {names}.",
            "{count} examples are there to train on and held out as well, and count once: {names}.",
            len(twins.leaks),
        ).format(count=len(twins.leaks), names=_listed(twins.leaks, _("; ")))


def known_remarks(twins: Twins) -> Iterator[str]:
    """On examples that the dataset which they would join has already."""
    if twins.known is None or not twins.passed:
        return
    yield known_text(twins.passed, twins.known.title)
    if twins.relabelled:
        yield ngettext(
            "{count} of them has another label in “{data}”, which stays: {names}.",
            "{count} of them have other labels in “{data}”, which stay: {names}.",
            len(twins.relabelled),
        ).format(
            count=f"{len(twins.relabelled):,}",
            data=twins.known.title,
            names=_listed(twins.relabelled, _("; ")),
        )


def file_remarks(files: Sequence[FileCheck]) -> Iterator[str]:
    """What was left out, guessed or changed in files, each sentence once with the files' names."""
    told: dict[str, list[str]] = {}
    for check in files:
        for sentence in check.remarks:
            told.setdefault(sentence, []).append(check.name)
    for sentence, names in list(told.items())[:_MOST_SENTENCES]:
        if len(names) == 1:
            yield labelled(names[0], sentence)
        else:
            counted = ngettext("{count} file ({names})", "{count} files ({names})", len(names))
            yield labelled(counted.format(count=len(names), names=_listed(names)), sentence)
    if len(told) > _MOST_SENTENCES:
        others = len({name for names in list(told.values())[_MOST_SENTENCES:] for name in names})
        yield ngettext(
            "There are remarks on {count} more file: see the table of files.",
            "There are remarks on {count} more files: see the table of files.",
            others,
        ).format(count=others)


def form_remarks(
    asked: ImportOptions, options: ImportOptions, sources: Sequence[Source]
) -> Iterator[str]:
    """What one example of texts was taken to be, where nobody said it."""
    told = {
        "lines": _("Each line counts as an example; choose if that is wrong."),
        "passages": _(
            "The texts were cut into passages that go on from one to the next, and the end of each "
            "is held out; choose if a line, a paragraph or a file is an example."
        ),
        "whole": _("Each file counts as an example; choose if that is wrong."),
    }
    texts = any(not is_table(each) and belongs(each, "text") for each in sources)
    if texts and asked.split_text == "auto" and options.split_text in told:
        yield told[options.split_text]


def _text_remarks(found: Preflight) -> Iterator[str]:
    """On too little text, and on what stands there again."""
    in_passages = found.options.split_text == "passages"
    if in_passages and 0 < found.characters < FEW_CHARACTERS:
        yield ngettext(
            "There is only {count} character of text: a model will learn it by heart. Add more.",
            "There are only {count} characters of text: a model will learn them by heart. Add "
            "more.",
            found.characters,
        ).format(count=f"{found.characters:,}")
    if found.repeated and not in_passages:
        yield ngettext(
            "{count} example is the same as one before it: what stands there often is learnt by "
            "heart.",
            "{count} examples are the same as some before them: what stands there often is learnt "
            "by heart.",
            found.repeated,
        ).format(count=f"{found.repeated:,}")


def example_remarks(found: Preflight) -> Iterator[str]:
    """On their number, sizes, colours and labels."""
    if found.medium == "text":
        yield from _text_remarks(found)
    in_passages = found.medium == "text" and found.options.split_text == "passages"
    if 0 < found.examples < FEW_EXAMPLES and not in_passages:
        yield ngettext(
            "There is only {count} example: a model will learn it by heart. Add more.",
            "There are only {count} examples: a model will learn them by heart. Add more.",
            found.examples,
        ).format(count=found.examples)
    if len(found.sizes) > 1:
        yield _("The pictures have {count} different sizes: choose one size for all.").format(
            count=len(found.sizes)
        )
    if len(found.modes) > 1:
        yield _("Some pictures are grey and some in colour: choose one for all.")
    yield from _people_remarks(found)
    unlabelled = found.examples - sum(found.labels.values())
    if found.labels and unlabelled:
        yield ngettext(
            "{count} example has no label: put it in a sub-folder.",
            "{count} examples have no label: put them in sub-folders.",
            unlabelled,
        ).format(count=unlabelled)
    if len(found.labels) > 1 and min(found.labels.values()) * 10 < max(found.labels.values()):
        rare = min(found.labels, key=lambda each: found.labels[each])
        yield ngettext(
            "The label {label} has only {count} example: it will be learnt badly.",
            "The label {label} has only {count} examples: it will be learnt badly.",
            found.labels[rare],
        ).format(label=rare, count=found.labels[rare])


def _people_remarks(found: Preflight) -> Iterator[str]:
    """Folders that are called like people were said to be classes."""
    if found.people:
        yield _(
            "The sub-folders {names} look like people: choose “a person or group” for them "
            "(in the shell: --folders group), so that nobody is both learnt from and held out."
        ).format(names=_listed(list(found.labels)))


def _listed(names: Sequence[str], between: str = "") -> str:
    between = between or _(", ")
    return between.join(names[:_MOST_NAMED]) + (f"{between}…" if len(names) > _MOST_NAMED else "")
