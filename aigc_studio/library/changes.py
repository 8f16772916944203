"""What a person changes in a dataset: labels, what is left out, what is held out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from aigc_studio.api import StudioError, limits
from aigc_studio.api.spelling import composed, one_form
from aigc_studio.library.rows import Row, Rows
from aigc_studio.translation import _


def checked(rows: Rows) -> Rows:
    """The rows, when at least one is left to train on; `StudioError` otherwise."""
    if not any(row["split"] == "train" and not row.get("excluded") for row in rows):
        raise StudioError(
            _("No example would be left to train on: keep at least one in the training part.")
        )
    return rows


def relabelled(rows: Rows, labels: Mapping[int, str]) -> Rows:
    """The rows with new labels, by their number; an empty label takes it away."""
    for index, label in labels.items():
        row = _row(rows, index)
        row.pop("label", None)
        if len(one_form(label)) > limits.LABEL:
            raise StudioError(
                _("The label {label} is too long: use at most {count} characters.").format(
                    label=f"{label[:20]}…", count=f"{limits.LABEL:,}"
                )
            )
        if one_form(label):
            row["label"] = one_form(label)
    return rows


def excluded(rows: Rows, indices: Collection[int], out: bool) -> Rows:
    """The rows with these left out of use, or taken back."""
    for index in indices:
        row = _row(rows, index)
        row.pop("excluded", None)
        if out:
            row["excluded"] = True
    return rows


def hold_out(rows: Rows, groups: Collection[str], indices: Collection[int]) -> None:
    """Put the rows of these groups and numbers in the test part, the others in training.

    Raises `StudioError` when one group would stand in both.
    """
    groups, indices = set(map(composed, groups)), set(indices)
    for index in indices:
        _row(rows, index)
    for index, row in enumerate(rows):
        held = index in indices or composed(row.get("group", "")) in groups
        row["split"] = "test" if held else "train"
    parts: dict[str, str] = {}
    for row in rows:
        group = row.get("group", "")
        if group and parts.setdefault(group, row["split"]) != row["split"]:
            raise StudioError(
                _("The group {group} would be in both parts: hold out all of it.").format(
                    group=group
                )
            )


def check_rights(told: Mapping[str, Any]) -> None:
    """Raise `StudioError` for a licence, credit, source or consent that is too long to keep."""
    words = {
        "licence": _("Licence"), "credit": _("Credit"),
        "source": _("Source"), "consent": _("Consent"),
    }  # fmt: skip
    for name, title in words.items():
        if len(str(told.get(name, ""))) > limits.RIGHTS:
            raise StudioError(
                _("“{title}” is too long: use at most {count} characters.").format(
                    title=title, count=f"{limits.RIGHTS:,}"
                )
            )


def checked_share(share: float) -> float:
    """A share of examples to hold out; `StudioError` unless it is from 0 to 0.9."""
    if not 0 <= share <= 0.9:
        raise StudioError(
            _("The part held out must be from 0 to 90 %, not {share} %.").format(
                share=f"{100 * share:g}"
            )
        )
    return share


def _row(rows: Rows, index: int) -> Row:
    if not 0 <= index < len(rows):
        raise StudioError(
            _("There is no example number {index}: the dataset has {count}.").format(
                index=index, count=len(rows)
            )
        )
    return rows[index]
