"""Repairs: what a net fills in, beside classical methods with the same pictures and masks."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from faces_subjects import Subject
from rows import row, tell
from surroundings import HERE
from torch import Tensor

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

MORE = {
    ("photographs", "hole"): 3.3,
    ("photographs", "scratches"): 0.7,
    ("cartoon", "hole"): 8.0,
    ("cartoon", "scratches"): 5.0,
}
"""Decibels above the best classical method."""
SCRATCH_SSIM = 0.975
SPREAD, BELOW = 0.03, 3.0
"""What four candidates must differ by, and what each may lie below the most likely one, in dB."""
CANDIDATES = 4
WORDS = {"hole": "20×24 hole over the face", "scratches": "thin scratches"}
_EDIT, _APART = "regenerate", 8


def measure(subject: Subject, arguments: argparse.Namespace) -> None:
    """Holes, scratches, and candidates."""
    from vae_faces.judging import probes

    shapes = {"hole": probes.face_holes, "scratches": probes.scratches}
    filled = by_net(subject) if arguments.direct else by_edit(subject)
    for kind, draw in shapes.items():
        planes = subject.held_out.planes.repeat_interleave(arguments.masks, dim=0)
        holes = draw(len(planes), planes.shape[-1], 1)
        classical = by_peers(planes, holes, arguments.peers) if arguments.peers else {}
        made = filled(planes, holes, 1)[:, 0]
        tell_repairs(subject, kind, planes, holes, made, classical)
        if arguments.sheets:
            keep_sheet(Path(arguments.sheets), f"{subject.name}-{kind}", planes, holes, made)
    planes = subject.held_out.planes.repeat_interleave(arguments.masks, dim=0)
    holes = probes.face_holes(len(planes), planes.shape[-1], 2)
    tell_candidates(subject, planes, holes, filled(planes, holes, CANDIDATES))


def tell_repairs(
    subject: Subject,
    kind: str,
    planes: Tensor,
    holes: Tensor,
    made: Tensor,
    classical: Mapping[str, Tensor],
) -> None:
    """Ours with its bars, and each classical method."""
    what = f"{subject.name}, {WORDS[kind]}"
    peers = {name: hole_psnr(each, planes, holes) for name, each in classical.items()}
    best = max((float(np.mean(each)) for each in peers.values()), default=None)
    more = MORE[subject.name, kind]
    note = f"bar: the best classical one + {more} dB" if best is not None else "no peers here"
    bar = best + more if best is not None else None
    own = hole_psnr(made, planes, holes)
    tell(row(what, own, "dB", at_least=True, judged="mean", bar=bar, note=note))
    for name, scores in peers.items():
        tell(row(f"{what}: {name}", scores, "dB", at_least=True, judged="mean", peer=True))
    bar = SCRATCH_SSIM if (subject.name, kind) == ("photographs", "scratches") else None
    likeness = similarity(made, planes)
    tell(row(f"{what}, SSIM", likeness, "", at_least=True, judged="mean", bar=bar))
    for name, each in classical.items():
        likeness = similarity(each, planes)
        more_words: dict[str, Any] = {"at_least": True, "judged": "mean", "peer": True}
        tell(row(f"{what}, SSIM: {name}", likeness, "", **more_words))


def tell_candidates(subject: Subject, planes: Tensor, holes: Tensor, made: Tensor) -> None:
    """How far four candidates differ, (n, 4, c, h, w), and how far each lies below the first."""
    inside = holes.expand_as(planes) > 0
    spreads = made.float().div(255).std(dim=1, correction=0)
    values = [float(s[i].mean()) for s, i in zip(spreads, inside, strict=True)]
    what = f"{subject.name}: {CANDIDATES} candidates, deviation inside the hole"
    tell(row(what, values, "of the range", at_least=True, judged="mean", bar=SPREAD))
    scores = [hole_psnr(made[:, n], planes, holes) for n in range(CANDIDATES)]
    below = [float(np.mean(scores[0])) - float(np.mean(each)) for each in scores[1:]]
    what = f"{subject.name}: each candidate below the most likely one"
    note = "mean over all pictures; the first candidate is the most likely one"
    tell(row(what, below, "dB", judged="worst", bar=BELOW, note=note))


# -- who repairs -------------------------------------------------------------------------------


def by_net(subject: Subject) -> Callable[[Tensor, Tensor, int], Tensor]:
    """The net alone: candidates (n, count, c, h, w) uint8 for planes and holes; the first is the
    most likely one."""
    from vae_faces.making.chances import DRAWN, noise_of

    from aigc_studio.toolkit import to_planes, to_values

    network = subject.network

    def fill(planes: Tensor, holes: Tensor, count: int) -> Tensor:
        values, found = to_values(planes, -1.0), []
        for number in range(count):
            first = DRAWN + number
            seeds = range(first, first + _APART * len(planes), _APART)
            size = network.filler.noise_size
            drawn = [noise_of(seed if number else 0, size, 1.0) for seed in seeds]
            noise = torch.cat(drawn)
            rows = zip(*(torch.split(e, 50) for e in (values, holes, noise)), strict=True)
            parts = [network.fill(v * (1 - h), h, n) for v, h, n in rows]
            found.append(to_planes(torch.cat(parts), -1.0))
        return torch.stack(found, dim=1)

    return fill


def by_edit(subject: Subject) -> Callable[[Tensor, Tensor, int], Tensor]:
    """The same as a person gets it: the plugin's own edit, one picture at a time."""

    def fill(planes: Tensor, holes: Tensor, count: int) -> Tensor:
        rows = enumerate(zip(planes, holes, strict=True))
        made = [edited(subject, *pair, count, _APART * number) for number, pair in rows]
        return torch.stack([torch.stack(list(each)) for each in made])

    return fill


def edited(
    subject: Subject, planes: Tensor, hole: Tensor, count: int, seed: int
) -> Iterator[Tensor]:
    """The candidates of one picture; what lies under the mask is not there any more."""
    import vae_faces

    from aigc_studio.api import Candidate, EditRequest, Mask
    from aigc_studio.toolkit import image_planes, planes_image

    broken = torch.where(hole > 0, torch.tensor(128, dtype=torch.uint8), planes)
    request: EditRequest[Any] = EditRequest(
        operation=_EDIT,
        model=subject.folder,
        artifacts=(planes_image(broken),),
        selections=(Mask((hole[0].numpy() * 255).astype(np.uint8)),),
        count=count,
        seed=seed,
    )
    for event in vae_faces.edit(request):
        if isinstance(event, Candidate):
            yield image_planes(event.artifact, planes.shape[-1], subject.model.mode)  # type: ignore[arg-type]


def by_peers(planes: Tensor, holes: Tensor, python: str) -> dict[str, Tensor]:
    """Classical repairs by another Python, by method."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "in.npz", Path(folder) / "out.npz"
        pictures = planes.permute(0, 2, 3, 1).squeeze(-1).numpy()
        np.savez(given, pictures=pictures, holes=holes[:, 0].numpy() > 0)
        words = [python, str(HERE / "classical.py"), str(given), str(made)]
        subprocess.run(words, check=True, timeout=3600)
        found = np.load(made)
        return {name: _as_planes(found[name]) for name in found.files}


def _as_planes(pictures: np.ndarray) -> Tensor:
    shaped = pictures[..., None] if pictures.ndim == 3 else pictures
    return torch.from_numpy(np.ascontiguousarray(shaped.transpose(0, 3, 1, 2)))


# -- how good ----------------------------------------------------------------------------------


def hole_psnr(made: Tensor, planes: Tensor, holes: Tensor) -> list[float]:
    """Decibels inside each hole; 99 where nothing differs."""
    wrong = (made.double() - planes.double()).square() * holes
    error = wrong.sum(dim=(1, 2, 3)) / (holes.sum(dim=(1, 2, 3)) * planes.shape[1])
    found: list[float] = (10 * torch.log10(255.0**2 / error)).clamp(max=99.0).tolist()
    return found


def similarity(made: Tensor, planes: Tensor) -> list[float]:
    """SSIM of whole pictures."""
    from aigc_studio.toolkit import measures

    pairs = zip(torch.split(made, 100), torch.split(planes, 100), strict=True)
    parts = [measures.ssim(one / 255.0, two / 255.0) for one, two in pairs]
    found: list[float] = torch.cat(parts).tolist()
    return found


def keep_sheet(folder: Path, name: str, planes: Tensor, holes: Tensor, made: Tensor) -> None:
    """Some pictures, broken, repaired and whole, one under the other."""
    from PIL import Image as Pillow

    from aigc_studio.toolkit import sheet

    folder.mkdir(parents=True, exist_ok=True)
    chosen = torch.arange(0, len(planes), max(len(planes) // 12, 1))[:12]
    broken = torch.where(holes > 0, torch.tensor(128, dtype=torch.uint8), planes)
    cells = torch.cat([broken[chosen], made[chosen], planes[chosen]])
    picture = Pillow.fromarray(sheet(cells, len(chosen)).pixels)
    picture.resize((picture.width * 2, picture.height * 2), 0).save(folder / f"{name}.png")
