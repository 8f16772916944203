"""Black and white again, where a lossy format left something beside them in a mask.

A mask is two-valued when its edges are hard: what lies between black and white then lies along
them, and there is little of it. A soft brush has much of it. So the greys are counted, against the
length of the edges: a clean mask at any quality has fewer than one for each pixel of its edges, one
that was blurred by two pixels or more has more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.library.pictures.parts import Parts

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Choice = np.ndarray[Any, np.dtype[np.bool_]]

_NEARLY = 8
"""Greys that nobody tells from black. Alone, or all over the ground, they select nothing."""
_BLUR = 24
"""What a lossy format adds to black and takes from white in a soft mask; it selects nothing."""
_BESIDE = 4
"""Pixels from a hard edge up to which near-black may belong to it."""
_SOFT = 1.0
"""Greys for each pixel of the edges from which on a mask is soft."""
_shrinks = (0.3, 0.45, 0.5)
"""Greys for each pixel of the edges at which a mask was saved so coarsely that pixels outside are
white: for each of them the selection shrinks by a pixel."""


def without_noise(values: Pixels, seen: Choice, parts: Parts) -> Pixels:
    """The greys of a mask (height, width) without those that its format made; adds the remark.

    `seen`: where it is not transparent. A lossless mask is given back as it is, unless near-black
    is its ground or lies about like dust in one with hard edges; a soft mask from a lossy format
    loses what is nearly black or white; any other is black and white again, and where its format
    left the edge in doubt, less is selected rather than more.
    """
    import numpy as np

    softness, edge = _softness(values, seen)
    near = (values > 0) & (values <= _NEARLY) & seen
    if parts.lossy and softness >= _SOFT:
        cleaned = np.where(values <= _BLUR, 0, np.where(values >= 255 - _BLUR, 255, values))
    elif parts.lossy or (softness < _SOFT and _is_dust(near, edge)):
        cleaned = np.where(_white(values, softness), 255, 0)
    else:
        cleaned = np.where(near & _is_ground(values, seen), 0, values)
    if (cleaned != values)[seen].any():
        parts.remarks.append(_told(softness))
    return cleaned.astype(np.uint8)


def _told(softness: float) -> str:
    if softness >= _SOFT:
        return _("The mask is not plain black and white: what is nearly so was taken as such.")
    if softness >= _shrinks[0]:
        return _(
            "The mask was saved so coarsely that its edge is in doubt: what is surely white was "
            "taken as selected. PNG keeps a mask as it is."
        )
    return _("The mask has noise in it: it was taken as plain black and white. PNG keeps a mask as it is.")  # fmt: skip  # noqa: E501


def _softness(values: Pixels, seen: Choice) -> tuple[float, Choice]:
    """Greys for each pixel of the edges, and which pixels have an edge."""
    import numpy as np

    white = values >= 128
    edge = np.zeros_like(white)
    for before, behind in (((slice(1, None),), (slice(None, -1),)),
                           ((slice(None), slice(1, None)), (slice(None), slice(None, -1)))):  # fmt: skip  # noqa: E501
        differs = white[before] != white[behind]
        edge[before] |= differs
        edge[behind] |= differs
    greys = np.count_nonzero((values >= 64) & (values < 192) & seen)
    edges = int(np.count_nonzero(edge & seen))
    return int(greys) / (edges or 1), edge


def _is_dust(near: Choice, edge: Choice) -> bool:
    """Whether near-black lies where no hard edge can have left it, however finely it was drawn."""
    import numpy as np

    if not near.any():
        return False
    beside = edge
    for _step in range(_BESIDE):
        beside = ~_shrunk(~beside)
    return bool(10 * np.count_nonzero(near & ~beside) > np.count_nonzero(edge))


def _shrunk(chosen: Choice) -> Choice:
    """Without the pixels that have one beside or above them that is not chosen."""
    import numpy as np

    inner = np.pad(chosen, 1, mode="edge")
    shrunk: Choice = chosen & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2]
    return shrunk & inner[1:-1, 2:]


def _white(values: Pixels, softness: float) -> Choice:
    """What is surely white: the coarser the file, the whiter, and the farther from the edge."""
    white: Choice = values >= min(136 + 300 * softness, 208)
    for least in _shrinks:
        if softness >= least:
            white = _shrunk(white)
    return white


def _is_ground(values: Pixels, seen: Choice) -> Choice:
    """Where the darkest grey is, when it is the commonest: black that somebody lifted."""
    import numpy as np

    counts = np.bincount(values[seen], minlength=256)
    darkest = int(np.flatnonzero(counts)[0]) if counts.any() else 0
    ground: Choice = values == (darkest if counts.argmax() == darkest else 0)
    return ground
