"""What an exported file says of how it came to be: one label, and its XMP packet.

IPTC Photo Metadata 2025.1 (DigitalSourceType, NewsCodes), XMP (ISO 16684-1), and the implicit label
of GB 45438-2025 in the form that TC260 gives for XMP.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aigc_studio.api import limits
from aigc_studio.project.provenance import Provenance

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
OURS = "urn:aigc-studio:provenance:1"
_iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_tc260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_xmp = "http://ns.adobe.com/xap/1.0/"
_rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_LONG, _SHORT = 1 << 20, 1 << 8
"""Between so many characters the texts of a label are cut that is too long; a digest has 64."""

Made = Sequence[Provenance | None]
"""What made each part of an export; None for a part that a person made."""


def software() -> str:
    """Name and version of this program, as in EXIF `Software`."""
    from aigc_studio import __version__

    return f"AIGC Studio {__version__}"


def source_type(made: Made) -> str:
    """The DigitalSourceType as a URI; empty when no generator had a part in it.

    `trainedAlgorithmicMedia` when a generator made all of it; with anything of a person's in it
    (inpainting of their picture, strokes afterwards) `compositeWithTrainedAlgorithmicMedia`.
    """
    generated = [each for each in made if each is not None]
    if not generated:
        return ""
    mixed = len(generated) < len(made) or not all(each.generated_alone for each in generated)
    name = "compositeWithTrainedAlgorithmicMedia" if mixed else "trainedAlgorithmicMedia"
    return SOURCE_TYPES + name


def label(made: Made, *, include_prompt: bool = True) -> dict[str, Any] | None:
    """The label as plain JSON values, or None when there is nothing to declare.

    `digital_source_type`, `software`, `AIGC` (seven fields of GB 45438-2025, annex E) and
    `provenance`, a list. When that is longer than can be read again, of long words only the
    beginning is in it, with … behind, and of very many parts those that come first.
    """
    kind = source_type(made)
    if not kind:
        return None
    generated = [each for each in made if each is not None]
    shown = [each if include_prompt else each.without_prompt() for each in generated]
    told = _fitted([each.to_json() for each in dict.fromkeys(shown)])
    number = hashlib.sha256(to_ascii(told).encode()).hexdigest()[:32]
    return {
        "digital_source_type": kind,
        "software": software(),
        "AIGC": {
            "Label": "1",
            "ContentProducer": "AIGC Studio",
            "ProduceID": number,
            "ReservedCode1": "",
            "ContentPropagator": "",
            "PropagateID": "",
            "ReservedCode2": "",
        },
        "provenance": told,
    }


def _fitted(told: list[Any]) -> list[Any]:
    """What a label can hold of it."""
    most = _LONG
    while not _fits(told) and most > _SHORT:
        most //= 4
        told = [_beginning(each, most) for each in told]
    while not _fits(told):
        told = told[: len(told) // 2]
    return told


def _fits(told: list[Any]) -> bool:
    # As it stands in an XMP packet, where it is longest.
    return len(escape(to_ascii(told))) <= limits.PROVENANCE


def _beginning(value: Any, most: int) -> Any:
    """The same, with the beginning of each text in it."""
    if isinstance(value, str):
        return value if len(value) <= most else value[: most - 1] + "…"
    if isinstance(value, dict):
        return {key: _beginning(each, most) for key, each in value.items()}
    return [_beginning(each, most) for each in value] if isinstance(value, list) else value


def packet(told: Mapping[str, Any]) -> bytes:
    """The label as an XMP packet, UTF-8."""
    values = {
        "Iptc4xmpExt:DigitalSourceType": told["digital_source_type"],
        "xmp:CreatorTool": told["software"],
        "TC260:AIGC": to_ascii(told["AIGC"]),
        "aigc:Provenance": to_ascii(told["provenance"]),
    }
    spaces = {"Iptc4xmpExt": _iptc, "xmp": _xmp, "TC260": _tc260, "aigc": OURS}
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    body = "".join(f"   <{key}>{escape(value)}</{key}>\n" for key, value in values.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n <rdf:RDF xmlns:rdf="{_rdf}">\n'
        f'  <rdf:Description rdf:about="" {declared}>\n{body}  </rdf:Description>\n'
        ' </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()


def from_packet(data: bytes | str) -> tuple[Provenance, ...]:
    """The provenance in an XMP packet; empty when there is none, or it is malformed."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    # No document type: nothing that an XMP packet needs, and all that XML bombs are made of.
    if len(raw) > 2 * limits.PROVENANCE or b"<!" in raw:
        return ()
    try:
        found = ElementTree.fromstring(raw.strip(b"\0 \n")).find(f".//{{{OURS}}}Provenance")
    except (ElementTree.ParseError, ValueError, LookupError):
        return ()
    return from_text(found.text or "") if found is not None else ()


def from_text(text: str) -> tuple[Provenance, ...]:
    """The provenance in a JSON list; empty when it is malformed."""
    if len(text) > limits.PROVENANCE:
        return ()
    try:
        value = json.loads(text)
        return tuple(Provenance.from_json(each) for each in value)
    except (ValueError, TypeError, RecursionError):
        return ()


def to_ascii(value: Any) -> str:
    """Canonical JSON in ASCII: nothing that XML, MIDI or a JPEG reader could take for its own."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
