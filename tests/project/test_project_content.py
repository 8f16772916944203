import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import numpy as np
import pytest
from kinds import an_image

from aigc_studio.api import Image, Melody, StudioError, Text
from aigc_studio.project import ContentStore
from aigc_studio.project.tiles import TILE

BLANK = bytes(TILE * TILE * 4)


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "内容 é")


def files(store: ContentStore) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in store.folder.rglob("*.*")}


def solid(*colour: int) -> bytes:
    return bytes(colour) * (TILE * TILE)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (256, 256), (257, 255), (28, 700)])
def test_a_picture_comes_back_exactly(
    store: ContentStore, noise: Callable[..., Image], mode: str, size: tuple[int, ...]
) -> None:
    image = noise(*size, mode)
    content = store.put(image)
    back = an_image(ContentStore(store.folder).get(content))
    assert back == image
    assert back.mode == mode
    assert dict(content.info) == {"width": size[0], "height": size[1], "mode": mode}


@pytest.mark.parametrize("text", ["", "a\r\nb\x00c", "汉字 \U0001f600", "\ud800 alone"])
def test_a_text_comes_back_exactly(store: ContentStore, text: str) -> None:
    assert store.get(store.put(Text(text))) == Text(text)


def test_a_melody_comes_back_exactly(store: ContentStore, tune: Melody) -> None:
    assert store.get(store.put(tune)) == tune


def test_equal_artifacts_are_one_content(store: ContentStore, noise: Callable[..., Image]) -> None:
    image = noise(30, 20)
    first = store.put(image)
    before = files(store)
    assert store.put(Image(image.pixels.copy())) == first
    assert files(store) == before


def test_colours_under_full_transparency_are_kept(store: ContentStore) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[0, 0] = (9, 8, 7, 0)
    assert store.get(store.put(Image(pixels))) == Image(pixels)


def test_a_blank_picture_takes_no_tiles(store: ContentStore) -> None:
    content = store.put_blank(4096, 4096)
    assert not store.tiles(content)
    assert len(files(store)) == 1
    assert store.put(Image(np.zeros((300, 300, 4), np.uint8))) == store.put_blank(300, 300)


def test_a_stroke_writes_only_the_tiles_it_touched(
    store: ContentStore, noise: Callable[..., Image]
) -> None:
    base = store.put(noise(1024, 1024))
    before = files(store)
    changed = store.put_tiles(base, {(1, 2): solid(1, 2, 3, 4), (3, 3): BLANK})
    new = set(files(store)) - set(before)
    assert len(new) == 2  # one tile and the manifest; the blank tile is not written
    former, after = store.tiles(base), store.tiles(changed)
    assert {key for key in former if former[key] != after.get(key)} == {(1, 2), (3, 3)}
    pixels = an_image(store.get(base)).pixels.copy()
    pixels[512:768, 256:512] = (1, 2, 3, 4)
    pixels[768:, 768:] = 0
    assert (an_image(store.get(changed)).pixels == pixels).all()


def test_what_a_stroke_leaves_outside_the_picture_is_not_kept(
    store: ContentStore, noise: Callable[..., Image]
) -> None:
    base = store.put(noise(300, 280))
    sloppy = store.put_tiles(base, {(1, 1): solid(5, 6, 7, 255)})
    again = store.put(store.get(sloppy))
    assert sloppy == again


@pytest.mark.parametrize(
    ("mode", "colour", "becomes"),
    [
        ("L", (8, 8, 8, 255), "L"),
        ("L", (8, 9, 8, 255), "RGB"),
        ("L", (8, 8, 8, 254), "RGBA"),
        ("RGB", (8, 9, 8, 255), "RGB"),
        ("RGB", (0, 0, 0, 0), "RGBA"),
        ("RGBA", (8, 8, 8, 255), "RGBA"),
    ],
)
def test_the_mode_grows_with_what_is_painted(
    store: ContentStore,
    noise: Callable[..., Image],
    mode: str,
    colour: tuple[int, ...],
    becomes: str,
) -> None:
    base = store.put(noise(256, 256, mode))
    painted = store.put_tiles(base, {(0, 0): solid(*colour)})
    image = an_image(store.get(painted))
    assert image.mode == painted.info["mode"] == becomes
    assert tuple(image.convert("RGBA").pixels[100, 100]) == colour


@pytest.mark.parametrize("key", [(1, 0), (0, 1), (-1, 0)])
def test_a_tile_outside_the_picture_is_refused(store: ContentStore, key: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="tile"):
        store.put_tiles(store.put_blank(256, 256), {key: BLANK})


def test_a_tile_of_a_wrong_size_is_refused(store: ContentStore) -> None:
    with pytest.raises(ValueError, match="tile"):
        store.put_tiles(store.put_blank(256, 256), {(0, 0): b"1234"})


@pytest.mark.parametrize("size", [(0, 5), (70_000, 1), (65_536, 65_536)])
def test_a_picture_of_an_impossible_size_is_refused(
    store: ContentStore, size: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="picture"):
        store.put_blank(*size)


def test_many_threads_may_write_the_same(store: ContentStore, noise: Callable[..., Image]) -> None:
    images = [noise(300, 300) for _ in range(3)]
    found, errors = [], []

    def work() -> None:
        try:
            found.append([store.put(image) for image in images])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert all(each == found[0] for each in found)
    assert [store.get(content) for content in found[0]] == images


def _damage_missing(path: Path) -> None:
    path.unlink()


def _damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def _damage_other(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("damage", [_damage_missing, _damage_cut, _damage_other])
@pytest.mark.parametrize("kind", ["tile", "image", "text", "melody", "latent"])
def test_missing_and_damaged_files_are_a_sentence(
    store: ContentStore,
    noise: Callable[..., Image],
    tune: Melody,
    kind: str,
    damage: Callable[[Path], None],
) -> None:
    contents = {
        "image": store.put(noise(20, 20)),
        "text": store.put(Text("hello, this is some text")),
        "melody": store.put(tune),
    }
    latent = store.put_latent(b"some latent, of some length")
    for path in (store.folder / kind).rglob("*.*"):
        damage(path)
    fresh = ContentStore(store.folder)
    asked = "image" if kind == "tile" else kind
    with pytest.raises(StudioError, match=kind):
        fresh.latent(latent) if kind == "latent" else fresh.get(contents[asked])


def test_a_tile_that_claims_to_be_enormous_is_not_decoded(
    store: ContentStore, noise: Callable[..., Image]
) -> None:
    from PIL import Image as Pillow

    content = store.put(noise(20, 20))
    (tile,) = store.tiles(content).values()
    Pillow.new("RGBA", (4000, 4000)).save(store.path("tile", tile), "PNG")
    with pytest.raises(StudioError, match="tile"):
        ContentStore(store.folder).get(content)


def test_a_disk_that_cannot_be_written_is_a_sentence(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aigc_studio.project.shelf.write_bytes", refuse)
    with pytest.raises(StudioError, match="No space left"):
        store.put(Text("x"))


def test_a_picture_too_large_for_a_project_is_a_sentence(store: ContentStore) -> None:
    with pytest.raises(StudioError, match="70000×1 pixels"):
        store.put(Image(np.zeros((1, 70_000), np.uint8)))
    assert not store.folder.exists()


def test_a_tile_is_a_png_that_others_read_as_well(store: ContentStore) -> None:
    import io

    from PIL import Image as Pillow

    from aigc_studio.project import tiles

    pixels = np.random.default_rng(3).integers(0, 256, (TILE, TILE, 4), np.uint8)
    pixels[40:90] = 200
    png = tiles.encode_png(pixels.tobytes())
    assert np.array_equal(np.asarray(Pillow.open(io.BytesIO(png))), pixels)
    assert tiles.decode_png(png) == pixels.tobytes()


def test_what_was_put_in_a_picture_is_not_decoded_by_who_looks_at_it(
    store: ContentStore, noise: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = store.put(noise(700, 600, "RGB"))
    part = noise(300, 280, "RGB")
    made = store.quick().put_part(base, (200, 100, 500, 380), part)
    new = set(store.tiles(made).values()) - set(store.tiles(base).values())

    def refuse(_data: bytes) -> Never:
        raise AssertionError("decoded")

    monkeypatch.setattr("aigc_studio.project.tiles.decode_png", refuse)
    assert len(new) == 4
    assert all(len(store.tile(digest)) == TILE * TILE * 4 for digest in new)


def test_equal_tiles_one_after_the_other_are_hashed_once(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, count = ContentStore.put_tile, []

    def counted(self: ContentStore, pixels: bytes) -> str:
        count.append(1)
        return put(self, pixels)

    monkeypatch.setattr(ContentStore, "put_tile", counted)
    pixels = np.zeros((4 * TILE, 3 * TILE), np.uint8)
    pixels[TILE : TILE + 9, :9] = 7
    content = store.put(Image(pixels))
    assert (len(count), len(store.tiles(content))) == (3, 12)
    assert store.get(content) == Image(pixels)
