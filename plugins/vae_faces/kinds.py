"""Kinds: what folders say of pictures (leaves/oak, leaves/maple), as one more attribute of them.

Folders say one of two things. What is seen is a kind, and can be asked for. Who is seen is not
learnt: nobody is to be had by name. Which of them it is was said when the pictures were imported
(`ImportOptions.folders`): persons are groups, which the split keeps whole, and so a label that goes
with one group, each with another, is a person's.

    kind, remark = kind_of(dataset, traits)         # as a trait to learn, and what to know of it
    targets = traits.targets(told_of(pictures, traits))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.api import Dataset, Message
from aigc_studio.toolkit import Pictures
from vae_faces.traits import LEAST, MOST_OPTIONS, Trait, Traits, told_apart

NAMES = ("kind", "class", "folder")
"""What the kind is called: the first that is no attribute of the data."""
_MOSTLY = 0.5
"""Of all pictures at least so many are of kinds that can be learnt, or folders do not sort them."""
_NAMED = 6
_SEEN = 16
"""Pixels a side at which pictures are compared with mirrored ones."""
_MISTAKEN = 0.1
"""So many more mirrored pictures than others look like another kind where sides matter."""


def kind_of(dataset: Dataset, others: Traits) -> tuple[Trait | None, Message | None]:
    """What the labels of a dataset are as a trait, if they can be learnt, and a message of it.

    `others` are the attributes that are learnt anyway: what one of them says is not said twice.
    """
    counts = Counter(row["label"] for row in dataset.rows if row.get("label"))
    if len(counts) < 2 or _is_told(dataset, others):
        return None, None
    if names_persons(dataset):
        return None, _PERSONS
    often = {label: times for label, times in counts.most_common() if times >= LEAST}
    if len(often) > MOST_OPTIONS:
        return None, _too_many(len(often))
    total = sum(often.values())
    if len(often) < 2 or total < _MOSTLY * len(dataset):
        return None, _too_few()
    taken = {each.name for each in dataset.attributes}
    names = chain(NAMES, (f"{NAMES[0]} {number}" for number in count(2)))
    name = next(each for each in names if each not in taken)
    options = tuple(map(told_apart, often))
    shares = tuple(each / total for each in often.values())
    seldom = [label for label in counts if label not in often]
    return Trait(name, "choice", options, shares, of_folders=True), _learnt(list(often), seldom)


def names_persons(dataset: Dataset) -> bool:
    """Whether the labels say who is who: each goes with one group of the split, and only that. A
    group that is told of no more than some pictures makes none of them a person, and a picture of
    which it is forgotten none a kind."""
    labelled = [row for row in dataset.rows if row.get("label")]
    grouped = [(row["label"], row["group"]) for row in labelled if row.get("group")]
    return 2 * len(grouped) > len(labelled) and _one_to_one(grouped)


def told_of(pictures: Pictures, traits: Traits) -> Sequence[Mapping[str, Any]]:
    """What is known of pictures by the names of traits: their attributes, and their kind."""
    kind = traits.kind
    if kind is None:
        return pictures.attributes
    pairs = zip(pictures.attributes, pictures.labels, strict=True)
    return [{**told, kind.name: label} if label else told for told, label in pairs]


def other_kind(wanted: Mapping[str, float | str], point: Tensor, traits: Traits) -> str:
    """The kind that is asked for of a picture at a point (1, size), where it is of another; empty
    where none is asked for, and where it is of that kind."""
    kind = traits.kind
    asked = wanted.get(kind.name) if kind is not None else None
    if kind is None or not isinstance(asked, str) or asked not in kind.options:
        return ""
    own = traits.codes(point)[0, traits.places[kind.name]].argmax()
    return asked if kind.options[int(own)] != asked else ""


def sides_matter(planes: Tensor, targets: Tensor, traits: Traits) -> bool:
    """Whether planes (n, c, side, side) that are mirrored look like another kind: arrows to the
    left and to the right, letters. `targets` are (n, traits)."""
    if traits.kind is None:
        return False
    told = targets[:, traits.places[traits.kind.name]]
    known = ~told.isnan().any(dim=1)
    if not bool(known.any()):
        return False
    small = F.interpolate(planes[known].float(), (_SEEN, _SEEN), mode="area")
    kinds = told[known].argmax(dim=1)
    own = F.one_hot(kinds, told.shape[1]).float()
    means = (own.T @ small.flatten(1)) / own.sum(dim=0).clamp_min(1)[:, None]

    def right(values: Tensor) -> float:
        return float((torch.cdist(values.flatten(1), means).argmin(dim=1) == kinds).float().mean())

    return right(small.flip(-1)) < right(small) - _MISTAKEN


def _is_told(dataset: Dataset, others: Traits) -> bool:
    """Whether an attribute says of each picture what its label says."""
    return any(_is_told_by(dataset, trait) for trait in others.each if trait.kind != "number")


def _is_told_by(dataset: Dataset, trait: Trait) -> bool:
    pairs = [
        (row["label"], repr(row.get("attributes", {}).get(trait.name)))
        for row in dataset.rows
        if row.get("label")
    ]
    return _one_to_one(pairs)


def _one_to_one(pairs: Iterable[tuple[str, str]]) -> bool:
    found = set(pairs)
    return len(found) == len({one for one, _other in found}) == len({each for _o, each in found})


# -- what is said ----------------------------------------------------------------------------------

_PERSONS = Message(
    {
        "en": "The folders say who is who, and persons are not learnt by name. If they are kinds, "
        "import the pictures again and say that a folder is a label.",
        "zh": "文件夹表示人物身份，不会按姓名学习。"
        "如果它们是种类，请重新导入，并将文件夹设为标签。",
    }
)


def _too_many(kinds: int) -> Message:
    return Message(
        {
            "en": f"The folders name {kinds} kinds, and a model learns {MOST_OPTIONS} at most: "
            "none of them can be asked for. Put the pictures in fewer folders.",
            "zh": f"文件夹共有 {kinds} 个种类，而模型至多学习 {MOST_OPTIONS} 个：无法按种类生成。"
            "请减少文件夹数量。",
        }
    )


def _too_few() -> Message:
    return Message(
        {
            "en": f"No kind can be asked for: that takes two folders of {LEAST} pictures or more "
            "to learn from, with half of all pictures in such folders. Add pictures, or put them "
            "in fewer folders.",
            "zh": f"无法按种类生成：至少需要两个各有 {LEAST} 张以上可学习图像的文件夹，"
            "且这类文件夹中的图像至少占全部的一半。请添加图像，或减少文件夹数量。",
        }
    )


def _learnt(often: Sequence[str], seldom: Sequence[str]) -> Message:
    told = {
        "en": f"Kinds that can be asked for: {_listed(often, ', ')}.",
        "zh": f"可按种类生成：{_listed(often, '、')}。",
    }
    if seldom:
        told["en"] += f" Fewer than {LEAST} pictures are there of: {_listed(seldom, ', ')}."
        told["zh"] += f"图像不足 {LEAST} 张的种类：{_listed(seldom, '、')}。"
    return Message(told)


def _listed(names: Sequence[str], between: str) -> str:
    short = [told_apart(name)[:40] for name in names[:_NAMED]]
    return between.join(short) + (f"{between}…" if len(names) > _NAMED else "")
