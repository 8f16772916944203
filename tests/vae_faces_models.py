"""Untrained models of faces for tests: whole, small, with attributes where they are asked for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from vae_faces.attributes import card_of
from vae_faces.model import MODES, save_model
from vae_faces.network.net import Faces
from vae_faces.settings import FacesSettings
from vae_faces.traits import Trait, Traits

from aigc_studio.api import Action, Candidate, Image, Message

HAIR = ("no hair", "blond hair", "black hair")
TRAITS = Traits(
    (
        Trait("beard", "yes_no", shares=(0.4,)),
        Trait("hair", "choice", options=HAIR, shares=(0.2, 0.4, 0.4)),
        Trait("age", "number", mean=40.0, spread=15.0),
    )
)  # fmt: skip
WORDS = {
    "beard": {"en": "beard", "zh": "胡子"},
    "hair": {"en": "hair", "zh": "头发"},
    "no hair": {"en": "no hair", "zh": "光头"},
    "blond hair": {"en": "blond hair", "zh": "金发"},
    "black hair": {"en": "black hair", "zh": "黑发"},
    "age": {"en": "age", "zh": "年龄"},
}
"""What the data of these models calls its words."""


def write_faces(
    folder: Path,
    *,
    side: int = 32,
    channels: int = 3,
    traits: Traits = TRAITS,
    card: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Path:
    """A model folder with nets as they are drawn, made lively, and a card."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    settings = FacesSettings(
        side=side, channels=channels, width=8, globals=6, grids=(2, 1), style=8
    )
    faces = Faces(settings, traits)
    with torch.no_grad():
        for each in faces.parameters():
            # As drawn, much of a net is zero: nothing would differ.
            each.add_(0.05 * torch.randn(each.shape))
    save_model(folder, faces.eval())
    told = card_of(faces, {"options": {"words": WORDS}})
    frame = {"width": side, "height": side, "mode": MODES[channels]}
    (folder / "card.json").write_text(json.dumps(told | {"frame": frame} | dict(card or {})))
    return folder


def face(width: int = 32, height: int = 32, channels: int = 3, seed: int = 0) -> Image:
    """A picture with soft shades and an opaque middle, any size."""
    across = np.linspace(0, 3, width)[None]
    down = np.linspace(0, 2, height)[:, None]
    waves = [across * (1 + k) + down + seed + k for k in range(channels)]
    shades = [127 + 90 * np.sin(wave) for wave in waves]
    pixels = np.stack(shades, axis=2).round().astype(np.uint8)
    if channels == 4:
        pixels[..., 3] = np.where((across > 0.5) & (across < 2.5) & (down > -1), 255, 40)
    return Image(pixels[..., 0] if channels == 1 else pixels)


class Drawn(Candidate):
    """A candidate as these tests know it: a picture. For types alone; nobody makes one."""

    artifact: Image


def candidates(action: Action) -> list[Drawn]:
    """The candidates of an action, which are all pictures."""
    made = [event for event in action if isinstance(event, Candidate)]
    assert all(isinstance(each.artifact, Image) for each in made)
    return cast(list[Drawn], made)


def messages(action: Action) -> list[str]:
    """What an action says, in English."""
    told = [event.text for event in action if isinstance(event, Message)]
    return [each if isinstance(each, str) else each["en"] for each in told]
