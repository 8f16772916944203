"""What an edit is given of the items it is asked of, and how its results find back into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Artifact, Image, Mask, Selection, Span, StudioError, Text
from aigc_studio.project import making
from aigc_studio.project.patches import PatchEdit
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api import Candidate, Description, Operation
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.project import Content, ContentStore, Item
    from aigc_studio.ui.target import Target


class Material:
    """Artifacts, selections and latents of a target, as the operation takes them.

    Of a large picture only the part around its mask or frame is read. Made and used on any thread.
    `selection` is what the operation is to keep to; None: to nothing.
    """

    def __init__(
        self,
        description: Description,
        operation: Operation | None,
        model: ModelInfo | None,
        target: Target,
        store: ContentStore,
    ) -> None:
        self._description, self._operation, self._model = description, operation, model
        self._target, self._store = target, store
        self.selection: Selection | None = None
        self._framed: making.FramedEdit | None = None
        self._patch: PatchEdit | None = None

    def parts(self) -> dict[str, Any]:
        """`artifacts`, `selections` and `latents` of the request, read now.

        Raises `StudioError` when the operation needs something else, or it cannot be read.
        """
        operation, items = self._operation, self._target.items
        wanted = operation.artifacts if operation else 1
        if len(items) != wanted:
            raise StudioError(wanted_items(wanted))
        self.selection = self._find_selection() if items else None
        if operation and operation.selection == "required" and self.selection is None:
            raise StudioError(wanted_selection(str(self._description.medium)))
        if operation and operation.selection == "none":
            self.selection = None
        card = self._model.card if self._model else {}
        return self._part(card) or self._whole_items(card)

    def _part(self, card: Mapping[str, Any]) -> dict[str, Any]:
        """Of a large picture, what is around its mask or frame; nothing of any other."""
        mask = self.selection if isinstance(self.selection, Mask) else None
        frame, items = self._target.frame, self._target.items
        if len(items) != 1 or not PatchEdit.is_for(items[0].content, mask, card, frame):
            return {}
        patch = PatchEdit(self._store, items[0].content, mask, card, frame, self._operation)
        self._patch, self._framed = patch, patch.framed
        return {
            "artifacts": patch.framed.artifacts,
            "selections": patch.framed.selections,
            "latents": (None,),
        }

    def _whole_items(self, card: Mapping[str, Any]) -> dict[str, Any]:
        items = self._target.items
        artifacts = tuple(self._store.get(item.content) for item in items)
        if not artifacts:
            return {"artifacts": (), "latents": ()}
        framed = self._framed = making.FramedEdit.of(
            self._operation, artifacts, self.selection, card, self._target.frame
        )
        # A frame cut out of a picture is not the picture that the latent belongs to.
        whole = framed.artifacts == artifacts
        return {
            "artifacts": framed.artifacts,
            "selections": framed.selections,
            "latents": tuple(self._latent(item) if whole else None for item in items),
        }

    def _find_selection(self) -> Selection | None:
        item, marked = self._target.items[0], self._target.marked
        if item.medium != "image":
            return None if marked == "mask" else marked
        if item.mask is None:
            return None
        picture = self._store.get(item.mask)
        if not isinstance(picture, Image) or not picture.pixels.any():
            return None
        return Mask(picture.pixels)

    def _latent(self, item: Item) -> bytes | None:
        made_by = item.provenance
        if made_by is None or made_by.generator != self._description.id or not item.latent:
            return None
        # Of another model it would be noise, whatever that one is called.
        same = answers(self._model, made_by.model_digest, made_by.model)
        return self._store.latent(item.latent) if same else None

    @property
    def origin(self) -> Artifact | None:
        """The text or the tune that the edit is asked of, whole; None before it is read."""
        return self._framed.artifacts[0] if self._framed is not None else None

    def finished(self, event: Candidate) -> Artifact:
        """A result in its place: of a large picture the part that was read, else all of the item.

        `TypeError` for one of another medium.
        """
        if self._patch is not None:
            return self._patch.finish(event.artifact)
        return self.whole(event)

    def whole(self, event: Any) -> Artifact:
        """What there is of a result (an event with `artifact` and `part`) in the whole item."""
        if self._patch is not None:
            return self._patch.whole(self._patch.finish(event.artifact))
        framed = self._framed
        return framed.finish(event.artifact, event.part) if framed else event.artifact

    def put(self, store: ContentStore, finished: Artifact) -> Content:
        """Keep what `finished` gave: all of the item, whose other tiles are those there are."""
        if self._patch is not None and isinstance(finished, Image):
            return self._patch.keep(store, finished)
        return store.put(finished)

    def rewritten(self, span: Span, text: Text) -> Span:
        """Where in `text` that stands which took the place of a span."""
        if self._framed is None:
            return Span(len(text), len(text))
        longer = len(text) - len(str(self._framed.artifacts[0]))
        return Span(span.start, max(span.start, span.stop + longer))


def answers(model: ModelInfo | None, digest: str, name: str) -> bool:
    """Whether a model, or none, is the one of this digest and name."""
    return model.answers(digest, name) if model is not None else not digest


def wanted_items(count: int) -> str:
    """What to select for an operation that takes so many items."""
    if count == 2:
        return _("Select two items on the board first (hold Shift and click the second one).")
    return _("Select one item on the board first.")


def wanted_selection(medium: str) -> str:
    """What to select inside an item of this medium."""
    if medium == "image":
        return _("Paint a mask over the part to regenerate first (mask tool, M).")
    if medium == "text":
        return _("Select the words to rewrite first, or click where something is to come.")
    return _("Select the bars to recompose first.")
