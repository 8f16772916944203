"""From a request to what it made: framing on the way in, and provenance on the way out.

The window and the shell both go through here, so that they give the same results.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from aigc_studio.api import Artifact, Description, Image, Mask, Operation, Selection
from aigc_studio.api.parts import joined
from aigc_studio.api.requests import GenerateRequest, Request
from aigc_studio.project import frames
from aigc_studio.project.provenance import Provenance, selection_to_json


class FramedEdit:
    """What goes into an edit, cut to what the model eats, and its results brought back.

    `artifacts` and `selections` belong into the request. Pictures with a mask or a frame are cut to
    what the model sees (`card["frame"]`); without both, and in other media, artifacts go in whole
    and results come out as they are. `frame` is the person's own rectangle (left, top, right,
    bottom), or one that was chosen already; without a mask all of it is made anew. What an edit
    makes that needs a mask (`fits`) belongs to what is around it, and gets its colours. One that is
    `fine` gets hairlines in the picture's own pixels.
    """

    def __init__(
        self,
        artifacts: tuple[Artifact, ...],
        selection: Selection | None,
        card: Mapping[str, Any],
        frame: tuple[int, int, int, int] | frames.Frame | None = None,
        *,
        fits: bool = False,
        fine: bool = False,
    ) -> None:
        self._whole = artifacts[0]
        self._selection = selection
        self._frame: frames.Frame | None = None
        self._fits, self._fine = fits, fine
        self.artifacts = artifacts
        self.selections: tuple[Selection | None, ...] = (selection, *[None] * (len(artifacts) - 1))
        if isinstance(self._whole, Image) and card.get("frame"):
            self._cut(self._whole, card["frame"], frame)

    @classmethod
    def of(
        cls,
        operation: Operation | None,
        artifacts: tuple[Artifact, ...],
        selection: Selection | None,
        card: Mapping[str, Any],
        frame: tuple[int, int, int, int] | frames.Frame | None = None,
    ) -> FramedEdit:
        """For an operation: what cannot do without a mask fills a hole, all else changes what is
        there, in colours of its own."""
        fits = operation is not None and operation.selection == "required"
        fine = operation is not None and operation.fine
        return cls(artifacts, selection, card, frame, fits=fits, fine=fine)

    def _cut(
        self,
        image: Image,
        model_frame: Mapping[str, Any],
        chosen: tuple[int, int, int, int] | frames.Frame | None,
    ) -> None:
        mask = self._selection if isinstance(self._selection, Mask) else None
        if mask is None and chosen is None:
            return
        if isinstance(chosen, frames.Frame):
            self._frame = chosen
        else:
            self._frame = frames.choose((image.width, image.height), mask, model_frame, chosen)
        if self._fine and mask is not None:
            self._frame = frames.finer(mask, self._frame)
        small, selected = frames.cut(image, mask, self._frame)
        self.artifacts = (small, *self.artifacts[1:])
        if mask is not None:
            self.selections = (selected, *self.selections[1:])

    def finish(self, result: Artifact, part: bool = False) -> Artifact:
        """A candidate's artifact as the person gets it; what is outside the selection is untouched.

        With `part` the result is only what comes in place of the span or the bars; of a picture
        that says nothing, as it always comes back through the mask.
        """
        whole, mask = self._whole, self._selection
        if part and mask is not None and not isinstance(whole, Image):
            return joined(whole, mask, result)
        if not (isinstance(whole, Image) and isinstance(result, Image)):
            return result
        if not isinstance(mask, Mask) and self._frame is None:
            return result
        frame = self._frame or frames.whole(whole, result)
        selected = mask if isinstance(mask, Mask) else None
        return frames.bring_back(whole, selected, frame, result, fits=self._fits)


def provenance_of(
    description: Description,
    verb: str,
    request: Request,
    *,
    model: Any = None,
    seed: int = 0,
    parents: tuple[str, ...] = (),
    selection: Selection | None = None,
    composite: bool = False,
    stopped: bool = False,
) -> Provenance:
    """What to remember of a candidate that `request` made with `seed`.

    `model` is the library's ModelInfo, or None. `parents` are the digests of what went in;
    `composite` says that some of it was not made by a generator, `stopped` that it was ended
    before it was finished.
    """
    parameters = request.parameters
    if hasattr(parameters, "model_dump"):
        parameters = parameters.model_dump()
    return Provenance(
        medium=description.medium,  # type: ignore[arg-type]
        generator=description.id,
        verb=verb,
        operation=request.operation,
        generator_version=description.version,
        api_version=description.api_version,
        model=model.name if model else "",
        model_digest=model.digest if model else "",
        parameters=dict(parameters),
        controls=dict(getattr(request, "controls", {})),
        prompt=getattr(request, "prompt", ""),
        seed=seed,
        selection=selection_to_json(selection),
        parents=parents,
        latents=_begun_from(request),
        composite=composite,
        stopped=stopped,
    )


def _begun_from(request: Request) -> tuple[str, ...]:
    """Digests of the latents that something new was to be like; an edit's belong to its parents."""
    if not isinstance(request, GenerateRequest):
        return ()
    return tuple(sha256(latent).hexdigest() for latent in request.latents)
