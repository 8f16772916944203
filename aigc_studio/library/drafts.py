"""From a file to the drafts of its examples: a picture, a tune or many, pieces of a text, rows."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from aigc_studio.api import Artifact, Image, Medium, Progress, StudioError, Text, limits
from aigc_studio.api.dataset import Split
from aigc_studio.api.spelling import composed, one_form
from aigc_studio.library import melodies, pictures, texts
from aigc_studio.library.framing import WHOLE, Frame
from aigc_studio.library.melodies.families import family_steps
from aigc_studio.library.options import SMALLEST_SIDE, ImportOptions, fit_picture
from aigc_studio.library.pictures.idx import read_idx
from aigc_studio.library.sources import Source, is_table
from aigc_studio.library.steps import each_as, finished
from aigc_studio.library.texts.passages import passages, size_for
from aigc_studio.library.texts.row_attributes import Row
from aigc_studio.library.texts.subtitles import without_times
from aigc_studio.library.texts.tables import csv_examples
from aigc_studio.translation import _, ngettext

T = TypeVar("T")

NEIGHBOURS = 50
"""Pieces of a text that stay together when a part of it is held out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An example to be: `split` is set where the data says itself what is held out, `passage` where
    it is a passage of its source: how many come before it there.

    Label, group and source are brought to one form; `spelled` is the label as it was. Raises
    `StudioError` for a label that is too long to be kept.
    """

    artifact: Artifact
    label: str = ""
    group: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    split: Split | None = None
    spelled: str = ""
    passage: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "spelled", self.spelled or self.label)
        object.__setattr__(self, "label", one_form(self.label))
        if len(self.label) > limits.LABEL:
            raise StudioError(
                _("The label {label} is too long: use at most {count} characters.").format(
                    label=f"{self.label[:20]}…", count=f"{limits.LABEL:,}"
                )
            )
        for name in ("group", "source"):
            object.__setattr__(self, name, composed(getattr(self, name)))


def read_drafts(
    source: Source,
    medium: Medium,
    options: ImportOptions,
    remarks: list[str] | None = None,
    left: list[tuple[str, str]] | None = None,
) -> list[Draft]:
    """The drafts that one file gives, at once; see `drafts_of`."""
    return finished(drafts_of(source, medium, options, remarks, left))


def drafts_of(
    source: Source,
    medium: Medium,
    options: ImportOptions,
    remarks: list[str] | None = None,
    left: list[tuple[str, str]] | None = None,
) -> Generator[Progress, None, list[Draft]]:
    """The drafts that one file gives; what was left out, guessed or changed in it becomes a
    sentence in `remarks`, and tunes of a collection that cannot be used are `left`, with their
    names and why. Of a collection it yields how many tunes of how many are read, and then looked at
    for variants. Raises `StudioError` when it is not one of this medium."""
    said = [] if remarks is None else remarks
    if medium == "melody" and melodies.looks_like_abc(source.path):
        drafts = yield from _tune_drafts(source, options, said, [] if left is None else left)
    else:
        drafts = _read_drafts(source, medium, options, said)
    if source.split is None:
        return drafts
    return [replace(each, split=source.split) for each in drafts]


def as_progress(
    steps: Generator[tuple[int, int], None, T], text: str
) -> Generator[Progress, None, T]:
    """Steps (done, of how many) as Progress."""
    return each_as(steps, lambda step: Progress(*step, text))


def _read_drafts(
    source: Source, medium: Medium, options: ImportOptions, remarks: list[str]
) -> list[Draft]:
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    if medium == "image":
        if source.is_idx:
            return _idx_drafts(source, options)
        picture, told = pictures.read_with_remarks(source.path, source.name)
        remarks += told
        _check_size(picture, source, options)
        return [Draft(fit_picture(picture, options), label, group, source.name)]
    if medium == "melody":
        melody = melodies.read_melody(source.path, source.name, options.part, remarks)
        return [Draft(melody, label, group or source.name, source.name)]
    return _text_drafts(source, label, group, options, remarks)


def _tune_drafts(
    source: Source, options: ImportOptions, remarks: list[str], left: list[tuple[str, str]]
) -> Generator[Progress, None, list[Draft]]:
    """The tunes of a file in ABC, each once without its repeats; variants of one are one group."""
    text = texts.read_text(source.path, source.name, options.encoding, remarks)
    found = yield from as_progress(melodies.collection(text, voice=options.part), source.name)
    remarks += found.remarks
    left += found.left
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    titled = [(tune.title, melody) for _number, tune, melody in found.tunes]
    families = yield from as_progress(family_steps(titled), _("Looking for variants of tunes"))
    return [
        Draft(
            melody,
            label,
            group or f"{source.name}#{found.tunes[family][0]}",
            f"{source.name}#{number}" if len(found.tunes) > 1 else source.name,
            melodies.attributes(tune),
        )
        for (number, tune, melody), family in zip(found.tunes, families, strict=True)
    ]


def _check_size(picture: Image, source: Source, options: ImportOptions) -> None:
    """Raise `StudioError` for a picture, or what the frame leaves of it, of too few pixels."""
    left, top, right, bottom = Frame(*options.crop or WHOLE).box(picture.width, picture.height)
    if min(right - left, bottom - top) >= SMALLEST_SIDE:
        return
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        sentence = _("The picture {name} is {width}×{height}: use some of {side} pixels or more.")
    else:
        sentence = _(
            "The frame leaves {width}×{height} pixels of the picture {name}: make it larger, so "
            "that it leaves {side} or more."
        )
    raise StudioError(
        sentence.format(
            name=source.name, width=right - left, height=bottom - top, side=SMALLEST_SIDE
        )
    )


def _text_drafts(
    source: Source, label: str, group: str, options: ImportOptions, remarks: list[str]
) -> list[Draft]:
    text = texts.read_text(source.path, source.name, options.encoding, remarks)
    text = without_times(text, source.name, remarks)
    if is_table(source):
        rows = _with_labels(csv_examples(text, source.name, options, remarks), remarks)
    elif options.split_text == "passages":
        blocks = [text] if text.strip() else []
        return list(passage_drafts(source, label, group, blocks, size_for(len(text))))
    else:
        rows = [(piece, "", {}) for piece in texts.split_text(text, options.split_text)]
    kept = [row for row in rows if is_wanted(row[0], options)]
    remarks += left_out(len(rows) - len(kept))
    # Neighbours quote each other: they stay together, in at least twenty blocks where that can be.
    block = max(1, min(NEIGHBOURS, len(kept) // 20))
    return [
        Draft(
            Text(piece),
            own or label,
            group or f"{source.name}#{number // block}",
            source.name,
            attributes,
        )
        for number, (piece, own, attributes) in enumerate(kept)
    ]


def is_wanted(piece: str, options: ImportOptions) -> bool:
    """Whether a piece of a text is as long as the options ask for."""
    return max(options.shortest, 1) <= len(piece) <= (options.longest or len(piece))


def left_out(count: int) -> Iterator[str]:
    """A sentence on so many pieces that are not wanted; none for none."""
    if count:
        yield ngettext(
            "{count} piece is shorter or longer than asked for and was left out.",
            "{count} pieces are shorter or longer than asked for and were left out.",
            count,
        ).format(count=f"{count:,}")


def passage_drafts(
    source: Source, label: str, group: str, blocks: Iterable[str], size: int
) -> Iterator[Draft]:
    """The passages of a text that comes in blocks; without a group each text is one."""
    for number, piece in enumerate(passages(blocks, size)):
        yield Draft(Text(piece), label, group or source.name, source.name, passage=number)


def _with_labels(rows: Iterable[Row], remarks: list[str]) -> list[Row]:
    """The rows whose labels can be kept: one that is too long costs its own row."""
    found = list(rows)
    kept = [row for row in found if len(one_form(row[1])) <= limits.LABEL]
    if len(kept) < len(found):
        sentence = ngettext(
            "{count} row has a label of more than {limit} characters and was left out.",
            "{count} rows have labels of more than {limit} characters and were left out.",
            len(found) - len(kept),
        )
        told = sentence.format(count=f"{len(found) - len(kept):,}", limit=f"{limits.LABEL:,}")
        remarks.append(told)
    return kept


def _idx_drafts(source: Source, options: ImportOptions) -> list[Draft]:
    pixels, labels = read_idx(source.path)
    split: Split | None = "test" if source.path.name.lower().startswith("t10k") else None
    return [
        Draft(
            fit_picture(Image(each), options),
            labels[number] if labels else "",
            source=f"{source.name}#{number}",
            split=split,
        )
        for number, each in enumerate(pixels)
    ]
