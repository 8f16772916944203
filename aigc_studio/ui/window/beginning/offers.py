"""Which cards the first screen has: those of the generators there are, and the studio's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from aigc_studio.translation import _, localized
from aigc_studio.ui import theme
from aigc_studio.ui.first import portraits
from aigc_studio.ui.first.cards import Draw, Offer, draw_icons

if TYPE_CHECKING:
    from aigc_studio.api import Description, Starter
    from aigc_studio.ui.first.wall import Wall

MOST = 12
_BESIDE = 3
"""Pieces of a starter that its card shows, at most."""

Begin = Callable[["Description", "Starter"], None]


def starter_offers(
    descriptions: Sequence[Description],
    can: Callable[[Description, Starter], bool],
    wall: Wall | None,
    begin: Begin,
    models: Mapping[str, str],
) -> Iterator[Offer]:
    """A card for each starter that can be followed; first those of the model that its generator is
    used with (`models`, by the generator's id), whose things the `wall` shows, if they have one."""
    for about in descriptions:
        model = models.get(about.id, "")
        for starter in sorted(about.starters, key=lambda each: each.model not in ("", model)):
            if can(about, starter):
                yield Offer(
                    localized(starter.title),
                    localized(starter.help),
                    str(about.medium),
                    _picture(about, starter, wall if starter.model in ("", model) else None),
                    partial(begin, about, starter),
                )


def _picture(about: Description, starter: Starter, wall: Wall | None) -> Draw:
    """The starter's own picture, what it lays out, or the first thing on the wall."""
    shown = (starter.picture,) if starter.picture else starter.pieces[:_BESIDE]
    if shown:
        return lambda painter, room: portraits.paint_pieces(painter, shown, room)
    medium = str(about.medium)
    plain = draw_icons((medium, theme.badge(medium)))

    def draw(painter: QPainter, room: QRectF) -> None:
        if wall is not None and wall.artifacts:
            portraits.paint(painter, wall.artifacts[0], room)
        else:
            plain(painter, room)

    return draw


def teach_offer(wall: Wall, take: Callable[[], object]) -> Offer:
    """The studio's own: teach the generator with one's own data."""
    plain = draw_icons(("train", "accent"))

    def draw(painter: QPainter, room: QRectF) -> None:
        artifacts = wall.artifacts
        shape = portraits.shape_of(artifacts[0]) if artifacts else 1.0
        down = 2 if shape < 2 else 3
        high = room.height() / down
        across = max(1, min(4, int(room.width() // (high * shape))))
        wide = min(high * shape, room.width() / across)
        if len(artifacts) < across * down:
            plain(painter, room)
            return
        left = room.center().x() - across * wide / 2
        # The last ones: the first are what Generate makes.
        for number, artifact in enumerate(artifacts[-across * down :]):
            x, y = left + number % across * wide, room.top() + number // across * high
            portraits.paint(painter, artifact, QRectF(x, y, wide, high).adjusted(2, 2, -2, -2))

    title = _("Teach it your own")
    return Offer(title, _("Your pictures, words or tunes become a model."), "", draw, take)


def draw_offer(take: Callable[[], object]) -> Offer:
    """The studio's own: teach the generator what one draws oneself."""
    picture = draw_icons(("brush", "accent"), ("train", "accent"))
    title, help_ = _("Draw your own"), _("Draw a few of each kind: a model learns your hand.")
    return Offer(title, help_, "", picture, take)


def open_offer(take: Callable[[], Any]) -> Offer:
    """The studio's own: open what there is already."""
    media = [(each, theme.badge(each)) for each in ("image", "text", "melody")]
    title, help_ = _("Open a file"), _("A board, a picture, a text or a melody.")
    return Offer(title, help_, "", draw_icons(*media), take)
