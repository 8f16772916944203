"""Which column of a table holds the texts and which the labels, and whether it has a head line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from aigc_studio.api import StudioError
from aigc_studio.library.options import NO_COLUMN, ImportOptions
from aigc_studio.translation import _, enumerated

_text_names = (
    "text", "sentence", "content", "line", "正文", "文本", "内容", "句子",
    "review", "comment", "message", "body", "tweet", "utterance", "quote", "document", "poem",
    "description", "post", "question", "input", "title", "评论", "评价", "留言", "微博", "标题",
    "texte", "phrase", "kommentar", "satz", "texto", "frase", "текст", "文章", "本文", "내용",
)  # fmt: skip
_label_names = (
    "label", "class", "category", "标签", "类别", "分类",
    "labels", "rating", "sentiment", "target", "topic", "tag", "score", "stars", "emotion",
    "genre", "intent", "polarity", "style", "y", "情感", "情绪", "评分", "星级", "主题", "类型",
    "étiquette", "kategorie", "klasse", "bewertung", "etiqueta", "метка", "ラベル", "라벨",
)  # fmt: skip
plain_label_names = frozenset((*_label_names[:6], "labels", "classes", "类"))
"""What says so plainly that it is the label that nobody needs to choose it."""
_titles = frozenset({"title", "标题"})
"""Names a column of texts only where no other column has more to say."""
_plain_names = 8
"""The first names of texts say it so plainly that nobody needs to be told."""
_most_labels = 50
_longest_label = 40


@dataclass(frozen=True)
class Columns:
    """Where what stands, counted from 0. `head` is 1 when the first line names the columns, else 0;
    `width` is the usual number of cells."""

    text: int
    label: int | None
    head: int
    width: int
    remarks: tuple[str, ...] = ()

    def fitted(self, row: list[str], delimiter: str) -> tuple[list[str], str]:
        """The cells of a row, and how it fits: `wide`, `narrow` or neither.

        Surplus cells are taken for a text that was cut because nobody quoted it: they are joined.
        """
        surplus = len(row) - self.width
        while surplus > 0 and not row[-1].strip():
            row, surplus = row[:-1], surplus - 1
        if surplus > 0:
            end = self.text + surplus + 1
            joint = f"{delimiter} " if delimiter in ",;" else delimiter
            return [*row[: self.text], joint.join(row[self.text : end]), *row[end:]], "wide"
        return row, "narrow" if surplus < 0 else ""


def _is_head(head: list[str], body: Sequence[list[str]], options: ImportOptions) -> bool:
    """Whether the first line names the columns, though none by a name that is known: somebody has
    chosen one by its name, or it differs from all below it."""
    chosen = (options.text_column, options.label_column)
    by_name = any(each and each != NO_COLUMN and not each.isdecimal() for each in chosen)
    return by_name or _names_columns(head, body)


def find_columns(
    rows: Sequence[list[str]], name: str, options: ImportOptions, *, headed: bool = False
) -> Columns:
    """The columns of a table, of which `rows` are the first ones; the first of all is known to be
    the head where it is `headed`.

    Raises `StudioError` when it has none that the options name.
    """
    if not rows:
        return Columns(0, None, 0, 0)
    head = [cell.strip() for cell in rows[0]]
    while len(head) > 1 and not head[-1]:
        head.pop()
    width = len(head)
    named_text, named_label = _named(head, _text_names), _named(head, _label_names)
    text, label = _chosen(options.text_column, head, name), None
    if options.label_column != NO_COLUMN:
        label = _chosen(options.label_column, head, name)
    named = named_text is not None or named_label is not None
    has_head = headed or named or _is_head(head, rows[1:], options)
    body = rows[1:] if has_head else rows
    if text is None:
        is_title = named_text is not None and head[named_text].lower() in _titles
        text = named_text if named_text not in (None, label) and not is_title else None
    if text is None:
        text = _longest(body, width, leave_out=named_label if label is None else label)
    if not options.label_column:
        label = named_label if named_label != text else None
    plain = has_head and names_texts([head[text]])
    guessed = not options.label_column and label is None and (width == 2 or not plain)
    if guessed:
        label = _repeating(body, width, text)
    certain = options.text_column or width == 1 or (plain and not (guessed and label is not None))
    remarks = () if certain else (_told(head if has_head else [], text, label),)
    return Columns(text, label, int(has_head), width, remarks)


def names_texts(head: Sequence[str]) -> bool:
    """Whether one of the names is what columns of texts are called."""
    return any(cell.strip().lower() in _text_names[:_plain_names] for cell in head)


def names_columns(head: Sequence[str]) -> bool:
    """Whether one of the cells is just what columns of texts or labels are called."""
    names = {cell.strip().lower() for cell in head}
    return bool(names.intersection((*_text_names, *_label_names)))


def _told(head: Sequence[str], text: int, label: int | None) -> str:
    def title(at: int) -> str:
        return head[at] if at < len(head) and head[at] else str(at + 1)

    if label is None:
        sentence = _("The texts were taken from column {text}; choose columns if that is wrong.")
        return sentence.format(text=title(text))
    sentence = _(
        "The texts were taken from column {text} and the labels from column {label}; choose "
        "columns if that is wrong."
    )
    return sentence.format(text=title(text), label=title(label))


def _named(head: Sequence[str], names: Sequence[str]) -> int | None:
    parted = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell) for cell in head)  # reviewText
    cells = [re.sub(r"[\s_#-]+", " ", cell).strip().lower() for cell in parted]
    for name in names:
        if name in cells:
            return cells.index(name)
    for name in names:  # review_text, 评论内容
        for at, cell in enumerate(cells):
            words = cell.split() if name.isascii() else [cell]
            if len(cell) <= 30 and any(name in (word, word.removesuffix("s")) for word in words):
                return at
            if len(cell) <= 30 and not name.isascii() and name in cell:
                return at
    return None


def _chosen(column: str, head: Sequence[str], name: str) -> int | None:
    """The place of a column that a person named, or counted from 1."""
    if not column:
        return None
    cells = [cell.casefold() for cell in head]
    if column.strip().casefold() in cells:
        return cells.index(column.strip().casefold())
    if column.isdecimal() and 1 <= int(column) <= len(head):
        return int(column) - 1
    raise StudioError(
        _("The table {name} has no column {column}: it has {columns}.").format(
            name=name, column=column, columns=enumerated(cell[:30] for cell in head[:20])
        )
    )


def _cells(body: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at].strip() for row in body if at < len(row)]


def _longest(body: Sequence[Sequence[str]], width: int, leave_out: int | None) -> int:
    """The column with the longest texts; one that is a number, a date or an address is none."""

    def worth(at: int) -> float:
        cells = _cells(body, at)
        lengths = [
            len(cell) if re.search(r"[^\W\d_]", cell) and "://" not in cell else 0 for cell in cells
        ]
        varied = len(set(cells)) / max(len(cells), 1)
        return sum(lengths) / max(len(lengths), 1) * (0.5 + varied)

    places = [at for at in range(width) if at != leave_out] or [0]
    return max(places, key=worth)


def _repeating(body: Sequence[Sequence[str]], width: int, text: int) -> int | None:
    """The column with the fewest different short values, which come again and again; beside the
    only other column, single words may be labels even when each comes once."""
    found: list[tuple[int, int]] = []
    for at in range(width):
        cells = [cell for cell in _cells(body, at) if cell]
        kinds = len(set(cells))
        short = bool(cells) and max(map(len, cells)) <= _longest_label
        words = width == 2 and all(re.fullmatch(r"[^\W\d_]{1,20}", cell) for cell in cells)
        most = _most_labels if words else min(_most_labels, len(cells) // 2)
        if at != text and short and 2 <= kinds <= most:
            found.append((kinds, at))
    return min(found)[1] if found else None


def _names_columns(head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first line names the columns instead of being one more row."""
    names = [cell for cell in head if cell]
    if len(head) < 2 or len(set(names)) < len(head) or max(map(len, names)) > _longest_label:
        return False
    votes = 0
    for at, title in enumerate(head):
        cells = [cell for cell in _cells(body, at) if cell]
        if not cells or re.search(r"[.!?。！？,，]$", title) or _is_number(title):
            return False
        if all(map(_is_number, cells)):
            votes += 1
        elif title in cells:
            votes -= 2
        elif " " not in title and median(map(len, cells)) > 3 * len(title):
            votes += 1
        elif len(cells) >= 4 and len(set(cells)) <= len(cells) // 2:
            votes += 1  # the others come again and again, and this does not
    return votes > 0


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d.,'\s]*\d%?", cell))
