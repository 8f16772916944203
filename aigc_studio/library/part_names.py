"""What the names of folders and files say: parts such as train and test, pictures, annotations."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from aigc_studio.api.dataset import Split
from aigc_studio.api.spelling import compared, one_form
from aigc_studio.library.walking import FoundFile

_words: tuple[tuple[Split, str], ...] = (
    ("train", r"train|training|trn|训练"),
    ("test", r"test|testing|tst|val|valid|validation|dev|eval|evaluation|holdout|heldout"
             r"|测试|验证|评估"),
)  # fmt: skip
_fillers = r"(set|sets|data|dataset|split|part|images|imgs|img|pictures|texts|集|数据|数据集|样本)"
_file_end = re.compile(r"\.(csv|tsv|txt|text|md|markdown)$", re.IGNORECASE)
_shard = re.compile(r"[\W_]+\d+([\W_]+of[\W_]+\d+)?$", re.IGNORECASE)
_pictures = re.compile(r"(jpe?g|png)?[\W_]*(images?|imgs?|pictures?|pics|photos)")
_annotations = re.compile(
    r"(labels?|annotations?|annots?|(segmentation[\W_]*)?masks?|gts?|ground[\W_]*truths?"
    r"|segmentations?|segmentation[\W_]*(class|object)|trimaps?|bounding[\W_]*box(es)?|bboxes)"
)
_MOST_BESIDE = 5
"""So many other files may lie beside those that are parts: a licence, an empty submission."""


class PartName(NamedTuple):
    """Which part a name says, and what else is in it (`cars` of `cars_train`).

    `rest` is in the form to compare by; `spelled` is the same as it stands in the name.
    """

    split: Split
    rest: tuple[str, ...]
    spelled: str = ""


@functools.lru_cache(maxsize=4096)
def part_name(name: str) -> PartName | None:
    """The part that the name of a folder or of a text file says; None for another name."""
    name = _shard.sub("", _file_end.sub("", name))
    name = re.sub(r"h[eo]ld[\W_]+out", "holdout", name, flags=re.IGNORECASE)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)  # trainA of CycleGAN
    words = [(each, compared(each[0])) for each in re.finditer(r"[^\W_]+", name)]
    found = [split for _match, word in words if (split := _part_of_word(word))]
    if len(found) != 1:
        return None
    rest = [
        (match, word)
        for match, word in words
        if not (_part_of_word(word) or re.fullmatch(rf"{_fillers}|\d+", word))
    ]
    spelled = name[rest[0][0].start() : rest[-1][0].end()] if rest else ""
    if _has_part_inside(spelled):
        spelled = "_".join(match[0] for match, _word in rest)
    return PartName(found[0], tuple(word for _match, word in rest), spelled)


def _has_part_inside(spelled: str) -> bool:
    return any(_part_of_word(compared(word)) for word in re.findall(r"[^\W_]+", spelled))


def _part_of_word(word: str) -> Split | None:
    for split, names in _words:
        if re.fullmatch(rf"({names}){_fillers}?\d*", word):
            return split
    return None


def paired(names: Collection[str]) -> dict[tuple[str, ...], list[str]]:
    """The names that are parts of one thing, train-like and test-like, by what else they say.

    `train` and `test` are under (), `cars_train` and `cars_test` under ("cars",); what has no
    counterpart is not among them.
    """
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    splits: dict[tuple[str, ...], set[Split]] = defaultdict(set)
    for name in sorted(names):
        if part := part_name(name):
            found[part.rest].append(name)
            splits[part.rest].add(part.split)
    return {rest: each for rest, each in found.items() if len(splits[rest]) == 2}


def part_files(
    folders: Mapping[FoundFile, tuple[str, ...]],
) -> dict[FoundFile, tuple[str, ...]]:
    """The files that are parts themselves, each with its name as the last of its folders.

    Where folders beside them are parts, or most files are called otherwise, none is.
    """
    beside: dict[tuple[str, ...], list[FoundFile]] = defaultdict(list)
    inner: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for file, path in folders.items():
        beside[path].append(file)
        for length in range(len(path)):
            inner[path[:length]].add(path[length])
    found: dict[FoundFile, tuple[str, ...]] = {}
    for path, files in beside.items():
        named = [each for each in files if part_name(each.path.name)]
        others = len(files) - len(named)
        pairs = paired([each.path.name for each in named])
        if pairs and not paired(inner[path]) and others <= max(len(named), _MOST_BESIDE):
            found |= {each: (*path, one_form(each.path.name)) for each in named}
    return found


def holds_pictures(name: str) -> bool:
    """Whether a folder of this name says only that there are pictures in it."""
    return bool(_pictures.fullmatch(compared(name)))


def holds_annotations(name: str) -> bool:
    """Whether a folder of this name holds what was noted on pictures: boxes, masks."""
    return bool(_annotations.fullmatch(compared(name)))
