"""The content store: every artifact of a project, immutable, named by its digest.

A picture is a manifest of 256×256 tiles, so that a brush stroke on 4096² writes a few tiles and not
64 MiB. Tiles are stored as PNG, because the `.aigc` file holds them so and saving is then a copy.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aigc_studio import late
from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import Melody
from aigc_studio.files import canonical_json
from aigc_studio.project import tiles
from aigc_studio.project.manifests import check_size, is_digest, read_manifest
from aigc_studio.project.shelf import Shelf, damaged
from aigc_studio.project.tiles import TILE, Tile
from aigc_studio.translation import _

if TYPE_CHECKING:
    import hashlib
else:
    hashlib = late.module("hashlib")

MELODY_BYTES = 64 << 20
"""The most bytes of a melody as JSON: with all notes and bars that `limits` has there is room."""

_TILES = 128
"""Tiles that were read last and are remembered (256 KiB each): those under a frame of a photograph,
so that its next edit decodes none of them anew."""
_FEW_TILES = 4
"""Manifests of small pictures are remembered by the thousand: there may be as many on a board."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Content:
    """One artifact in a store: equal digests are equal artifacts.

    `info` of an image: `width`, `height` (pixels) and `mode`; of a text: `length` (code points); of
    a melody: `notes` (how many), `length` (ticks) and `quarters` (how many quarter notes that is).
    """

    medium: Medium
    digest: str
    info: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"medium": self.medium, "digest": self.digest, "info": dict(self.info)}

    @classmethod
    def from_json(cls, value: Any) -> Content:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        medium = value.get("medium") if isinstance(value, Mapping) else None
        if not isinstance(medium, str) or medium not in _info:
            raise ValueError(f"not a content: {value!r:.80}")
        info = value.get("info", {})
        if not is_digest(value.get("digest")) or not isinstance(info, Mapping):
            raise ValueError(f"not a content: {value!r:.80}")
        if medium == "image":
            check_size(info.get("width"), info.get("height"), info.get("mode"))
        # What a later version adds is passed over.
        known = {name: info[name] for name in _info[medium] if name in info}
        if medium != "image" and not all(
            type(part) is int and 0 <= part < 1 << 63 for part in known.values()
        ):
            raise ValueError(f"not a content: {value!r:.80}")
        return cls(cast(Medium, medium), value["digest"], known)


_info: Mapping[str, tuple[str, ...]] = {
    "image": ("width", "height", "mode"),
    "text": ("length",),
    "melody": ("notes", "length", "quarters"),
}


class ContentStore(Shelf):
    """Content-addressed files in `folder`: every artifact and its parts.

    Reading what is missing or damaged raises `StudioError`.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder, durable=durable)
        self._lock = threading.Lock()
        self._tiles: OrderedDict[str, bytes] = OrderedDict()
        self._manifests: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._small: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    def quick(self) -> ContentStore:
        """The same store without the sync to disk: for results that are synced after they show."""
        other = ContentStore(self.folder, durable=False)
        other.share(self)
        other._lock, other._tiles = self._lock, self._tiles
        other._manifests, other._small = self._manifests, self._small
        return other

    def put(self, artifact: Artifact) -> Content:
        """Store an artifact and say what it is called; one that is there already costs no write.

        Raises `StudioError` for one too large for a project (`limits`), or when it cannot be
        written.
        """
        _check_limits(artifact)
        if isinstance(artifact, Image):
            size = {"width": artifact.width, "height": artifact.height, "mode": artifact.mode}
            with self.together():
                return self._put_manifest(size, dict(self._put_all(tiles.split(artifact))))
        if isinstance(artifact, Text):
            data = artifact.value.encode("utf-8", "surrogatepass")
            if len(data) > limits.TEXT_BYTES:
                raise _too_long("text", limits.TEXT_BYTES)
            info = {"length": len(artifact.value)}
        else:
            data = artifact.to_json().encode()
            if len(data) > MELODY_BYTES:
                raise _too_long("melody", MELODY_BYTES)
            quarters = -(-artifact.length // artifact.ticks_per_quarter)
            info = {"notes": len(artifact.notes), "length": artifact.length, "quarters": quarters}
        digest = hashlib.sha256(
            f"{artifact.medium} ".encode() + data
        ).hexdigest()  # `artifact.digest`
        self.write(artifact.medium, digest, lambda: data)
        return Content(artifact.medium, digest, info)

    def _put_all(self, found: Iterable[tuple[Tile, bytes]]) -> Iterator[tuple[Tile, str]]:
        former, digest = tiles.EMPTY, ""
        for key, pixels in found:
            # Of a mask, or of white paper, most are as the one before: to compare is no work.
            if pixels != former:
                former = pixels
                digest = self.put_tile(pixels) if pixels != tiles.EMPTY else ""
            if digest:
                yield key, digest

    def put_blank(self, width: int, height: int) -> Content:
        """A transparent RGBA picture that takes no room. Raises `ValueError` when too large."""
        return self._put_manifest({"width": width, "height": height, "mode": "RGBA"}, {})

    def put_tiles(self, base: Content, changes: Mapping[Tile, bytes]) -> Content:
        """The picture `base` with some tiles replaced, as after a brush stroke.

        Tiles are RGBA8888, straight alpha, 256×256 pixels; what lies outside the picture counts as
        zero. A grey picture that gets colour becomes RGB, an opaque one that gets a hole RGBA.
        Raises `ValueError` for a tile outside the picture or of a wrong size.
        """
        manifest = self._manifest(base)
        size = {key: manifest[key] for key in ("width", "height", "mode")}
        names = dict(self.tiles(base))
        with self.together():
            for key, pixels in changes.items():
                pixels, mode = tiles.fit(pixels, key, size["width"], size["height"], size["mode"])
                size["mode"] = mode
                names.pop(key, None)
                if pixels != tiles.EMPTY:
                    names[key] = digest = self.put_tile(pixels)
                    # Whoever put it there looks at it next.
                    self._keep(self._tiles, digest, pixels, _TILES)
            return self._put_manifest(size, names)

    def part(self, content: Content, box: tuple[int, int, int, int]) -> Image:
        """A rectangle inside a picture (left, top, right, bottom): only its tiles are read."""
        left, top, right, bottom = box
        first, last = (left // TILE, top // TILE), ((right - 1) // TILE, (bottom - 1) // TILE)
        found = (
            ((column, row), self.tile(digest))
            for (column, row), digest in self.tiles(content).items()
            if first[0] <= column <= last[0] and first[1] <= row <= last[1]
        )
        mode = self._manifest(content)["mode"]
        return tiles.join(right - left, bottom - top, mode, found, left, top)

    def put_part(self, base: Content, box: tuple[int, int, int, int], part: Image) -> Content:
        """The picture `base` with a rectangle of it (left, top, right, bottom) replaced.

        Tiles that stay equal are not written. A picture gets the mode that holds the part.
        """
        left, top, right, bottom = box
        end = (-(-right // TILE), -(-bottom // TILE))
        far = tuple(base.info[side] for side in ("width", "height"))
        changes: dict[Tile, bytes] = {}
        for key in (
            (x, y) for y in range(top // TILE, end[1]) for x in range(left // TILE, end[0])
        ):
            x, y = key[0] * TILE, key[1] * TILE
            # What the part covers need not be read.
            covered = left <= x and top <= y
            covered = covered and right >= min(x + TILE, far[0])
            covered = covered and bottom >= min(y + TILE, far[1])
            digest = None if covered else self.tiles(base).get(key)
            data = self.tile(digest) if digest is not None else tiles.EMPTY
            changes[key] = tiles.laid(data, key, part, left, top)
        return self.put_tiles(base, changes)

    def get(self, content: Content) -> Artifact:
        """The artifact, exactly as it was put."""
        if content.medium == "image":
            manifest = self._manifest(content)
            found = ((key, self.tile(digest)) for key, digest in self.tiles(content).items())
            return tiles.join(manifest["width"], manifest["height"], manifest["mode"], found)
        data = self.read(content.medium, content.digest)
        return self._understood(content.medium, content.digest, lambda: _decode(content, data))

    def tiles(self, content: Content) -> Mapping[Tile, str]:
        """Which tiles a picture has, (column, row) → digest; those that are all zero are absent."""
        named: Mapping[Tile, str] = self._manifest(content)["tiles"]
        return named

    def tile(self, digest: str) -> bytes:
        """One tile: RGBA8888, straight alpha, 256×256 pixels."""
        with self._lock:
            kept = self._tiles.get(digest)
            if kept is not None:
                self._tiles.move_to_end(digest)
                return kept
        data = self.read("tile", digest)
        pixels = self._understood("tile", digest, lambda: tiles.decode_png(data))
        if hashlib.sha256(pixels).hexdigest() != digest:
            raise damaged("tile", digest)
        self._keep(self._tiles, digest, pixels, _TILES)
        return pixels

    def put_tile(self, pixels: bytes) -> str:
        """Store one tile (RGBA8888, 256×256) and give its digest. Raises `ValueError` otherwise."""
        if len(pixels) != TILE * TILE * 4:
            raise ValueError(f"a tile has {TILE}×{TILE} RGBA pixels, not {len(pixels)} bytes")
        digest = hashlib.sha256(pixels).hexdigest()
        self.write("tile", digest, lambda: tiles.encode_png(pixels))
        return digest

    def put_latent(self, latent: bytes) -> str:
        """Store the latent of an artifact and give its digest.

        Raises `StudioError` for one of more than `limits.LATENT_BYTES`.
        """
        if len(latent) > limits.LATENT_BYTES:
            raise _too_long("latent", limits.LATENT_BYTES)
        digest = hashlib.sha256(latent).hexdigest()
        self.write("latent", digest, lambda: latent)
        return digest

    def latent(self, digest: str) -> bytes:
        """A latent that was stored. Raises `StudioError` when it is missing or damaged."""
        data = self.read("latent", digest)
        if hashlib.sha256(data).hexdigest() != digest:
            raise damaged("latent", digest)
        return data

    def files(self, content: Content) -> Iterator[tuple[str, str]]:
        """The stored files that a content is made of, as (kind, digest)."""
        yield content.medium, content.digest
        if content.medium == "image":
            for digest in self.tiles(content).values():
                yield "tile", digest

    def verify(self, content: Content) -> None:
        """Read all of a content. Raises `StudioError` when a part is missing or damaged.

        Also when it is not what `content.info` says it is.
        """
        if content.medium == "image":
            for digest in self.tiles(content).values():
                self.tile(digest)
            self.verify_size(content)
        else:
            self.get(content)

    def verify_size(self, content: Content) -> None:
        """Raise `StudioError` unless a picture's manifest is whole and as its `info` says."""
        manifest = self._manifest(content)
        info = {key: manifest[key] for key in ("width", "height", "mode")}
        if info != {key: content.info.get(key) for key in info}:
            raise damaged("image", content.digest)

    def _put_manifest(self, size: Mapping[str, Any], names: Mapping[Tile, str]) -> Content:
        check_size(size["width"], size["height"], size["mode"])
        document = {**size, "tiles": {f"{x},{y}": digest for (x, y), digest in names.items()}}
        data = canonical_json(document).encode()
        digest = hashlib.sha256(data).hexdigest()
        self.write("image", digest, lambda: data)
        return Content("image", digest, dict(size))

    def _manifest(self, content: Content) -> Mapping[str, Any]:
        if content.medium != "image":
            raise ValueError(f"a {content.medium} has no tiles")
        with self._lock:
            kept = self._small.get(content.digest) or self._manifests.get(content.digest)
        if kept is not None:
            return kept
        data = self.read("image", content.digest)
        if hashlib.sha256(data).hexdigest() != content.digest:
            raise damaged("image", content.digest)
        manifest = self._understood("image", content.digest, lambda: read_manifest(data))
        self.note_manifest(content.digest, manifest)
        return manifest

    def note_manifest(self, digest: str, manifest: Mapping[str, Any]) -> None:
        """Remember the manifest of a picture, which is what its digest says."""
        if len(manifest["tiles"]) <= _FEW_TILES:
            self._keep(self._small, digest, manifest, 16_384)
        else:
            self._keep(self._manifests, digest, manifest, 256)

    def _keep(self, kept: OrderedDict[str, _T], digest: str, value: _T, limit: int) -> None:
        with self._lock:
            kept[digest] = value
            while len(kept) > limit:
                kept.popitem(last=False)

    def _understood(self, kind: str, digest: str, read: Callable[[], _T]) -> _T:
        """The one place where stored bytes are understood, and what any decoder raises becomes one
        sentence.
        """
        try:
            return read()
        except Exception as error:
            raise damaged(kind, digest) from error


def _decode(content: Content, data: bytes) -> Artifact:
    # The digest is that of the bytes as they are written; making them anew would take far longer.
    if hashlib.sha256(f"{content.medium} ".encode() + data).hexdigest() != content.digest:
        raise ValueError("the digest is another")
    if content.medium == "text":
        return Text(data.decode("utf-8", "surrogatepass"))
    return Melody.from_json(data.decode())


def check_picture(width: int, height: int) -> None:
    """Raise `StudioError` for a picture of more pixels than a project may hold."""
    try:
        check_size(width, height, "L")
    except ValueError as error:
        raise StudioError(
            _(
                "A picture of {width}×{height} pixels is too large for a project: scale it down."
            ).format(width=width, height=height)
        ) from error


def _check_limits(artifact: Artifact) -> None:
    """Raise `StudioError` for what no project file may hold: it must never get into a project."""
    if isinstance(artifact, Image):
        check_picture(artifact.width, artifact.height)
    elif isinstance(artifact, Text):
        if len(artifact.value) > limits.TEXT_BYTES:  # before it is encoded
            raise _too_long("text", limits.TEXT_BYTES)
    elif len(artifact.notes) > limits.NOTES:
        raise StudioError(
            _("A melody of {count} notes is too long for a project: shorten it.").format(
                count=len(artifact.notes)
            )
        )
    elif max(map(len, (artifact.tempos, artifact.metres, artifact.keys))) > limits.CHANGES:
        raise StudioError(
            _(
                "A melody in which tempo or metre change more than {count} times is too long for a "
                "project: shorten it."
            ).format(count=limits.CHANGES)
        )


def _too_long(kind: str, most: int) -> StudioError:
    sentences = {
        "text": _("A text of more than {size} MiB is too long for a project: split it."),
        "melody": _("A melody of more than {size} MiB is too long for a project: shorten it."),
        "latent": _("A latent of more than {size} MiB is too large for a project."),
    }
    return StudioError(sentences[kind].format(size=f"{most / (1 << 20):g}"))
