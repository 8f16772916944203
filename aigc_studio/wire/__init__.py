"""The border between the window and a worker: requests and events as JSON, artifacts as files.

Both sides import this and nothing of each other. It stands on the standard library and `api`;
numpy, Pillow and pydantic load when a picture or a parameter model needs them.
"""

from aigc_studio.wire.artifacts import SUFFIXES, read_artifact_file, write_artifact
from aigc_studio.wire.checks import MAXIMUM_SEED, check_request
from aigc_studio.wire.events import decode_event, encode_event
from aigc_studio.wire.parameters import validate_parameters
from aigc_studio.wire.requests import InvalidRequest, decode_request, encode_request

__all__ = [
    "MAXIMUM_SEED",
    "SUFFIXES",
    "InvalidRequest",
    "check_request",
    "decode_event",
    "decode_request",
    "encode_event",
    "encode_request",
    "read_artifact_file",
    "validate_parameters",
    "write_artifact",
]
