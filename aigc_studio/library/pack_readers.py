"""What turns the members of a sample pack into drafts. A manifest names one by its id.

Each takes the open archive, the members and the manifest's options. Nothing in a pack is run.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from aigc_studio.api import Image, Melody, Progress, StudioError, Text, limits
from aigc_studio.chinese import simplified
from aigc_studio.library.drafts import Draft, as_progress
from aigc_studio.library.melodies import abc
from aigc_studio.library.melodies.families import family_steps, is_held_out
from aigc_studio.library.members import Members
from aigc_studio.library.options import ImportOptions, fit_picture
from aigc_studio.library.pictures.reading import read_picture
from aigc_studio.library.texts.reading import read_text, split_text
from aigc_studio.translation import _

_LARGEST_VALUE = 1e9
Reader = Callable[[Members, Sequence[str], Mapping[str, Any]], Iterator[Draft | Progress]]


def read_pixel_rows(
    archive: Members, names: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """CSV rows of `width`×`height` grey pixels (0-255) and a label, one picture each."""
    import numpy as np

    shape = (int(options["height"]), int(options["width"]))
    for name in names:
        lines = archive.read(name).decode("ascii", "replace").split()
        for number, line in enumerate(lines):
            if number % 500 == 0:
                yield Progress(number, len(lines), _("Reading"))
            try:
                values = np.array(line.split(","), dtype=np.float64)
                if not (np.abs(values) < _LARGEST_VALUE).all():  # NaN is not either
                    raise ValueError("no grey values")
                pixels = values[:-1].astype(np.int64).astype(np.uint8).reshape(shape)
            except ValueError as error:
                raise StudioError(
                    _("Row {number} of {name} is not a picture with its label.").format(
                        number=number + 1, name=name
                    )
                ) from error
            source = f"{PurePosixPath(name).name}#{number}"
            yield Draft(Image(pixels), f"{values[-1]:g}", source=source)


def read_plays(
    archive: Members, names: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """Plays in Markdown: every spoken sentence of `shortest` to `longest` characters.

    Headings, speakers and stage directions are left out. The label is the folder (the kind of
    play), the group the play.
    """
    for number, name in enumerate(names):
        yield Progress(number, len(names), _("Reading"))
        path = PurePosixPath(name)
        spoken = _spoken(read_text(archive.read(name), name))
        label = path.parent.name
        for sentence in split_text(spoken, "sentences"):
            if options["shortest"] <= len(sentence) <= options["longest"]:
                yield Draft(Text(sentence), label, path.stem, path.name)


def _spoken(markdown: str) -> str:
    without_directions = re.sub(r"(?s)(?<![A-Za-z])_[^_]*?_(?![A-Za-z])", "", markdown)
    lines = [line.strip() for line in without_directions.split("\n")]
    speaker = re.compile(r"\*\*[^*]+\*\*$")
    return "\n".join("" if line.startswith("#") or speaker.match(line) else line for line in lines)


def read_grouped_pictures(
    archive: Members, names: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """Pictures in one folder for each group (a person): cropped to the box, scaled, converted."""
    fit = ImportOptions(size=options.get("size"), mode=options.get("mode", "keep"), fit="crop")
    for number, name in enumerate(names):
        yield Progress(number, len(names), _("Reading"))
        picture = read_picture(archive.read(name), name)
        if "crop" in options:
            left, top, right, bottom = options["crop"]
            if right > picture.width or bottom > picture.height:
                raise StudioError(
                    _("The picture {name} is smaller than this pack says.").format(name=name)
                )
            picture = Image(picture.pixels[top:bottom, left:right])
        path = PurePosixPath(name)
        yield Draft(fit_picture(picture, fit), "", path.parent.name, "/".join(path.parts[-2:]))


def read_poems(
    archive: Members, names: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """JSON lists of poems (`author`, `title`, `paragraphs`): those of `lines` lines of one of
    `widths` characters each, in simplified script, with ， and 。 in turn, by author and title.

    Of poems that stand there twice the first counts; those with characters beyond the common block
    of Unicode, which most fonts lack, and those of authors in `without` are left out. The group is
    the author, so that nobody is both learnt from and held out.
    """
    lines, widths = set(options["lines"]), set(options["widths"])
    without, found = set(options.get("without", ())), dict[str, tuple[str, str]]()
    for number, name in enumerate(sorted(names)):
        yield Progress(number, len(names), _("Reading"))
        for author, title, text in _poems_in(archive.read(name), name):
            if text and _fits(text, lines, widths):
                about = simplified(author), simplified(title)
                found.setdefault(simplified(_in_couplets(text)), about)
    chosen = sorted((*about, whole) for whole, about in found.items() if about[0] not in without)
    for number, (author, title, whole) in enumerate(chosen):
        if number % 500 == 0:
            yield Progress(number, len(chosen), _("Reading"))
        told = {"title": title, "author": author}
        yield Draft(Text(whole), group=author, source="tang-poems", attributes=told)


_between_lines = re.compile("[，。？！；：、,.?!;:\\s]+")


def _poems_in(data: bytes, name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Author, title and lines of each poem of a file. Raises `StudioError` for another file."""
    try:
        for poem in json.loads(data):
            told = [str(each) for each in poem["paragraphs"]]
            text = [line for line in _between_lines.split("".join(told)) if line]
            yield str(poem["author"]), str(poem["title"]), text
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StudioError(
            _("The file {name} has no poems as this pack has them: get the package again.").format(
                name=PurePosixPath(name).name
            )
        ) from error


def _fits(lines: Sequence[str], counts: set[int], widths: set[int]) -> bool:
    width = len(lines[0])
    return (
        len(lines) in counts
        and width in widths
        and all(len(line) == width for line in lines)
        and all("\u4e00" <= each <= "\u9fff" for line in lines for each in line)
    )


def _in_couplets(lines: Sequence[str]) -> str:
    return "".join(line + "，。"[number % 2] for number, line in enumerate(lines))


def read_tunes(
    archive: Members, names: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """Collections of tunes in ABC: each tune of `fewest` to `most` notes once, without its repeats.

    The group is the tune family, named by the title of its first tune, so that no setting of a tune
    is learnt from and another held out. Metre, key, mode, type, title and transcriber are
    attributes.
    """
    found: list[tuple[abc.Tune, Melody, str]] = []
    seen: set[Melody] = set()
    for number, name in enumerate(names):
        yield Progress(number, len(names), _("Reading"))
        text = read_text(archive.read(name), name)
        for place, tune in enumerate(abc.read_tunes(text, "once"), 1):
            melody = tune.melody
            if melody is None or melody in seen:
                continue
            if options["fewest"] <= len(melody.notes) <= options["most"]:
                seen.add(melody)
                found.append((tune, melody, f"{'/'.join(PurePosixPath(name).parts[-2:])}#{place}"))
    titled = [(tune.title, melody) for tune, melody, _source in found]
    families = yield from as_progress(family_steps(titled), _("Looking for variants of tunes"))
    for (tune, melody, source), family in zip(found, families, strict=True):
        first = found[family][0].title or found[family][2]
        group = f"{first[: limits.LABEL - 20]} #{family}"
        yield Draft(melody, group=group, source=source, attributes=abc.attributes(tune))


READERS: dict[str, Reader] = {
    "tunes": read_tunes,
    "poems": read_poems,
    "pixel-rows": read_pixel_rows,
    "plays": read_plays,
    "grouped-pictures": read_grouped_pictures,
}
"""The readers by the id that a manifest uses."""


def hold_out(
    drafts: Iterable[Draft | Progress], rule: Mapping[str, Any]
) -> Iterator[Draft | Progress]:
    """The drafts with their split set: `groups` by name, or the `last-of-label` `count` of each.

    `share` leaves it to the store, which holds out a tenth of the groups. Progress goes through at
    once; for the last rule all drafts are read before the first comes, and so for `titles`: there a
    group is held out when the title of one of its examples is (`families.is_held_out`).
    """
    if rule["rule"] == "share":
        yield from drafts
        return
    if rule["rule"] == "titles":
        yield from _by_titles(drafts)
        return
    if rule["rule"] == "groups":
        held = set(rule["groups"])
        for each in drafts:
            if isinstance(each, Draft):
                each = replace(each, split="test" if each.group in held else "train")
            yield each
        return
    found: list[Draft] = []
    places: dict[str, list[int]] = defaultdict(list)
    for each in drafts:
        if isinstance(each, Progress):
            yield each
        else:
            places[each.label].append(len(found))
            found.append(each)
    chosen = {at for of_label in places.values() for at in of_label[-int(rule["count"]) :]}
    for at, draft in enumerate(found):
        yield replace(draft, split="test" if at in chosen else "train")


def _by_titles(drafts: Iterable[Draft | Progress]) -> Iterator[Draft | Progress]:
    found: list[Draft] = []
    for each in drafts:
        if isinstance(each, Progress):
            yield each
        else:
            found.append(each)
    held = {each.group for each in found if is_held_out(str(each.attributes.get("title", "")))}
    for each in found:
        yield replace(each, split="test" if each.group in held else "train")
