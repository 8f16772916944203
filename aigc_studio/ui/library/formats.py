"""How sizes, counts and times are written for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aigc_studio.translation import _, enumerated, ngettext


def size_text(size: float) -> str:
    """Bytes in the unit that fits: `4.8 MB`. Units are powers of 1000, as disks are sold."""
    if size < 1000:
        return f"{size:.0f} B"
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.5 or unit == "GB":
            break
    return f"{size:.0f} {unit}" if size >= 99.5 else f"{size:.1f} {unit}"


def examples_text(count: int) -> str:
    """`4,500 examples`."""
    return ngettext("{count} example", "{count} examples", count).format(count=f"{count:,}")


def split_text(train: int, test: int) -> str:
    """How many are for training and how many held out."""
    return _("{train} to learn from, {test} held out").format(train=f"{train:,}", test=f"{test:,}")


def labels_text(labels: Mapping[str, int], most: int = 12) -> str:
    """The labels with their counts, the first of them when there are many."""
    shown = [f"{label} ({count:,})" for label, count in list(labels.items())[:most]]
    left = len(labels) - most
    if left > 0:
        shown.append(ngettext("and {count} more", "and {count} more", left).format(count=left))
    return enumerated(shown)


def attributes_text(names: Sequence[str], most: int = 6) -> str:
    """`40: Smiling, Young, …`: how many attributes, and the names of the first."""
    if not names:
        return ""
    return _("{title}: {value}").format(title=len(names), value=enumerated(names, most))


def answer_text(answer: str) -> str:
    """`yes` or `no` in the language spoken."""
    return _("yes") if answer == "yes" else _("no")


def value_text(value: Any) -> str:
    """The value of an attribute: yes or no, a number, words; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return answer_text("yes" if value else "no")
    if isinstance(value, float):
        return f"{value:,.6g}"
    return str(value)


def time_text(seconds: float) -> str:
    """How long: `40 s`, `5 min`, `1 h 20 min`."""
    if seconds < 90:
        return _("{seconds} s").format(seconds=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def medium_text(medium: str) -> str:
    """What examples of a medium are called."""
    return {"image": _("Pictures"), "text": _("Texts"), "melody": _("Tunes")}.get(medium, medium)
