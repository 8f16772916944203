"""Bytes that several tests of the library need."""

import json
import struct


def weights(values: tuple[float, ...] = (1.0, 2.0)) -> bytes:
    """The bytes of a safetensors file with one tensor."""
    data = struct.pack(f"<{len(values)}f", *values)
    header = {"a": {"dtype": "F32", "shape": [len(values)], "data_offsets": [0, len(data)]}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
