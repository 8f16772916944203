"""What is on stage: a live preview, what is being made, or the candidate that is looked at."""

from __future__ import annotations

import functools
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio.translation import _
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.window.making.deciding import Deciding
from aigc_studio.ui.window.making.foresight import Foresight
from aigc_studio.ui.window.making.making_line import MakingLine
from aigc_studio.ui.window.making.spots import Spots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aigc_studio.project import Item
    from aigc_studio.project.joining import Part
    from aigc_studio.ui.candidates.cells import Cell
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Look
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.sight import Sight
    from aigc_studio.ui.window.making.watching import Watching

_LOOKING = (Tool.MOVE, Tool.HAND)
"""Tools that do nothing to what lies under what is shown."""


class Staging(QObject):
    """Shows the candidate that is current in the strip in its place; `deciding` is under it.

    What is put aside (by a
    tool that works on the board, by keeping one) goes on waiting in the strip, and is shown again
    when somebody looks at it there.
    """

    def __init__(
        self, studio: Studio, session: Session, view: BoardView, strip: CandidateStrip
    ) -> None:
        super().__init__(view)
        self._studio = studio
        self._session = session
        self.view = view
        self._strip = strip
        self._stage = view.stage
        self._spots = Spots(studio, view)
        self._foresight = Foresight(studio, session.acceptor, self._spots)
        self._wanted = ""
        self._behind = ""
        """The candidate that a live preview lies over."""
        self._aside = False
        """Whether somebody works on the board: what grows is seen again when it is asked for."""
        self._looked_at: tuple[str, ...] = ()
        self.making = MakingLine(studio, session, view, self._spots)
        self.deciding = Deciding(studio, session, self, strip)
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self.look_again)
        self._connect()

    def _connect(self) -> None:
        view, session = self.view, self._session
        session.growing.appeared.connect(self._note_growth)
        session.growing.grew.connect(self._note_growth)
        session.growing.gone.connect(self._note_gone)
        session.looked.connect(self.show_look)
        session.begun.connect(self._begin)
        session.candidates_gone.connect(self._note_gone)
        session.candidates_reset.connect(self.end)
        view.command_made.connect(self.end_preview)
        view.tool_changed.connect(self._note_tool)
        view.pending_bar.appeared.connect(self.put_aside)
        view.selection_changed.connect(self._note_selection)
        self._studio.history.stack.indexChanged.connect(self._note_board)

    # What is shown

    @property
    def candidate(self) -> str:
        """The id of the candidate that is looked at; empty when none is."""
        return self._wanted

    @property
    def shown(self) -> str:
        """The id of the candidate that is on stage by now; empty while it is on its way."""
        return self._wanted if self._wanted in self._looked_at else ""

    @property
    def decided_on(self) -> list[str]:
        """The ids that a decision is about, now that there is something on stage: the candidate, or
        the frames of its sequence that have come so far."""
        return self._cell_ids(self._wanted) if self._looked_at else []

    @property
    def sounds(self) -> bool:
        """Whether a tune is on stage, to be decided on."""
        item = self._stage.item
        return bool(self.shown) and item is not None and item.has_notes

    @property
    def new_part(self) -> Part | None:
        """Where in the candidate that is looked at the new lies; None where it is all of it."""
        return self._session.new_part(self._wanted)

    @property
    def shows_preview(self) -> bool:
        """Whether a live preview is on stage."""
        return self._stage.item is not None and not self._wanted and not self.growth

    @Slot(object)
    def show_look(self, look: Look) -> None:
        """A live preview: in the place of what is edited, or where the new thing would go.

        What is asked for in earnest goes before it, and so does a board that has changed since.
        """
        from aigc_studio.ui.window.making.made_part import bring_out_look

        if self._session.is_busy:
            return
        items = look.target.items if look.target else ()
        target: Item | None = None
        if look.verb == "edit" and len(items) == 1:
            target = self._studio.project.board.get(items[0].id)
            if target is None or target.content != items[0].content:
                return
        if self._stage.is_empty:
            self._spots.leave()
        self._behind = self._wanted or self._behind
        self._wanted, self._looked_at = "", ()
        content = self._stage.hold(look.artifact)
        item, hides = self._foresight.of_look(
            look.artifact, content, target, self._stage.contents()
        )
        self._stage.show(item, hides, _("Preview"))
        bring_out_look(self._stage, look.part, target)
        self._sight.fit_first()

    @Slot(str)
    def look_at(self, id: str) -> None:
        """Look at a candidate in its place, which comes into view: somebody wants to see it."""
        self._sight.is_asked_for = True
        self.show_candidate(id)

    def show_candidate(self, id: str, *, moves: bool = True) -> None:
        """Show a candidate in its place, to be decided on.

        The view `moves` if it is the first thing of all, and not seen whole.
        """
        tray = self._studio.project.candidates
        if not id or not tray.waits(id):
            return
        self._sight.widens = not moves and self._watching.stays
        self._watch_nothing()
        if self.view.board_scene.project is not self._studio.project:
            self._wanted = id  # until the view shows that project
            return
        if self._stage.is_empty:
            self._spots.leave()
        ids = self._cell_ids(id)
        self._wanted = id
        self._foresight.of(ids, ids.index(id), partial(self._show_candidate, id, moves))

    def _show_candidate(self, id: str, moves: bool, item: Item, hides: str) -> None:
        from aigc_studio.ui.window.making.made_part import bring_out_new

        if id != self._wanted:
            return
        self.making.rest()
        self._looked_at = tuple(self._cell_ids(id))
        self._stage.show(item, hides)
        record = self._studio.project.candidates.record(id)
        part = bring_out_new(self._stage, record, hides, self.new_part)
        self._sight.bring(part, moves=moves)

    @functools.cached_property
    def _sight(self) -> Sight:
        """Brings what is shown into sight; the start does without."""
        from aigc_studio.ui.window.making.sight import Sight

        return Sight(self.view)

    # What grows

    @property
    def growth(self) -> str:
        """The id of what is looked at while it grows; empty when nothing is."""
        return self._session.growing.wanted

    def look_at_growth(self, id: str) -> None:
        """Look at a result while it is being made: somebody wants to see it."""
        if id not in self._session.growing:
            return
        self._forget()
        self._aside = False
        self.making.wake()
        self._watching.watch(id, self.making.place, reveal=True)

    @functools.cached_property
    def _watching(self) -> Watching:
        """Shows what grows; the start does without."""
        from aigc_studio.ui.window.making.watching import Watching

        watching = Watching(self._studio, self._session, self.view, self._spots, self._foresight)
        watching.came.connect(self._sight.fit_first)
        return watching

    def _watch_nothing(self) -> None:
        if self.growth:
            self._watching.watch("")

    @Slot(str)
    def _note_growth(self, id: str) -> None:
        """There is more of a result: it is seen if it is looked at, or nothing else is."""
        sprout = self._session.growing.get(id)
        if sprout is None:
            return
        if not self.growth and sprout.asked is self._session.making:
            if self._wanted or self._aside:
                return
            self._watching.watch(id, self.making.place)
        elif id == self.growth:
            self._watching.show()

    def look_anew(self) -> None:
        """Show it on the board that was just opened, in a view that is chosen for it."""
        self._sight.chooses = True
        self.look_again()

    @Slot()
    def look_again(self) -> None:
        """Show it where it belongs now: the board, or the project, is another one."""
        if self._wanted:
            self.show_candidate(self._wanted)
        elif self.growth:
            self._watching.show(anew=True)

    @Slot()
    def end(self) -> None:
        """Show the board as it is; a candidate that was looked at waits on."""
        self._forget()
        self.making.rest()
        self._stage.end()

    @Slot()
    def end_preview(self) -> None:
        """Show the board, or the candidate that was looked at, instead of a live preview."""
        if self.shows_preview:
            behind, self._behind = self._behind, ""
            self._stage.end()
            self.show_candidate(behind)

    def looks_at(self, id: str) -> bool:
        """Whether a candidate, or the sequence that it belongs to, is the one that is looked at."""
        return bool(self._wanted) and self._wanted in self._cell_ids(id)

    def show_before(self, on: bool) -> None:
        """Show what was here before, as long as that is held."""
        self._stage.show_before(on)

    def spots_of(self, ids: Iterable[str]) -> dict[str, tuple[float, float, float, float]]:
        """Where a candidate that is shown as something new is to lie: where it is shown."""
        item = self._stage.item
        if item is None or self._stage.hides or [*ids] != [self._wanted]:
            return {}
        return {self._wanted: (item.item.x, item.item.y, item.item.width, item.item.height)}

    # What happens beside it

    @Slot()
    def _begin(self) -> None:
        """Something is being made: a preview of it stays until there is a candidate."""
        self._forget()
        self._aside = self._sight.chooses = False
        if not (self.shows_preview and self._stage.hides == self._asked_for()):
            self._stage.end()
            self._spots.leave()
        self.making.begin()

    def _asked_for(self) -> str:
        """The id of the item whose place it takes that is being made; empty for a new one."""
        asked = self._session.making
        target = asked.target if asked is not None and asked.replaces else None
        return target.items[0].id if target is not None and target.items else ""

    @Slot(list)
    def _note_gone(self, ids: list[str]) -> None:
        if self._wanted in ids or (self.growth and self.growth in ids):
            self._forget()
            self._stage.end()

    @Slot(object)
    def _note_tool(self, tool: Tool) -> None:
        self.end_preview()
        self.note_press(tool)

    def note_press(self, tool: Tool) -> None:
        """The pointer goes down on the board with this tool in hand."""
        if tool not in _LOOKING:
            self.put_aside()

    def put_aside(self) -> None:
        """Somebody works on the board itself: what is looked at waits in the strip."""
        if self._looked_at or self.growth:
            self._aside = True
            self._forget()
            self.making.rest()
            self._stage.end()

    def _forget(self) -> None:
        self._wanted, self._looked_at, self._behind = "", (), ""
        self._watch_nothing()

    @Slot()
    def _note_selection(self) -> None:
        hidden = self._stage.hides if self.shows_preview else ""
        if hidden and hidden not in self.view.board_scene.target().item_ids:
            self.end_preview()

    @Slot()
    def _note_board(self) -> None:
        # After all that follows from the step: what was looked at may have been accepted by it.
        if self._wanted or self.growth:
            self._again.start()

    def _cell_ids(self, id: str) -> list[str]:
        """Those that are decided on together: the frames of a sequence that have come so far."""
        cell: Cell | None = self._strip.list.shown.cell_of(id)
        return cell.ids if cell is not None else [id]
