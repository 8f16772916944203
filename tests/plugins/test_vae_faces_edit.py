"""Repair, restore, change, vary, blend and walk: on pictures of all kinds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import vae_faces
from vae_faces.making.parameters import (
    BlendParameters,
    ChangeParameters,
    RegenerateParameters,
    RestoreParameters,
    VaryParameters,
    WalkParameters,
)
from vae_faces.making.subjects import as_subject, hole_in, middle_of
from vae_faces.network import diffusion
from vae_faces.traits import Traits
from vae_faces_models import Drawn, candidates, face, messages, write_faces

from aigc_studio.api import (
    Action,
    EditRequest,
    GenerateRequest,
    GeneratorError,
    Image,
    Mask,
    StudioError,
)
from aigc_studio.translation import localized

EDITS = ("regenerate", "restore", "change", "vary", "blend", "wander")
LIKE_ITSELF = {"change": ChangeParameters(keep=0.0), "vary": VaryParameters(freedom=0.0)}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faces(tmp_path_factory.mktemp("models") / "faces")


@pytest.fixture(scope="module")
def grey_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faces(tmp_path_factory.mktemp("models") / "grey", channels=1, traits=Traits())


def part(image: Image, left: int, top: int, right: int, bottom: int) -> Mask:
    pixels = np.zeros((image.height, image.width), np.uint8)
    pixels[top:bottom, left:right] = 255
    return Mask(pixels)


def middle(image: Image) -> Mask:
    third = [(each // 3, each // 3 + max(each // 3, 1)) for each in (image.width, image.height)]
    return part(image, third[0][0], third[1][0], third[0][1], third[1][1])


def events(model: Path | None, operation: str, *pictures: Image, **fields: Any) -> Action:
    mask = fields.pop("mask", None)
    latents = fields.pop("latents", (None,) * len(pictures))
    if operation == "blend" and len(pictures) == 1:
        pictures, latents = (pictures[0], face(20, 24, seed=4)), (latents[0], None)
    selections = (mask, *(None for _each in pictures[1:]))
    return vae_faces.edit(
        EditRequest(
            operation=operation, model=model, artifacts=pictures, selections=selections,
            latents=latents, **fields,
        )
    )  # fmt: skip


def edit(model: Path | None, operation: str, *pictures: Image, **fields: Any) -> list[Drawn]:
    if operation == "regenerate" and "mask" not in fields:
        fields["mask"] = middle(pictures[0])
    return candidates(events(model, operation, *pictures, **fields))


# -- what holds for all of them -----------------------------------------------------------------


@pytest.mark.parametrize("operation", EDITS)
def test_more_candidates_do_not_change_the_first_ones(model: Path, operation: str) -> None:
    fields = {"controls": {"beard": 1.0}} if operation == "change" else {}
    few = edit(model, operation, face(), seed=5, count=1, **fields)
    many = edit(model, operation, face(), seed=5, count=3, **fields)
    assert many[: len(few)] == few
    assert len({each.artifact for each in many}) >= 3


@pytest.mark.parametrize("operation", EDITS)
def test_any_candidate_is_made_again_from_its_seed_alone(model: Path, operation: str) -> None:
    fields = {"controls": {"beard": 1.0}} if operation == "change" else {}
    many = edit(model, operation, face(), seed=7, count=3, **fields)
    each = len(many) // 3
    for number in range(3):
        made = many[number * each : (number + 1) * each]
        again = edit(model, operation, face(), seed=made[0].seed, count=1, **fields)
        assert [one.artifact for one in again] == [one.artifact for one in made]


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (3, 50), (48, 40), (32, 32), (90, 7), (200, 130)])
@pytest.mark.parametrize("operation", ["regenerate", "restore", "change", "vary"])
def test_any_picture_comes_back_in_its_own_size_and_mode(
    model: Path, grey_model: Path, operation: str, size: tuple[int, int], channels: int
) -> None:
    picture = face(*size, channels)
    for each in (model, grey_model):
        if operation == "regenerate" and size == (1, 1):
            with pytest.raises(GeneratorError, match="All of the picture"):
                edit(each, operation, picture)
            continue
        made = edit(each, operation, picture)[0].artifact
        assert (made.width, made.height, made.mode) == (*size, picture.mode)


@pytest.mark.parametrize("operation", EDITS)
def test_what_is_transparent_stays_so(model: Path, operation: str) -> None:
    picture = face(channels=4)
    other = (face(channels=4, seed=2),) if operation == "blend" else ()
    for made in edit(model, operation, picture, *other):
        assert made.artifact.mode == "RGBA"
        assert (made.artifact.pixels[..., 3] == picture.pixels[..., 3]).all()


@pytest.mark.parametrize("operation", EDITS)
def test_a_grey_picture_gets_no_colour_from_a_model_that_has(model: Path, operation: str) -> None:
    grey = face(channels=1).convert("RGB")
    other = (face(20, 20, channels=1, seed=2),) if operation == "blend" else ()
    fields = {"controls": {"beard": 1.0}} if operation == "change" else {}
    for made in edit(model, operation, grey, *other, count=2, **fields):
        assert (np.ptp(made.artifact.pixels, axis=2) == 0).all()


@pytest.mark.parametrize("operation", ["change", "vary", "restore"])
def test_a_coloured_picture_keeps_its_colour_with_a_grey_model(
    grey_model: Path, operation: str
) -> None:
    picture = face(64, 64)
    made = edit(grey_model, operation, picture, seed=2)[0].artifact
    spread = np.ptp(picture.pixels.astype(int), axis=2)
    if operation != "restore":
        assert np.abs(np.ptp(made.pixels.astype(int), axis=2) - spread).mean() < 12


@pytest.mark.parametrize("operation", ["regenerate", "restore", "change", "vary"])
def test_outside_the_mask_every_bit_stays(model: Path, operation: str) -> None:
    picture = face(50, 44)
    mask = middle(picture)
    fields = {"controls": {"beard": 1.0}} if operation == "change" else {}
    for made in edit(model, operation, picture, mask=mask, count=2, **fields):
        kept = mask.pixels == 0
        assert (made.artifact.pixels[kept] == picture.pixels[kept]).all()
        assert (made.artifact.pixels[~kept] != picture.pixels[~kept]).any()


@pytest.mark.parametrize("operation", EDITS)
def test_no_model_is_a_sentence_and_so_is_another_generators(
    operation: str, tmp_path: Path
) -> None:
    with pytest.raises(GeneratorError, match="no model") as caught:
        edit(None, operation, face())
    assert caught.value.zh
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.json").write_text("{}")
    with pytest.raises(StudioError):
        edit(tmp_path / "m", operation, face())


def test_a_latent_of_another_model_is_passed_over_and_the_picture_looked_at(
    model: Path, tmp_path: Path
) -> None:
    other = write_faces(tmp_path / "other", seed=9)
    (foreign,) = candidates(vae_faces.generate(GenerateRequest(operation="generate", model=other)))
    fields: dict[str, Any] = {"controls": {"beard": 1.0}}
    told = edit(model, "change", foreign.artifact, latents=(foreign.latent,), **fields)
    assert told == edit(model, "change", foreign.artifact, **fields)
    broken = edit(model, "change", foreign.artifact, latents=(b"?",), **fields)
    assert broken == told


# -- repair -------------------------------------------------------------------------------------


def test_the_most_likely_filling_comes_first_whatever_the_seed(model: Path) -> None:
    first = [edit(model, "regenerate", face(), seed=seed)[0] for seed in (1, 77)]
    assert first[0].artifact == first[1].artifact
    assert isinstance(first[0].title, dict)
    assert first[0].title["en"] == "Most likely"
    many = edit(model, "regenerate", face(), seed=1, count=4)
    assert len({each.artifact for each in many}) == 4
    assert [each.title == first[0].title for each in many] == [True, False, False, False]


def test_without_differences_all_are_the_most_likely(model: Path) -> None:
    same = edit(model, "regenerate", face(), count=3, parameters=RegenerateParameters(freedom=0.0))
    assert len({each.artifact for each in same}) == 1


@pytest.mark.parametrize("mask", [None, Mask(np.zeros((32, 32), np.uint8))])
def test_regenerating_without_a_selection_is_a_sentence(model: Path, mask: Mask | None) -> None:
    with pytest.raises(GeneratorError, match="Nothing is selected") as caught:
        edit(model, "regenerate", face(), mask=mask)
    assert caught.value.zh


def test_regenerating_all_there_is_is_a_sentence(model: Path) -> None:
    full = Mask(np.full((32, 32), 1, np.uint8))
    with pytest.raises(GeneratorError, match="All of the picture") as caught:
        edit(model, "regenerate", face(), mask=full)
    assert caught.value.zh


def test_a_mask_of_another_size_is_a_sentence(model: Path) -> None:
    with pytest.raises(GeneratorError, match="size"):
        edit(model, "regenerate", face(), mask=Mask(np.full((8, 8), 255, np.uint8)))


def test_a_single_pixel_is_filled_in_and_nothing_else(model: Path) -> None:
    picture = face()
    mask = part(picture, 9, 9, 10, 10)
    (made,) = edit(model, "regenerate", picture, mask=mask)
    different = (made.artifact.pixels != picture.pixels).any(axis=2)
    assert different.sum() <= 1


def test_hairlines_are_continued_once_however_much_is_made(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    continued = diffusion.completed
    asked: list[object] = []

    def counted(values: diffusion.Values, hole: diffusion.Mask) -> diffusion.Values:
        asked.append(hole)
        return continued(values, hole)

    monkeypatch.setattr(diffusion, "completed", counted)
    picture = face(64, 64)
    made = edit(model, "regenerate", picture, mask=part(picture, 30, 0, 32, 64), count=3)
    assert len(made) == 3
    assert len(asked) == 1


def test_hairlines_are_continued_smoothly_and_it_is_said(model: Path) -> None:
    picture = face(64, 64)
    scratched = picture.pixels.copy()
    scratched[:, 30:32] = 255
    line = part(picture, 30, 0, 32, 64)
    told = list(events(model, "regenerate", Image(scratched), mask=line, count=3))
    assert any("hairlines" in each for each in messages(iter(told)))
    made = candidates(iter(told))
    assert isinstance(made[0].title, dict)
    assert made[0].title["en"] == "Smooth continuation"
    off = np.abs(made[0].artifact.pixels.astype(int) - picture.pixels)
    assert off.max() < 8, "a smooth picture is continued as it was"
    assert len({each.artifact for each in made}) == 3
    block = list(events(model, "regenerate", picture, mask=middle(picture)))
    assert messages(iter(block)) == []


@pytest.mark.parametrize(("method", "smooth"), [("model", False), ("smooth", True)])
def test_a_person_may_say_how_it_is_filled(model: Path, method: str, smooth: bool) -> None:
    parameters = RegenerateParameters.model_validate({"method": method})
    for mask in (part(face(), 10, 0, 11, 32), middle(face())):
        (made,) = edit(model, "regenerate", face(), mask=mask, parameters=parameters)
        assert isinstance(made.title, dict)
        assert (made.title["en"] == "Smooth continuation") == smooth


def test_restoring_goes_by_its_strength(model: Path) -> None:
    picture = face(32, 32)
    none = edit(model, "restore", picture, parameters=RestoreParameters(strength=0.0))[0]
    assert none.artifact == picture
    full = edit(model, "restore", picture)[0].artifact.pixels.astype(int)
    half = edit(model, "restore", picture, parameters=RestoreParameters(strength=0.5))[0]
    between = (picture.pixels + full) / 2
    assert np.abs(half.artifact.pixels - between).max() <= 1


def test_restoring_keeps_what_is_finer_than_the_model_sees_and_says_so(model: Path) -> None:
    picture = face(160, 160)
    fine = picture.pixels.copy()
    fine[80, 20:140] = 0
    told = list(events(model, "restore", Image(fine)))
    assert any("160×160" in each and "32×32" in each for each in messages(iter(told)))
    made = candidates(iter(told))[0].artifact.pixels.astype(int)
    assert (made[80, 30:130].mean() + 40) < made[70, 30:130].mean(), "the line is still there"


# -- change -------------------------------------------------------------------------------------


def test_a_change_is_carried_over_and_the_rest_kept(model: Path) -> None:
    picture = face(32, 32)
    fields: dict[str, Any] = {"controls": {"beard": 1.0, "hair": "blond hair"}}
    all_of_it = edit(model, "change", picture, parameters=ChangeParameters(keep=0.0), **fields)
    most = edit(model, "change", picture, parameters=ChangeParameters(keep=1.0), **fields)
    touched = [
        int((each[0].artifact.pixels != picture.pixels).any(axis=2).sum())
        for each in (all_of_it, most)
    ]
    assert 0 < touched[1] < touched[0]


def test_a_large_picture_stays_as_sharp_as_it_was(model: Path) -> None:
    rng = np.random.default_rng(1)
    noisy = face(256, 256).pixels.astype(int) + rng.integers(-20, 21, (256, 256, 3))
    picture = Image(noisy.clip(0, 255).astype(np.uint8))
    made = edit(
        model, "change", picture, controls={"beard": 1.0}, parameters=LIKE_ITSELF["change"]
    )[0].artifact
    difference = made.pixels.astype(float) - picture.pixels
    rough = np.abs(np.diff(difference, axis=1)).mean()
    assert rough < 2, "only what is smooth was added"


def test_words_change_a_face_as_controls_do(model: Path) -> None:
    moved = edit(model, "change", face(), controls={"beard": -1.0, "hair": "black hair"})
    for prompt in ("no beard, black hair", "没有胡子，黑发"):
        assert edit(model, "change", face(), prompt=prompt)[0].artifact == moved[0].artifact
    with pytest.raises(GeneratorError, match="glasses"):
        edit(model, "change", face(), prompt="glasses")


def test_nothing_asked_for_is_the_face_itself_and_it_is_said(model: Path) -> None:
    told = list(events(model, "change", face()))
    assert any("Nothing is changed" in each for each in messages(iter(told)))
    assert candidates(iter(told))[0].artifact == face()


def test_a_made_face_is_changed_from_its_point(model: Path) -> None:
    request = GenerateRequest(operation="generate", model=model, seed=4)
    (given,) = candidates(vae_faces.generate(request))
    fields: dict[str, Any] = {"latents": (given.latent,), "controls": {"beard": 1.0}}
    (made,) = edit(model, "change", given.artifact, parameters=LIKE_ITSELF["change"], **fields)
    steered = GenerateRequest(operation="generate", model=model, seed=4, controls={"beard": 1.0})
    (drawn,) = candidates(vae_faces.generate(steered))
    assert np.abs(made.artifact.pixels.astype(int) - drawn.artifact.pixels).max() <= 1
    assert made.latent == drawn.latent, "so that it can be gone on from"


def test_other_candidates_of_a_change_differ_only_where_it_changed(model: Path) -> None:
    picture = face(32, 32)
    first, *others = edit(model, "change", picture, controls={"beard": 1.0}, count=4)
    kept = (first.artifact.pixels == picture.pixels).all(axis=2)
    assert kept.any()
    for each in others:
        assert each.artifact != first.artifact
        off = np.abs(each.artifact.pixels.astype(int) - picture.pixels)[kept]
        assert off.mean() < 4


def test_a_picture_that_is_no_square_is_changed_in_its_middle_without_an_edge(
    model: Path,
) -> None:
    picture = face(120, 60)
    made = edit(model, "change", picture, controls={"beard": 1.0}, parameters=LIKE_ITSELF["change"])
    off = made[0].artifact.pixels.astype(int) - picture.pixels
    assert not off[:, :30].any()
    assert not off[:, 90:].any()
    assert off[:, 40:80].any()
    assert np.abs(off[:, 30]).max() <= max(2, np.abs(off).max() // 4)


def test_varying_keeps_the_attributes_and_goes_by_its_freedom(model: Path) -> None:
    picture = face()
    exact = edit(model, "vary", picture, parameters=LIKE_ITSELF["vary"])[0].artifact
    assert np.abs(exact.pixels.astype(int) - picture.pixels).max() <= 1
    made = edit(model, "vary", picture, count=3, parameters=VaryParameters(freedom=0.8))
    assert len({each.artifact for each in made}) == 3


# -- ways ---------------------------------------------------------------------------------------


def test_a_blend_begins_and_ends_with_the_two_pictures(model: Path) -> None:
    first, second = face(40, 40), face(40, 40, seed=3)
    made = edit(model, "blend", first, second, parameters=BlendParameters(steps=5))
    assert [each.position for each in made] == [0, 1, 2, 3, 4]
    assert len({each.strip for each in made}) == 1
    titles = [localized(each.title) for each in made]
    assert titles == ["Blend 0.00", "Blend 0.25", "Blend 0.50", "Blend 0.75", "Blend 1.00"]
    for end, picture in ((made[0], first), (made[-1], second)):
        assert np.abs(end.artifact.pixels.astype(int) - picture.pixels).max() <= 1


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_one_face_between_two_by_a_share(model: Path, share: float) -> None:
    first, second = face(40, 40), face(40, 40, seed=3)
    parameters = BlendParameters(result="one", share=share)
    made = edit(model, "blend", first, second, parameters=parameters, count=2)
    assert [each.strip for each in made] == ["", ""]
    drawn = made[0].artifact.pixels.astype(int)
    off = [np.abs(drawn - each.pixels).mean() for each in (first, second)]
    assert (off[0] < 1) == (share == 0)
    assert (off[1] < 1) == (share == 1)


def test_blends_of_other_seeds_take_other_ways(model: Path) -> None:
    made = edit(model, "blend", face(), face(seed=3), count=2, parameters=BlendParameters(steps=3))
    assert made[1].artifact != made[4].artifact
    assert (made[0].artifact, made[2].artifact) == (made[3].artifact, made[5].artifact)


def test_faces_of_any_size_and_mode_blend_in_that_of_the_first(model: Path) -> None:
    cases = [((48, 40), 1, (20, 90), 3, "RGB"), ((30, 30), 3, (64, 64), 4, "RGBA"),
             ((1, 1), 1, (2, 5), 1, "L")]  # fmt: skip
    for size, channels, other, more, mode in cases:
        made = edit(model, "blend", face(*size, channels), face(*other, more))
        side = min(size)
        assert {(e.artifact.width, e.artifact.height, e.artifact.mode) for e in made} == {
            (side, side, mode)
        }


def test_strips_of_large_pictures_are_made_smaller(model: Path) -> None:
    made = edit(
        model, "blend", face(1500, 1500, 1), face(9, 9), parameters=BlendParameters(steps=2)
    )
    assert made[0].artifact.width == 1024


def test_a_walk_begins_at_the_face_itself(model: Path) -> None:
    picture = face(40, 40)
    made = edit(model, "wander", picture, parameters=WalkParameters(frames=6))
    assert len(made) == 6
    assert np.abs(made[0].artifact.pixels.astype(int) - picture.pixels).max() <= 1
    assert np.abs(made[3].artifact.pixels.astype(int) - picture.pixels).mean() > 3


# -- pictures on their way ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [(32, 32), (64, 20), (7, 50), (500, 300)])
def test_a_hole_covers_all_that_is_selected(size: tuple[int, int]) -> None:
    picture = face(*size)
    mask = part(picture, size[0] - 2, size[1] - 2, size[0] - 1, size[1] - 1)
    subject = as_subject(picture, 32, "RGB")
    hole = hole_in(subject, mask.pixels)
    left, top, right, bottom = subject.inner
    assert hole.sum() >= 1
    assert hole.sum() == hole[0, 0, top:bottom, left:right].sum()


def test_the_middle_of_a_picture_is_a_square_that_knows_where_it_lies() -> None:
    subject = middle_of(face(92, 112), 32, "L")
    assert (subject.image.width, subject.image.height, subject.place) == (92, 92, (0, 10))
    assert float(subject.edges[16, 0]) == 1
    assert float(subject.edges[0, 16]) < 0.3


def test_a_large_picture_is_worked_on_in_bands_without_a_seam(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = face(90, 70)
    mask = middle(picture)
    requests: list[tuple[str, dict[str, Any]]] = [
        ("regenerate", {}), ("restore", {"mask": mask}), ("vary", {"mask": mask}),
    ]  # fmt: skip
    whole = [edit(model, name, picture, **fields)[0].artifact for name, fields in requests]
    monkeypatch.setattr("vae_faces.making.subjects._BAND", 90 * 7)
    for (name, fields), before in zip(requests, whole, strict=True):
        after = edit(model, name, picture, **fields)[0].artifact
        assert np.abs(after.pixels.astype(int) - before.pixels).max() <= 1 + 8 * (name == "restore")


def test_all_that_is_said_is_said_in_two_languages(model: Path) -> None:
    picture = face(80, 80)
    scratch = part(picture, 3, 0, 4, 80)
    for operation in EDITS:
        mask = scratch if operation == "regenerate" else None
        for event in events(model, operation, picture, mask=mask):
            for name in ("text", "title"):
                words = getattr(event, name, "")
                assert isinstance(words, str) or set(words) == {"en", "zh"}


def test_a_difference_leaves_no_rim_where_the_net_draws_a_face_otherwise() -> None:
    light, dark = (Image(np.full((32, 32, 3), level, np.uint8)) for level in (230, 40))
    base, wanted = torch.full((1, 3, 32, 32), -0.5), torch.full((1, 3, 32, 32), 0.3)
    beside = as_subject(light, 32, "RGB").composed(wanted, base).pixels
    assert np.abs(beside.astype(int) - 230).max() <= 12, "lighter than what is wanted already"
    changed_there = as_subject(dark, 32, "RGB").composed(wanted, base).pixels
    assert changed_there.min() > 120
