"""Edit: clean up, regenerate a part, change the class, morph."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np
import torch

from aigc_studio.api import (
    Candidate,
    EditRequest,
    Event,
    GeneratorError,
    Image,
    Mask,
    Progress,
)
from aigc_studio.toolkit.seeding import mixed_seed
from gan_digits.drawings import read_drawing
from gan_digits.generating import check_count, parameters_of, prepare, title_of
from gan_digits.latents import Origin, pack, unpack
from gan_digits.model import Model, open_model
from gan_digits.morph import morph
from gan_digits.parameters import (
    ChangeClassParameters,
    CleanUpParameters,
    MorphParameters,
    RegenerateParameters,
)
from gan_digits.pictures import Pixels, Row, as_row, mask_row, to_pixels, to_tensor
from gan_digits.projection import Projection, paste, project
from gan_digits.prompts import read_prompt
from gan_digits.sampling import draw

_LOOKING = {"en": "Looking at the picture", "zh": "正在观察图像"}


def edit_pictures(request: EditRequest) -> Iterator[Event]:
    """Yield `count` candidates (strips of candidates, for morph) of the operation asked for."""
    check_count(request.count)
    operations = {"regenerate": _regenerate, "change-class": _change_class, "morph": _morph}
    operation = operations.get(request.operation, _clean_up)
    needed = 2 if operation is _morph else 1
    if len(request.artifacts) < needed:
        raise GeneratorError(
            f"This needs {needed} picture(s), not {len(request.artifacts)}.",
            zh=f"此操作需要 {needed} 张图像，而不是 {len(request.artifacts)} 张。",
        )
    prepare(request)
    yield Progress(0, request.count, _LOOKING)
    yield from operation(request, open_model(request.model))


# -- the operations ------------------------------------------------------------------------------


def _clean_up(request: EditRequest, model: Model) -> Iterator[Event]:
    freedom = parameters_of(request, CleanUpParameters).freedom
    image, size = _picture(request), model.settings.size
    asked = [label for word in read_prompt(request.prompt, model.classes) for label in word]
    wanted = len(asked) if len(asked) > 1 else 0
    if not model.look.extent:  # not characters on a ground: the picture as it stands
        yield from _redraw(request, model, freedom)
        return
    drawing = read_drawing(image, size, model.mode, model.look, wanted)
    labels = _labels_of(request, model, range(len(drawing.cells)), len(drawing.cells))
    for number in range(request.count):
        seed = request.seed + number
        found = yield from _project_all(
            model, dict(enumerate(drawing.cells)), labels, seed, freedom, number, request.count
        )
        cells = [to_pixels(found[n].picture) for n in range(len(drawing.cells))]
        # The latent draws the cells, not the placed drawing: so it does not go with it.
        shown = title_of(model, [found[n].label for n in range(len(cells))])
        yield Candidate(drawing.redrawn(cells), seed=seed, title=shown)


def _redraw(request: EditRequest, model: Model, freedom: float) -> Iterator[Event]:
    """Each selected cell of the row as the generator would draw it."""
    row = as_row(_picture(request), model.settings.size, model.mode, model.look)
    touched = [n for n, part in enumerate(_selected(request, row, model)) if part.any()]
    labels = _labels_of(request, model, touched, len(row.cells))
    for number in range(request.count):
        seed = request.seed + number
        wanted = {n: row.cells[n] for n in touched}
        found = yield from _project_all(model, wanted, labels, seed, freedom, number, request.count)
        cells = [
            to_pixels(found[n].picture) if n in found else row.cells[n]
            for n in range(len(row.cells))
        ]
        yield _result(model, row, cells, found, seed)


def _regenerate(request: EditRequest, model: Model) -> Iterator[Event]:
    freedom = parameters_of(request, RegenerateParameters).freedom
    image = _picture(request)
    if not isinstance(_mask(request), Mask):
        raise GeneratorError(
            "Select the part to regenerate first: paint it with the mask brush.",
            zh="请先选择要重新生成的部分：用蒙版画笔涂抹。",
        )
    row = as_row(image, model.settings.size, model.mode, model.look)
    hidden = _selected(request, row, model)
    touched = [n for n, part in enumerate(hidden) if part.any()]
    labels = _labels_of(request, model, touched, len(row.cells))
    origin = _origin(request, model, 0, len(row.cells))
    for n in touched:
        if origin is not None and labels[n] is None:
            labels[n] = origin.labels[n]
    known = {n: torch.from_numpy(~hidden[n]) for n in touched}
    for number in range(request.count):
        seed = request.seed + number
        wanted = {n: row.cells[n] for n in touched}
        found = yield from _project_all(
            model, wanted, labels, seed, freedom, number, request.count, known
        )
        cells = [
            to_pixels(paste(to_tensor(cell), known[n], found[n].picture)) if n in found else cell
            for n, cell in enumerate(row.cells)
        ]
        # Only the generator's own picture has a latent, and half of this is not its own.
        yield Candidate(row.joined(cells), seed=seed)


def _change_class(request: EditRequest, model: Model) -> Iterator[Event]:
    freedom = parameters_of(request, ChangeClassParameters).freedom
    if not model.classes:
        raise GeneratorError(
            f"The model {model.name} knows no classes: choose one that was trained with labels.",
            zh=f"模型 {model.name} 没有类别：请选择用标签训练的模型。",
            parameter="model",
        )
    if not request.prompt.strip():
        raise GeneratorError(
            "Say what it shall become, for example 8.",
            zh="请说明要变成什么，例如 8。",
            parameter="prompt",
        )
    row = as_row(_picture(request), model.settings.size, model.mode, model.look)
    touched = [n for n, part in enumerate(_selected(request, row, model)) if part.any()]
    labels = _labels_of(request, model, touched, len(row.cells))
    origin = yield from find_origin(request, model, row, 0, touched)
    for number in range(request.count):
        seed = request.seed + number
        latents = _strayed(origin.latents, freedom, seed)
        chosen = [labels[n] if n in touched else label for n, label in enumerate(origin.labels)]
        whole = [label if label is not None else 0 for label in chosen]
        cells = list(row.cells)
        for n in touched:
            drawn = draw(model.generator, latents[n : n + 1], [whole[n]])[0]
            cells[n] = to_pixels(drawn)
        yield Progress(number, request.count)
        complete = len(touched) == len(cells)
        yield Candidate(
            row.joined(cells),
            latent=pack(latents, whole, model.tag) if complete else None,
            seed=seed,
            title=title_of(model, whole),
        )


def _morph(request: EditRequest, model: Model) -> Iterator[Event]:
    steps = parameters_of(request, MorphParameters).steps
    rows = [
        as_row(_picture(request, n), model.settings.size, model.mode, model.look) for n in (0, 1)
    ]
    counts = [len(row.cells) for row in rows]
    if counts[0] != counts[1]:
        raise GeneratorError(
            f"The pictures have {counts[0]} and {counts[1]} characters: morph between two with as "
            "many.",
            zh=f"两张图分别有 {counts[0]} 和 {counts[1]} 个字符：请选择字符数相同的图像。",
        )
    ends = []
    for n, row in enumerate(rows):
        ends.append((yield from find_origin(request, model, row, n, range(counts[n]))))
    for number in range(request.count):
        yield from morph(model, rows[0], ends[0], ends[1], steps, request.seed + number)


# -- what they share -----------------------------------------------------------------------------


def _picture(request: EditRequest, number: int = 0) -> Image:
    artifact = request.artifacts[number]
    assert isinstance(artifact, Image), "the worker checks the medium"
    return artifact


def _mask(request: EditRequest) -> object:
    return request.selections[0] if request.selections else None


def _selected(request: EditRequest, row: Row, model: Model) -> tuple[Pixels, ...]:
    """For each cell which pixels are selected, (size, size) bool; all where there is no mask."""
    size, mask = model.settings.size, _mask(request)
    if isinstance(mask, Mask) and mask.pixels.any():
        return mask_row(mask.pixels, row, size)
    if isinstance(mask, Mask) and request.operation == "regenerate":
        raise GeneratorError(
            "The selection is empty: paint the part to regenerate with the mask brush.",
            zh="选区为空：请用蒙版画笔涂抹要重新生成的部分。",
        )
    return tuple(np.ones((size, size), bool) for _cell in row.cells)


def _labels_of(
    request: EditRequest, model: Model, touched: Sequence[int], count: int
) -> dict[int, int | None]:
    """The class that the prompt gives each touched cell; None where it is to be found out."""
    asked = [label for word in read_prompt(request.prompt, model.classes) for label in word]
    if not model.classes:
        return dict.fromkeys(touched, 0)
    if not asked:
        return dict.fromkeys(touched, None)
    if len(asked) == 1:
        return dict.fromkeys(touched, asked[0])
    if len(asked) == len(touched):
        return dict(zip(touched, asked, strict=True))
    if len(asked) == count:
        return {n: asked[n] for n in touched}
    raise GeneratorError(
        f"The prompt names {len(asked)} characters, and {len(touched)} are to be drawn: name one "
        f"for all, or {len(touched)}.",
        zh=f"提示有 {len(asked)} 个字符，而要绘制 {len(touched)} 个：请给出一个或同样多个。",
        parameter="prompt",
    )


def _project_all(
    model: Model,
    cells: dict[int, Pixels],
    labels: dict[int, int | None],
    seed: int,
    freedom: float,
    number: int,
    count: int,
    known: dict[int, torch.Tensor] | None = None,
) -> Generator[Event, None, dict[int, Projection]]:
    """The projection of each cell; Progress in between, so that it can be cancelled."""
    found: dict[int, Projection] = {}
    for n, cell in cells.items():
        search = project(
            model.generator,
            model.encoder,
            to_tensor(cell),
            None if known is None else known[n],
            labels[n],
            seed=mixed_seed(seed, n),
            exploration=freedom,
        )
        for found[n] in search:
            yield Progress(number, count, _LOOKING)
    return found


def find_origin(
    request: EditRequest, model: Model, row: Row, number: int, touched: Sequence[int]
) -> Generator[Event, None, Origin]:
    """What artifact `number` was drawn from: as remembered, or else found by projection."""
    remembered = _origin(request, model, number, len(row.cells))
    if remembered is not None:
        return remembered
    labels: dict[int, int | None] = dict.fromkeys(touched, None if model.classes else 0)
    cells = {n: row.cells[n] for n in touched}
    found = yield from _project_all(model, cells, labels, 0, 0.0, 0, request.count)
    latents = torch.zeros(len(row.cells), model.settings.latent_dim)
    known_labels = [0] * len(row.cells)
    for n, projection in found.items():
        latents[n], known_labels[n] = projection.latent, projection.label
    return Origin(latents, tuple(known_labels))


def _origin(request: EditRequest, model: Model, number: int, count: int) -> Origin | None:
    if number >= len(request.latents):
        return None
    settings = model.settings
    origin = unpack(request.latents[number], model.tag, settings.latent_dim, settings.num_classes)
    return origin if origin is not None and len(origin.labels) == count else None


def _strayed(latents: torch.Tensor, freedom: float, seed: int) -> torch.Tensor:
    """Latents moved at random by `freedom` (0: not, 1: unrelated), each as long as before."""
    source = torch.Generator().manual_seed(seed % 2**63)
    length = latents.norm(dim=1, keepdim=True) / latents.shape[1] ** 0.5
    noise = torch.randn(latents.shape, generator=source) * length
    strayed: torch.Tensor = (1 - freedom**2) ** 0.5 * latents + freedom * noise
    return strayed


def _result(
    model: Model, row: Row, cells: Sequence[Pixels], found: dict[int, Projection], seed: int
) -> Candidate:
    if len(found) < len(cells):
        return Candidate(row.joined(cells), seed=seed)
    latents = torch.stack([found[n].latent for n in range(len(cells))])
    labels = [found[n].label for n in range(len(cells))]
    return Candidate(
        row.joined(cells),
        latent=pack(latents, labels, model.tag),
        seed=seed,
        title=title_of(model, labels),
    )
