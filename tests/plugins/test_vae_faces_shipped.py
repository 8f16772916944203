"""The two models of faces that come with the studio: small, told of honestly, and worth having."""

import hashlib

import pytest
import torch
import vae_faces
from vae_faces.model import Model, open_model

from aigc_studio.api import Candidate, EditRequest, GenerateRequest, Image
from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelStore

FOLDER = resources_folder() / "models" / "vae-faces"
NAMES = ("photographs", "cartoon")
_MOST_BYTES = 5_000_000


def the_model(name: str) -> Model:
    return open_model(FOLDER / name)


def test_both_are_small_enough_to_come_along() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= _MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_they_are_models_of_the_library_whose_cards_say_where_they_come_from(name: str) -> None:
    (info,) = [each for each in ModelStore().list("vae-faces") if each.name == name]
    assert info.shipped
    weights = (FOLDER / name / "weights.safetensors").read_bytes()
    assert info.weights_digest == hashlib.sha256(weights).hexdigest()
    card = info.card
    assert card["command"].startswith("aigc-studio train vae-faces --data")
    assert len(card["data"]["fingerprint"]) == 64
    assert card["licence"]
    assert card["credit"]
    assert {"psnr_db", "hole_psnr_db", "frechet_distance"} <= card["metrics"].keys()
    assert card["frame"]["width"] == the_model(name).network.side == 64


def test_the_photographs_have_a_finisher_that_their_card_tells_of() -> None:
    assert the_model("photographs").network.filler.finisher is not None
    (info,) = [each for each in ModelStore().list("vae-faces") if each.name == "photographs"]
    told = info.card["metrics"]
    assert told["scratches_psnr_db"] >= told["classical_scratches_psnr_db"] + 0.7
    assert told["scratches_ssim"] >= 0.975
    assert info.card["architecture"]["fine"] > 0
    assert not the_model("cartoon").network.settings.fine


def test_the_cards_say_whose_faces_they_are() -> None:
    cards = {info.name: info.card for info in ModelStore().list("vae-faces") if info.shipped}
    assert "AT&T Laboratories Cambridge" in cards["photographs"]["credit"]
    assert "esearch and education" in cards["photographs"]["licence"]["en"]
    assert "CC BY 4.0" in cards["cartoon"]["licence"]
    assert "Johan Melin" in cards["cartoon"]["credit"]


@pytest.mark.parametrize(("name", "mode"), [("photographs", "L"), ("cartoon", "RGB")])
def test_they_make_faces_that_differ(name: str, mode: str) -> None:
    request = GenerateRequest(model=FOLDER / name, count=6, seed=3)
    made = [each for each in vae_faces.generate(request) if isinstance(each, Candidate)]
    pictures = [each.artifact for each in made if isinstance(each.artifact, Image)]
    assert len({picture.pixels.tobytes() for picture in pictures}) == 6
    assert {picture.mode for picture in pictures} == {mode}


@pytest.mark.parametrize(("name", "least"), [("photographs", 22.0), ("cartoon", 28.0)])
@torch.no_grad()
def test_what_they_draw_they_read_again(name: str, least: float) -> None:
    faces = the_model(name).network
    points = torch.randn(8, faces.size, generator=torch.Generator().manual_seed(1))
    drawn = faces.decode(faces.traits.settled(points))
    again = faces.decode(faces.encode(drawn)[0])
    error = ((again - drawn) / 2).square().mean()
    assert float(-10 * error.log10()) > least


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_they_fill_a_hole_and_leave_the_rest(name: str) -> None:
    faces = the_model(name).network
    drawn = faces.decode(torch.zeros(1, faces.size))
    hole = torch.zeros(1, 1, 64, 64)
    hole[..., 24:40, 20:44] = 1
    filled = faces.fill(drawn * (1 - hole), hole, torch.zeros(1, faces.filler.noise_size))
    assert (filled * (1 - hole)).equal(drawn * (1 - hole))
    mean = (drawn * (1 - hole)).sum(dim=(2, 3)) / (1 - hole).sum()
    error = ((filled - drawn) * hole).square().sum()
    assert error < ((mean[..., None, None] - drawn) * hole).square().sum() / 4


def test_the_cartoon_knows_attributes() -> None:
    faces = the_model("cartoon").network
    names = {each.name for each in faces.traits.each}
    assert {"beard", "hair", "long hair", "mouth", "eyes", "skin colour", "hair colour"} <= names


def test_what_drawings_of_mouths_leave_out_is_added() -> None:
    faces = the_model("cartoon").network
    touches, mouth = faces.touches, faces.traits.places["mouth"]
    assert touches is not None
    used = touches.values.abs().sum(dim=1) > 0
    of_mouths = used & (touches.columns >= mouth.start) & (touches.columns < mouth.stop)
    assert int(of_mouths.sum()) > 150
    # Where a mouth is: below the nose, and above the chin.
    rows = (touches.places[of_mouths] // faces.side).double()
    assert 38 < float(rows.mean()) < 48
    (info,) = [each for each in ModelStore().list("vae-faces") if each.name == "cartoon"]
    assert info.card["architecture"]["touches"] == len(touches.columns)
    assert "learns=touches" in info.card["command"]
    assert the_model("photographs").network.touches is None


def test_a_hole_is_filled_by_the_plugin_too() -> None:
    folder = FOLDER / "cartoon"
    request = GenerateRequest(model=folder, seed=1)
    (face,) = [e.artifact for e in vae_faces.generate(request) if isinstance(e, Candidate)]
    assert isinstance(face, Image)
    import numpy as np

    from aigc_studio.api import Mask

    mask = np.zeros((64, 64), np.uint8)
    mask[24:40, 20:44] = 255
    edit = EditRequest(
        operation="regenerate",
        model=folder,
        artifacts=(face,),
        selections=(Mask(mask),),
        latents=(None,),
        count=3,
    )
    made = [e.artifact for e in vae_faces.edit(edit) if isinstance(e, Candidate)]
    assert len(made) == 3
