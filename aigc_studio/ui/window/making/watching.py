"""The one result that is looked at while it grows: always as far as it is, and its end in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal, Slot

if TYPE_CHECKING:
    from aigc_studio.project import Item
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Asked, Growth
    from aigc_studio.ui.window.making.foresight import Foresight
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.spots import Spots


class Watching(QObject):
    """Shows on the stage what there is of a result. `came`: it is seen for the first time."""

    came = Signal()

    def __init__(
        self,
        studio: Studio,
        session: Session,
        view: BoardView,
        spots: Spots,
        foresight: Foresight,
    ) -> None:
        super().__init__(view)
        self._studio = studio
        self._session = session
        self._view = view
        self._spots = spots
        self._foresight = foresight
        self.id = ""
        """What it is called in `session.growing`; empty when nothing is looked at."""
        self._shown: Growth | None = None
        self._place: QRectF | None = None
        self._reveals = False
        self._edge = QRectF()
        self._stood: tuple[float, ...] = ()
        view.stage.settled.connect(self.show)

    def watch(self, id: str, place: QRectF | None = None, *, reveal: bool = False) -> None:
        """Look at this one from now on, at `place` when it is something new; "": at none.

        `reveal`: it comes into view, wherever the board is looked at.
        """
        self.id = self._session.growing.wanted = id
        self._shown, self._place, self._reveals = None, place, reveal
        self._edge = QRectF()
        self.show()

    @Slot()
    def show(self, *, anew: bool = False) -> None:
        """Show as much of it as there is, once what was shown before has been seen.

        `anew`: also when there is no more of it; the board is another one.
        """
        sprout, stage = self._session.growing.get(self.id), self._view.stage
        growth = sprout.growth if sprout is not None else None
        if sprout is None or growth is None or (growth is self._shown and not anew):
            return
        if stage.item is not None and not stage.is_settled:
            return
        self._shown = growth
        target = self._target_of(sprout.asked)
        if stage.is_empty:
            self._spots.leave()
        if target is None and self._place is not None and stage.item is None:
            self._spots.begin(self._place)
        content = stage.hold(growth.artifact)
        item, hides = self._foresight.of_look(
            growth.artifact, content, target, stage.contents(), grows=True
        )
        stage.show(item, hides)
        if self._edge.isNull():
            self.came.emit()
        self._follow(stage.bring_out(growth.part))

    def _target_of(self, asked: Asked) -> Item | None:
        """The item whose place it takes, as long as it is what it was asked of."""
        items = asked.target.items if asked.target is not None and asked.replaces else ()
        target = self._studio.project.board.get(items[0].id) if items else None
        return target if target is not None and target.content == items[0].content else None

    def _follow(self, edge: QRectF) -> None:
        """Stay with where it grows, unless somebody looks elsewhere."""
        former, self._edge, seen = self._edge, edge, self._view.seen()
        stays = former.isNull() or self._stand() == self._stood or self._reveals
        self._reveals = False
        if (stays or seen.intersects(former)) and not seen.contains(edge):
            self._view.reveal(edge)
        self._stood = self._stand()

    @property
    def stays(self) -> bool:
        """Whether nobody has looked elsewhere since it was shown last."""
        return self._stand() == self._stood

    def _stand(self) -> tuple[float, ...]:
        """From where the board is looked at: what only a person changes, or we."""
        bars = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        return (self._view.zoom, *(float(bar.value()) for bar in bars))
