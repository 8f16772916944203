"""Latents belong to a model; ways between them and round them."""

import pytest
import torch

from aigc_studio.api import GeneratorError
from aigc_studio.toolkit import alike, between, pack_latent, strayed, unpack_latent

TAG = b"12345678"


def points(count: int = 3, width: int = 16) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(count))


def test_latents_come_back_as_they_were() -> None:
    given = points()
    back = unpack_latent(pack_latent(given, TAG, [1, 0, 9]), TAG, 16)
    assert torch.equal(back.points, given)
    assert back.labels == (1, 0, 9)


def test_one_point_without_classes_is_as_good() -> None:
    given = points(1, 128)[0].requires_grad_()
    back = unpack_latent(pack_latent(given, TAG), TAG, 128)
    assert torch.equal(back.points[0], given.detach())
    assert back.labels == (0,)
    assert len(pack_latent(given, TAG)) < 600


def test_a_latent_of_another_model_is_a_sentence_in_both_languages() -> None:
    with pytest.raises(GeneratorError, match="another model") as caught:
        unpack_latent(pack_latent(points(), TAG), b"87654321", 16)
    assert caught.value.parameter == "model"
    assert "模型" in caught.value.zh


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        b"GDL1" + b"\xff" * 40,
        b"GDL1" + TAG + b"\xff" * 40,
        pack_latent(points(), TAG)[:-1],
        pack_latent(points(), TAG) + b"\0",
        pack_latent(points(3, 8), TAG),
        pack_latent(points() * float("nan"), TAG),
    ],
)
def test_bytes_that_are_no_latent_are_a_sentence(data: bytes) -> None:
    with pytest.raises(GeneratorError, match="latent"):
        unpack_latent(data, TAG, 16)


def test_what_cannot_be_packed_is_said_to_the_author() -> None:
    for tag, labels in ((b"short", ()), (TAG, (1,)), (TAG, (1, 2, -1)), (TAG, (1, 2, 70_000))):
        with pytest.raises(ValueError, match=r"label|tag"):
            pack_latent(points(), tag, labels)
    with pytest.raises(ValueError, match=r"\(n, width\)"):
        pack_latent(torch.zeros(2, 3, 4), TAG)


def test_the_way_between_two_keeps_their_length() -> None:
    first, last = points(2, 64)
    way = between(first, last, 9)
    assert torch.allclose(way[0], first, atol=1e-5)
    assert torch.allclose(way[-1], last, atol=1e-5)
    assert float(way.norm(dim=1).min()) > 0.95 * min(float(first.norm()), float(last.norm()))
    assert torch.allclose(between(first, first, 3), first.expand(3, -1))


def test_straying_goes_from_nothing_to_anything() -> None:
    given = points(40, 64)
    assert torch.equal(strayed(given, 0.0, 5), given)
    assert torch.equal(strayed(given, 0.5, 5), strayed(given, 0.5, 5))
    assert not torch.equal(strayed(given, 0.5, 5), strayed(given, 0.5, 6))
    far = strayed(given, 1.0, 2**64 + 5)
    assert abs(float(torch.cosine_similarity(far, given).mean())) < 0.1
    assert float(far.norm(dim=1).mean()) == pytest.approx(float(given.norm(dim=1).mean()), rel=0.1)


def test_what_is_alike_strays_as_a_whole() -> None:
    given = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))
    near = alike(given, 5)
    assert torch.equal(near, alike(given, 5))
    assert not torch.equal(near, alike(given, 6))
    assert torch.allclose(near[1] - near[0], 0.75**0.5 * (given[1] - given[0]), atol=1e-5)
    assert torch.allclose(alike(given, 5, 0.0), given)


def test_a_latent_of_more_classes_than_the_model_has_is_damaged() -> None:
    data = pack_latent(torch.zeros(2, 3), b"12345678", [0, 4])
    assert unpack_latent(data, b"12345678", 3, 5).labels == (0, 4)
    with pytest.raises(GeneratorError, match="damaged"):
        unpack_latent(data, b"12345678", 3, 4)
