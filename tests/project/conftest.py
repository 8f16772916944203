"""Things to put on a board."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from joining_desk import Desk, Pixels

from aigc_studio.api import Artifact, Image, Melody, Metre, Note, Tempo, Text
from aigc_studio.project import Item, Project, Provenance, commands


@pytest.fixture
def noise() -> Callable[..., Image]:
    """noise(width, height, mode) gives a picture that no compression can guess."""
    random = np.random.default_rng(7)

    def draw(width: int, height: int, mode: str = "RGBA") -> Image:
        shape = {"L": (height, width), "RGB": (height, width, 3), "RGBA": (height, width, 4)}
        return Image(random.integers(0, 256, shape[mode], dtype=np.uint8))

    return draw


@pytest.fixture
def tune() -> Melody:
    return Melody(
        (Note(0, 480, 60, 100), Note(480, 240, 64, 33), Note(960, 960, 67)),
        program=12,
        tempos=(Tempo(0, 400_000), Tempo(960, 612_345)),
        metres=(Metre(0, 3, 4), Metre(1440, 4, 4)),
    )


@pytest.fixture
def provenance() -> Provenance:
    return Provenance(
        medium="image",
        generator="gan-digits",
        verb="edit",
        operation="clean-up",
        model="digits",
        model_digest="ab" * 32,
        parameters={"truncation": 0.7, "steps": 20},
        prompt="二〇24 <&> \"'",
        seed=11,
        selection={"kind": "mask", "digest": "cd" * 32},
        parents=("ef" * 32,),
    )


@pytest.fixture
def project() -> Iterator[Project]:
    made = Project.new()
    yield made
    made.close()


@pytest.fixture
def place() -> Callable[..., Item]:
    """place(project, artifact, **fields) puts one item on the board and gives it."""

    def put(project: Project, artifact: Artifact, **fields: Any) -> Item:
        content = project.store.put(artifact)
        (id,) = project.board.new_ids(1)
        known: dict[str, Any] = {"name": "item", "width": 100.0, "height": 50.0} | fields
        project.do(commands.add_items(project.board, [Item(id=id, content=content, **known)]))
        return project.board.item(id)

    return put


@pytest.fixture
def full(
    project: Project,
    place: Callable[..., Item],
    noise: Callable[..., Image],
    tune: Melody,
    provenance: Provenance,
) -> Project:
    """A project with all three media, a mask, a latent and something undone."""
    mask = project.store.put(Image(np.eye(300, 280, dtype=np.uint8) * 255))
    latent = project.store.put_latent(b"\x00\x01latent")
    place(project, noise(280, 300), name="画 é", mask=mask, provenance=provenance, latent=latent)
    place(project, Text("línea\r\n第二行 \U0001f600\ud800"), name="text", x=200.0)
    place(project, tune, name="tune", rotation=30.0, opacity=0.5)
    project.do(commands.remove_items(project.board, ["i2"]))
    project.undo()
    return project


@pytest.fixture
def desk(project: Project) -> Callable[..., Desk]:
    """desk(artifact, mask) has one item on its board, of which edits are asked."""

    def put(artifact: Artifact, mask: Pixels | None = None) -> Desk:
        return Desk(project, artifact, mask)

    return put
