"""What this generator says of itself."""

from __future__ import annotations

from aigc_studio.api import Description, Image, Operation
from vae_faces.train_parameters import TrainParameters

DESCRIPTION = Description(
    id="vae-faces",
    title={"en": "VAE faces", "zh": "VAE 人脸"},
    medium=Image,
    version="0.1.0",
    operations=(
        Operation(
            id="train",
            verb="train",
            title={"en": "Train", "zh": "训练"},
            parameters=TrainParameters,
        ),
    ),
    licence="MIT",
)
