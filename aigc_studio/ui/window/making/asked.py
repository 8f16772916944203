"""From what the person asked for to a request: on another thread, because artifacts are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _, language, localized
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.api import (
        Artifact,
        Bars,
        Candidate,
        Description,
        Operation,
        Partial,
        Selection,
        Span,
    )
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.project import CandidateRecord, Content, ContentStore, Provenance
    from aigc_studio.project.joining import Base, Part
    from aigc_studio.translation import Localized
    from aigc_studio.ui.candidates.small import Glimpse
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.window.making.material import Material


@dataclass(frozen=True)
class Result:
    """A candidate that is in the store: its content, latent and provenance.

    `glimpse` is what the strip shows of it. Of a large picture that was edited in a part, both are
    of that part.
    """

    content: Content
    artifact: Artifact
    glimpse: Glimpse
    provenance: Provenance
    latent: str
    event: Candidate


@dataclass(frozen=True)
class Growth:
    """What there is of a result that is still being made, whole, as the person would get it.

    `part` is where in it the new lies; a caret at its end, where all of it is new. None for
    pictures. `glimpse` is what the strip shows of it.
    """

    artifact: Artifact
    glimpse: Glimpse
    part: Span | Bars | None
    event: Partial


@dataclass(frozen=True)
class Look:
    """What a live preview shows: of a new artifact, or of what an edit would make of its target."""

    artifact: Artifact
    target: Target | None
    verb: str
    asked: Asked | None = field(default=None, compare=False)

    @property
    def part(self) -> Part | None:
        """What of its target an edit was asked of; None for all of it."""
        base = self.asked.base if self.asked is not None else None
        return base.part if base is not None else None


class Asked:
    """One thing that was asked for: makes its request, and keeps what comes of it.

    `request` and `keep` run on other threads; all that they need is frozen or safe from any thread.
    """

    def __init__(
        self,
        description: Description,
        prompt: Prompt,
        model: ModelInfo | None,
        store: ContentStore,
        target: Target | None = None,
        device: str = "cpu",
    ) -> None:
        self.description = description
        self.prompt = prompt
        operation = description.operation(prompt.operation)
        self.model = None if operation and operation.model == "none" else model
        self.target = target
        self._store = store
        # Written before it is shown, synced right after: a sync for each of sixteen candidates
        # would be what the person waits for.
        self._quick_store = store.quick()
        self.id = ""
        """The id of its first candidate: what is asked for next has another."""
        self.is_over = False
        """Whether nobody wants to look at it any more, as something else was asked for since."""
        self._device = device
        self._request: Any = None
        self._material: Material | None = None
        self._base: Base | None = None

    def let_go(self) -> None:
        """All that was asked for has come: what was read of large pictures leaves the memory.

        What it was asked of is still known; nothing is kept any more.
        """
        self._base = self.base
        self._request = self._material = None

    @property
    def operation(self) -> Operation | None:
        """The operation by its id."""
        return self.description.operation(self.prompt.operation)

    @property
    def is_live(self) -> bool:
        """Whether it may be asked for before the person presses the button."""
        operation = self.operation
        return operation is None or operation.live

    @property
    def verb(self) -> str:
        """`generate` or `edit`, as the operation says."""
        operation = self.operation
        return operation.verb if operation else "generate"

    @property
    def action(self) -> Localized:
        """What an edit does, in the plugin's words; empty for what makes something new."""
        operation = self.operation
        return operation.title if operation and operation.verb == "edit" else ""

    @property
    def replaces(self) -> bool:
        """Whether a candidate (that is no step of a strip) takes the place of its target."""
        return self.verb == "edit" and self.operation is not None and self.operation.artifacts == 1

    @property
    def base(self) -> Base | None:
        """What the edit was asked of; None when nothing is to be replaced."""
        from aigc_studio.project.joining import Base

        if self._base is not None:
            return self._base
        if self.target is None or not self.target.items or not self.replaces:
            return None
        return Base.of(self.target.items[0], self._selection, self.target.frame)

    @property
    def _selection(self) -> Selection | None:
        return self._material.selection if self._material else None

    @property
    def title(self) -> str:
        """What the job is called."""
        operation = self.operation
        what = localized(operation.title) if operation else self.prompt.operation
        name = localized(self.description.title)
        words = " ".join(self.prompt.prompt.split())[:40]
        title = _("{generator}: {operation}").format(generator=name, operation=what)
        return _("{title} “{words}”").format(title=title, words=words) if words else title

    @property
    def wanted(self) -> Any:
        """What a job is given: of what reads nothing of the board the request itself, else the
        function that makes it."""
        return self.request if self.verb == "edit" or self.prompt.latents else self.request()

    def request(self) -> Any:
        """The request. Raises `StudioError` when something of it is missing."""
        from aigc_studio.api import EditRequest, GenerateRequest
        from aigc_studio.ui.window.making.material import Material

        prompt = self.prompt
        common: dict[str, Any] = {
            "operation": prompt.operation,
            "parameters": dict(prompt.parameters),
            "controls": dict(prompt.controls),
            "seed": prompt.seed,
            "count": prompt.count,
            "prompt": prompt.prompt,
            "model": Path(self.model.folder) if self.model else None,
            "device": self._device,
            "language": language(),
        }
        if self.verb == "edit":
            self._material = Material(
                self.description, self.operation, self.model, self.target or Target(), self._store
            )
            self._request = EditRequest(**common, **self._material.parts())
        else:
            self._request = GenerateRequest(**common, latents=self._begun_from())
        return self._request

    def _begun_from(self) -> tuple[bytes, ...]:
        """The latents of what this is to be like. Raises `StudioError` when one is gone."""
        from aigc_studio.api import StudioError
        from aigc_studio.ui.window.making.material import answers

        operation, prompt = self.operation, self.prompt
        if operation is None or not operation.controls or not prompt.latents:
            return ()
        if not answers(self.model, prompt.model_digest, prompt.model):
            raise StudioError(
                _(
                    "{generator}: this was to be like something that the model “{model}” made. "
                    "Choose that model, or leave it out."
                ).format(generator=localized(self.description.title), model=prompt.model)
            )
        try:
            return tuple(map(self._store.latent, self.prompt.latents))
        except StudioError as error:
            sentence = _("What this was to be like is no longer on this board: make it anew.")
            raise StudioError(sentence) from error

    def keep(self, event: Any) -> Any:
        """Bring a candidate back into its place and store it, before anybody is told of it."""
        if type(event).__name__ != "Candidate":
            return event
        return self._kept(event)

    def _kept(self, event: Candidate, *, stopped: bool = False) -> Result:
        material = self._material
        artifact = material.finished(event) if material else event.artifact
        store = self._quick_store
        content = material.put(store, artifact) if material else store.put(artifact)
        latent = self._quick_store.put_latent(event.latent) if event.latent else ""
        seed = event.seed if event.seed is not None else self.prompt.seed
        made_by = self.provenance(seed, stopped=stopped)
        return Result(content, artifact, self._glimpse(artifact), made_by, latent, event)

    def stopped(self, event: Partial) -> Result:
        """Keep what there was of a result when its making ended, as `keep` does a finished one."""
        from aigc_studio.api import Candidate, fitting

        seed = min(self.prompt.seed + event.number, fitting.MOST)
        made = Candidate(event.artifact, seed=seed, title=event.title, part=event.part)
        return self._kept(made, stopped=True)

    def grown(self, event: Partial) -> Growth:
        """What there is of a result, brought into its place; nothing is stored."""
        artifact = self._finished(event)
        return Growth(artifact, self._glimpse(artifact), self._new_part(artifact), event)

    def grows_at_once(self, event: Partial) -> bool:
        """Whether `grown` takes no time: there is nothing to join, and nothing to make smaller."""
        from aigc_studio.api import Text

        return self.verb == "generate" and isinstance(event.artifact, Text)

    def _glimpse(self, artifact: Artifact) -> Glimpse:
        from aigc_studio.ui.window.making.made_part import glimpse_beside

        origin = self._material.origin if self._material and self.replaces else None
        return glimpse_beside(artifact, origin, self._selection, self.prompt.prompt)

    def _new_part(self, artifact: Artifact) -> Span | Bars | None:
        from aigc_studio.api import Bars, Span, Text

        chosen = self._selection
        if isinstance(artifact, Text):
            if isinstance(chosen, Span) and self._material is not None:
                return self._material.rewritten(chosen, artifact)
            return Span(len(artifact), len(artifact))
        return chosen if isinstance(chosen, Bars) else None

    def look(self, event: Any) -> Any:
        """A preview's candidate, or what there is of it, as the person would get it, with what was
        asked; not stored."""
        if type(event).__name__ not in ("Candidate", "Partial"):
            return event
        artifact = self._finished(event)
        return Look(artifact, self.target, self.verb, self)

    def _finished(self, event: Any) -> Artifact:
        return self._material.whole(event) if self._material else event.artifact

    def provenance(self, seed: int, *, stopped: bool = False) -> Provenance:
        """What to remember of a candidate with this seed."""
        from aigc_studio.project import making

        items = self.target.items if self.target else ()
        return making.provenance_of(
            self.description,
            self.verb,
            self._request,
            model=self.model,
            seed=seed,
            parents=tuple(item.content.digest for item in items),
            selection=self._selection,
            composite=any(item.has_other_material for item in items),
            stopped=stopped,
        )

    def record(self, id: str, result: Result) -> CandidateRecord:
        """The candidate that waits under this id; the first id becomes that of the request."""
        from aigc_studio.project import CandidateRecord

        self.id = self.id or id
        items = self.target.items if self.target else ()
        event = result.event
        replaces = self.replaces and not event.strip
        return CandidateRecord(
            id=id,
            content=result.content,
            provenance=result.provenance,
            title=event.title,
            latent=result.latent,
            probability=event.probability,
            # Two requests with one seed may give their strips one name.
            strip=f"{self.id}/{event.strip}" if event.strip else "",
            position=event.position,
            target=items[0].id if items else "",
            use="replace" if replaces else "add",
            base=self.base if replaces else None,
            request=self.id,
            action=self.action,
        )


def sync(store: ContentStore, kept: Sequence[tuple[Content, str]]) -> None:
    """Have what was kept (contents, latents by digest) on disk for good, power cuts included."""
    files: list[tuple[str, str]] = []
    for content, latent in kept:
        files += [*store.files(content), *([("latent", latent)] if latent else [])]
    store.sync(files)


def previewed(prompt: Prompt) -> Prompt:
    """The same with one candidate: what a live preview shows."""
    return replace(prompt, count=1)
