"""What a model draws: faces never seen come back, and new ones that look like the real ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from faces_repairs import similarity
from faces_subjects import Subject, in_parts, result_of
from rows import row, tell
from torch import Tensor

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

RECONSTRUCTION = {"photographs": 24.0, "cartoon": 30.0}
COMPONENTS = 256
SAMPLES = 500
HALF = 0.5
"""A sample's Fréchet distance must be at most this part of a plain VAE's."""


def measure(subject: Subject, arguments: argparse.Namespace) -> None:
    """Reconstruction, samples, copies."""
    from aigc_studio.toolkit import to_planes

    values, made = subject.values, again(subject)
    what, bar = f"{subject.name}: faces never seen, reconstructed", RECONSTRUCTION[subject.name]
    tell(row(what, psnr(made, values), "dB", at_least=True, judged="mean", bar=bar))
    likeness = similarity(to_planes(made, -1.0), subject.held_out.planes)
    tell(row(f"{what}, SSIM", likeness, "", at_least=True, judged="mean"))
    by_components = psnr(components(subject), values)
    beside = f"{what}: {COMPONENTS} principal components"
    tell(row(beside, by_components, "dB", at_least=True, judged="mean", peer=True))
    samples = drawn(subject, SAMPLES)
    tell_samples(subject, samples, arguments)
    if arguments.sheets:
        keep_sheets(subject, samples, to_planes(made, -1.0), Path(arguments.sheets))


def again(subject: Subject) -> Tensor:
    """The held-out pictures encoded and decoded."""
    network = subject.network
    return in_parts(lambda part: network.decode(network.encode(part)[0]), subject.values)


def tell_samples(subject: Subject, samples: Tensor, arguments: argparse.Namespace) -> None:
    """The Fréchet distance beside a plain VAE's, and how many are copies."""
    from aigc_studio.toolkit import measures, to_values

    look = judge_of(subject)
    training = to_values(subject.training.planes, -1.0)
    real = look(torch.cat([training, subject.values]))
    distance = measures.frechet_distance(look(samples), real)
    note = "no FID: features of a judge trained on this pack's training part; to all real pictures"
    more: dict[str, Any] = {"note": note}
    if arguments.plain:
        import plain_vae

        wanted = sum(e.numel() for n, e in subject.network.named_parameters() if "filler" not in n)
        plain = plain_vae.trained(training, wanted, arguments.plain * 60)
        beside = measures.frechet_distance(look(plain.samples(SAMPLES)), real)
        more |= {"bar": HALF * beside}
        more["note"] += f"; bar: half of the plain VAE, trained {arguments.plain:g} min in this run"
    what = f"{subject.name}: {SAMPLES} samples, Fréchet distance"
    tell(row(what, [distance], "", **more))
    if arguments.plain:
        tell(row(f"{what}: a plain VAE of the same size", [beside], "", peer=True))
    apart = measures.frechet_distance(look(training), look(subject.values))
    aside = "real pictures: the training part to the held-out part"
    tell(row(f"{what}: {aside}", [apart], "", peer=True))
    share = measures.copied_share(samples, training, subject.values)
    note = "nearer to a training face than all but 1 in 100 held-out faces are; 0.01 is honest"
    tell(row(f"{subject.name}: share of copies", [share], "", note=note))
    spread = measures.mean_pairwise_distance(samples[:500])
    spread /= measures.mean_pairwise_distance(training[:500])
    tell(row(f"{subject.name}: diversity", [spread], "", note="1 is as varied as real ones"))


def drawn(subject: Subject, count: int) -> Tensor:
    """Samples as a person gets them: the plugin's own generate, as it comes."""
    import vae_faces

    from aigc_studio.api import Candidate, GenerateRequest
    from aigc_studio.toolkit import image_planes, to_values

    request: GenerateRequest[Any] = GenerateRequest(model=subject.folder, count=count, seed=11)
    made = [each for each in vae_faces.generate(request) if isinstance(each, Candidate)]
    side, mode = subject.network.side, subject.model.mode
    planes = [image_planes(each.artifact, side, mode) for each in made]  # type: ignore[arg-type]
    return to_values(torch.stack(planes), -1.0)


def judge_of(subject: Subject) -> Callable[[Tensor], Tensor]:
    """Features of a net that saw the pack's training part only: it learnt to read attributes, or
    where there are none, to tell people apart."""
    from vae_faces.judging.judge import train_judge_of

    with torch.enable_grad():
        judge = result_of(
            train_judge_of(
                subject.training, subject.network.traits, fingerprint=subject.fingerprint
            )
        )
    return judge.look


def psnr(made: Tensor, values: Tensor) -> list[float]:
    """Decibels of each picture, values in -1..1."""
    from aigc_studio.toolkit import measures

    found: list[float] = measures.psnr_db(made.clamp(-1, 1), values, peak=2.0).tolist()
    return found


def components(subject: Subject) -> Tensor:
    """The held-out pictures by as many principal components of the training part."""
    from aigc_studio.toolkit import to_values

    training = to_values(subject.training.planes, -1.0).flatten(1)
    middle = training.mean(dim=0)
    _left, _strength, axes = torch.svd_lowrank(training - middle, q=COMPONENTS, niter=4)
    held_out = subject.values.flatten(1) - middle
    return (held_out @ axes @ axes.T + middle).view_as(subject.values)


def keep_sheets(subject: Subject, samples: Tensor, made: Tensor, folder: Path) -> None:
    """Samples, and held-out faces over what came back of them."""
    from PIL import Image as Pillow

    from aigc_studio.toolkit import sheet, to_planes

    folder.mkdir(parents=True, exist_ok=True)
    pairs = torch.stack([subject.held_out.planes[:24], made[:24]]).view(2, 2, 12, *made.shape[1:])
    sheets = {
        "samples": sheet(to_planes(samples[:96], -1.0), 12),
        "reconstructed": sheet(pairs.transpose(0, 1).flatten(0, 2), 12),
    }
    for name, picture in sheets.items():
        large = Pillow.fromarray(picture.pixels)
        large = large.resize((large.width * 2, large.height * 2), 0)
        large.save(folder / f"{subject.name}-{name}.png")
