"""A generator of small grey pictures with numpy alone: it learns a mean picture.

What it makes says what went in, so that tests through the window see each part of the way: where
the mask lay, whether the latent came back, which device was asked for, how the controls stood. An
edit with a mask changes
every pixel, because keeping the rest is the host's promise and not the plugin's.
"""

import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aigc_studio.api import (
    Annotation,
    Candidate,
    Checkpoint,
    Control,
    Controls,
    Description,
    EditRequest,
    Event,
    GenerateRequest,
    GeneratorError,
    Image,
    Mask,
    Metric,
    Operation,
    Parameters,
    Preview,
    Progress,
    hookimpl,
    parameter,
)

SIZE = 16
FRAME = {"width": SIZE, "height": SIZE, "mode": "L"}


CONTROLS = Controls(
    controls=(
        Control(name="right", title={"en": "To the right", "zh": "向右"}),
        Control(name="up", title={"en": "Upwards", "zh": "向上"}),
        Control(
            name="light", title={"en": "Light", "zh": "亮度"}, low=-100, high=100,
            help={"en": "How much lighter all of it is.", "zh": "整体变亮多少。"},
        ),
        Control(name="ink", title={"en": "Ink", "zh": "墨色"}, options=("black", "white")),
    ),
    pads=(("right", "up"),),
)  # fmt: skip


class Drawing(Parameters):
    noise: int = parameter(40, {"en": "Noise", "zh": "噪声"}, minimum=0, maximum=127)


class Morphing(Parameters):
    frames: int = parameter(4, {"en": "Frames", "zh": "帧数"}, minimum=2, maximum=16)


@hookimpl
def describe() -> Description:
    return Description(
        id="pixels",
        title={"en": "Pixels", "zh": "像素"},
        summary={"en": "Draws like the mean of its pictures.", "zh": "按平均图像绘制。"},
        medium=Image,
        version="1.0",
        operations=(
            Operation(id="learn", verb="train", title={"en": "Learn", "zh": "学习"}),
            Operation(
                id="draw", verb="generate", title={"en": "Draw", "zh": "绘制"},
                parameters=Drawing, prompt="optional", prompt_example="dark", model="optional",
                controls=True,
            ),
            Operation(
                id="clean", verb="edit", title={"en": "Tidy", "zh": "整理"},
                artifacts=1, model="optional", controls=True,
            ),
            Operation(
                id="fill", verb="edit", title={"en": "Fill in", "zh": "填充"},
                parameters=Drawing, artifacts=1, selection="required",
            ),
            Operation(
                id="morph", verb="edit", title={"en": "Blend over", "zh": "渐变"},
                parameters=Morphing, artifacts=2, model="optional",
            ),
            Operation(
                id="evaluate", verb="evaluate", artifacts=1, model="optional",
                title={"en": "How usual is this?", "zh": "有多常见？"},
            ),
        ),
        controls=CONTROLS,
    )  # fmt: skip


class MeanPicture:
    """The sum of the pictures seen, and how many they were."""

    def __init__(self) -> None:
        self.total = np.zeros((SIZE, SIZE))
        self.count = 0

    def distance(self, image: Image) -> float:
        """How far a picture is from the mean, in 0 to 255."""
        return float(np.abs(grey(image) - self.mean()).mean())

    def learn(self, image: Image) -> None:
        self.total += grey(image)
        self.count += 1

    def mean(self) -> np.ndarray:
        return self.total / self.count if self.count else np.full((SIZE, SIZE), 128.0)

    def save(self, path: Path, state: dict[str, Any]) -> None:
        from safetensors.numpy import save_file

        part = path.with_name(path.name + ".part")
        part.mkdir(parents=True, exist_ok=True)
        arrays = {"total": self.total, "count": np.array([self.count])}
        save_file(arrays, part / "weights.safetensors")
        (part / "state.json").write_text(json.dumps(state), encoding="utf-8")
        if not path.exists():
            os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> "MeanPicture":
        from safetensors.numpy import load_file

        picture = cls()
        try:
            arrays = load_file(path / "weights.safetensors")
            picture.total = arrays["total"].reshape(SIZE, SIZE)
            picture.count = int(arrays["count"][0])
        except Exception as error:
            raise GeneratorError(
                f"The model in {path.name} is not a mean picture. Choose another one.",
                zh="该模型不是平均图像。",
                parameter="model",
            ) from error
        return picture


def grey(image: Image) -> np.ndarray:
    """The middle of a picture as SIZE×SIZE floats in 0 to 255, by nearest neighbours."""
    pixels = image.pixels if image.pixels.ndim == 2 else image.pixels[..., :3].mean(axis=2)
    rows = np.arange(SIZE) * pixels.shape[0] // SIZE
    columns = np.arange(SIZE) * pixels.shape[1] // SIZE
    return pixels[np.ix_(rows, columns)].astype(float)


def to_image(values: np.ndarray) -> Image:
    return Image(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def model_of(request: Any) -> MeanPicture:
    return MeanPicture.load(request.model) if request.model is not None else MeanPicture()


@hookimpl
def train(request: Any) -> Iterator[Event]:
    mean, step, seconds = model_of(request), 0, 0.0
    whole = sorted(path for path in request.folder.glob("step-*") if path.suffix != ".part")
    if request.resume and whole:
        mean = MeanPicture.load(whole[-1])
        state = json.loads((whole[-1] / "state.json").read_text("utf-8"))
        step, seconds = state["step"], state["seconds"]
    count, steps = len(request.dataset), request.steps or 10**9
    if not count:
        raise GeneratorError("The dataset is empty. Import some pictures.", zh="数据集是空的。")
    allowed = request.minutes * 60 if request.minutes else math.inf
    began = saved = time.monotonic()

    def checkpoint(best: bool) -> Checkpoint:
        path = request.folder / f"step-{step:09d}"
        mean.save(path, {"step": step, "seconds": seconds + time.monotonic() - began})
        return Checkpoint(
            path, step, best=best, card={"frame": FRAME, "controls": CONTROLS.to_json()}
        )

    try:
        while step < steps and seconds + time.monotonic() - began < allowed:
            order = np.random.default_rng([request.seed, step // count]).permutation(count)
            image = request.dataset[int(order[step % count])].artifact
            yield Metric("distance", mean.distance(image), step)
            # Together: what is saved where it is closed has learnt as many as it says.
            mean.learn(image)
            step += 1
            yield Progress(step, request.steps or 0)
            if step % 100 == 1:
                yield Preview(to_image(mean.mean()), step)
            if time.monotonic() - saved > 2 or step % 50 == 0:
                saved = time.monotonic()
                yield checkpoint(False)
    except GeneratorExit:
        checkpoint(False)
        raise
    yield checkpoint(True)


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Event]:
    mean = model_of(request).mean()
    mean = mean / 2 if request.prompt == "dark" else mean
    for n in range(request.count):
        drawn = noise(request.seed + n, request.parameters.noise)
        made = steered(mean + near(request, drawn), request.controls)
        latent = b"made from seed %d" % (request.seed + n)
        yield Candidate(to_image(made), latent=latent, title=told(request))


@hookimpl
def edit(request: EditRequest) -> Iterator[Event]:
    if request.operation == "morph":
        yield from morph(request)
        return
    make = {"clean": clean, "fill": fill}[request.operation]
    for n in range(request.count):
        yield make(request, request.seed + n)


def steered(values: np.ndarray, controls: Mapping[str, Any]) -> np.ndarray:
    """Lighter, with a white dot where the pad says, and turned over for white ink."""
    values = values + controls.get("light", 0)
    if controls.keys() & {"right", "up"}:
        half = SIZE // 2 - 1
        row = half - round(half * controls.get("up", 0))
        column = half + round(half * controls.get("right", 0))
        values[row : row + 2, column : column + 2] = 255
    return 255 - values if controls.get("ink") == "white" else values


def told(request: Any) -> str:
    """The device that was asked for, and the size of what came in."""
    sizes = [f"{each.width}x{each.height}" for each in getattr(request, "artifacts", ())]
    return " ".join([request.device, *sizes])


def noise(seed: int, strength: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-strength, strength, (SIZE, SIZE))


def near(request: GenerateRequest, drawn: np.ndarray) -> np.ndarray:
    """The noise that more like a result has: that of the result, and a quarter of its own."""
    if not request.latents:
        return drawn
    words, _, seed = request.latents[0].rpartition(b" ")
    if words != b"made from seed" or not seed.isdigit():
        raise GeneratorError("This latent is another model's.", zh="此潜变量属于另一个模型。")
    return noise(int(seed), request.parameters.noise) + drawn / 4


def clean(request: EditRequest, seed: int) -> Candidate:
    """White where the latent came back, black where it did not; the seed in the first pixel."""
    known = request.latents and request.latents[0] is not None
    whole = steered(np.full((SIZE, SIZE), 255.0 if known else 0.0), request.controls)
    pixels = to_image(whole).pixels.copy()
    pixels[0, 0] = seed % 256
    latent = request.latents[0] if request.latents else None
    return Candidate(Image(pixels), latent=latent, title=told(request))


def fill(request: EditRequest, seed: int) -> Candidate:
    """A new picture all over, in the size that came in: the mask is for the host to hold."""
    image, mask = request.artifacts[0], request.selections[0]
    if not isinstance(image, Image) or not isinstance(mask, Mask):
        raise GeneratorError("Paint a mask first.", zh="请先绘制蒙版。", parameter="selection")
    inside = mask.pixels > 0
    level = 255 - grey(image).mean() if inside.any() else 0
    values = np.full(image.pixels.shape[:2], level)
    # A shade alone would be taken off: what fills a hole gets the colours around it.
    values[::2, ::2] += 8 * (seed % 7)
    values[inside] += 20
    return Candidate(to_image(values), title=told(request))


def morph(request: EditRequest) -> Iterator[Event]:
    first, second = (grey(each) for each in request.artifacts if isinstance(each, Image))
    frames = request.parameters.frames
    for n in range(request.count):
        for position in range(frames):
            share = position / (frames - 1)
            made = first * (1 - share) + second * share
            strip = f"morph {request.seed + n}"
            yield Candidate(to_image(made), strip=strip, position=position, seed=request.seed + n)


@hookimpl
def evaluate(request: Any) -> Iterator[Event]:
    mean = model_of(request)
    if request.dataset is not None:
        distances = [mean.distance(example.artifact) for example in request.dataset]
        yield Metric("distance", sum(distances) / max(1, len(distances)))
        return
    # Each quarter of the picture: how near it is to the mean, 1 = equal.
    near = 1 - np.abs(grey(request.artifact) - mean.mean()) / 255
    height, width = request.artifact.height, request.artifact.width
    for row in range(2):
        for column in range(2):
            mask = np.zeros((height, width), np.uint8)
            rows = slice(row * height // 2, (row + 1) * height // 2)
            columns = slice(column * width // 2, (column + 1) * width // 2)
            mask[rows, columns] = 255
            half = SIZE // 2
            part = near[row * half : (row + 1) * half, column * half : (column + 1) * half]
            if mask.any():
                side = ("upper", "lower")[row], ("left", "right")[column]
                yield Annotation(Mask(mask), float(part.mean()), " ".join(side))
