"""The limits of what the studio takes in, keeps and opens again: one table for all ways.

What passes an import, the fence around a plugin or an edit by hand can be saved, and what was saved
can be opened: all three ask here, and a test stands at each limit. A number that is asked in one
place only stays in that place.
"""

from __future__ import annotations

# What a person brings or makes

PICTURE_SIDE = 65_536
"""Pixels along a side of a picture."""

PICTURE_PIXELS = 1 << 28
"""Pixels of a picture in a project (16,384 × 16,384)."""

READ_PIXELS = 64_000_000
"""Pixels of a picture that is read from a file or comes from a plugin."""

TEXT_BYTES = 64 << 20
"""Bytes of a text as UTF-8, whatever encoding it came in."""

NOTES = 100_000
"""Notes of a melody."""

BARS = 200_000
"""Bars of a melody: with more of them everything would stand still."""

CHANGES = 100_000
"""Changes of tempo in a melody, and of metre."""

MASK_EDGE = 500
"""The most pixels that a mask is grown, shrunk or feathered by at once."""

LATENT_BYTES = 64 << 10
"""Bytes of a latent."""

EXAMPLES = 1_000_000
"""Examples of a dataset, and lines of any other table."""

LABEL = 1_000
"""Characters of the label or group of an example."""

ATTRIBUTES = 500
"""Attributes of the examples of a dataset, and columns of a table beside pictures."""

ATTRIBUTE_CHOICES = 100
"""Different words of an attribute that is a choice; with more of them it is a text."""

ATTRIBUTE_TEXT = 1_000
"""Characters of the value of an attribute."""

RIGHTS = 5_000
"""Characters of a licence, a credit, a source or a consent."""

PROMPT = 100_000
"""Characters of a prompt: as many fit in a label, whatever they are."""

PROVENANCE = 4 << 20
"""Characters of JSON of the provenance in a label, written or read."""

# What a plugin says: longer words are cut, more things than that are refused

TITLE = 200
"""Characters of a title or a name."""

SENTENCE = 2_000
"""Characters of a message, a reason or a summary."""

DETAILS = 64 << 10
"""Characters of details: a traceback, the end of a log."""

CANDIDATES = 1_000
"""Results of one run: a candidate, or a strip of them."""

FRAMES = 10_000
"""Candidates of one run of up to `CANDIDATES` results, each frame of a strip counted."""

POSITION = 1 << 53
"""How far from 0 the position of a candidate in its strip may be, before or behind it."""

PREVIEW_PIXELS = 1 << 20
"""Pixels of a preview; a larger one is made smaller."""

OPERATIONS = 64
"""Operations of a generator."""

FORM_CHOICES = 1_500
"""Choices of all parameters in one form: each is an entry in a list, and 2,000 take 0.1 s."""

PARAMETERS = 64
"""Parameters of an operation."""

CHOICES = 1_000
"""Choices of one parameter, and classes of one model."""

CONTROLS = 64
"""Controls of one model: each is a row in the panel."""

MODEL_BYTES = 4 << 30
"""Bytes of all files of a model: as many as an exported one may have that is imported."""

CARD_BYTES = 1_000_000
"""Bytes of a model's card as JSON."""

PREVIEW_CHARACTERS = 20_000
"""Characters of a preview that is a text; a longer one is cut."""

PREVIEW_NOTES = 2_000
"""Notes of a preview that is a melody, and its bars; a longer one is cut."""

SAMPLES_BYTES = 64 << 10
"""Bytes of the file that shows what a model makes."""

SAMPLES_SIDE = 1_024
"""Pixels along a side of it, where it is a picture."""

ANNOTATIONS = 200_000
"""Annotations of one run: a value for each character of a long text."""

ANNOTATED_PIXELS = 1 << 30
"""Pixels of the masks of all annotations in one run."""

METRICS = 256
"""Metrics of one checkpoint, and names of metrics in one run."""

DESCRIPTION_BYTES = 4 << 20
"""Bytes of all that a plugin says of itself, as JSON."""

STARTERS = 8
"""Starters of a generator: cards for an empty board."""

PIECES = 4
"""Things that a starter lays on the board."""

PIECE_PIXELS = 1 << 18
"""Pixels of a picture in a starter (512 × 512)."""

PIECE_BYTES = 64 << 10
"""Characters of a picture in a starter, packed and in base64."""

STROKES = 64
"""Strokes on a sheet of a starter."""

STROKE_POINTS = 512
"""Places of one of them."""

# How documents are read

DEPTH = 64
"""Levels of lists and mappings within each other in any JSON that is read."""

LINE_BYTES = 16 << 20
"""Bytes of a line: of a worker's, of a journal's, of a table of examples."""

TABLE_BYTES = 1 << 30
"""Bytes of a table of examples."""

DOCUMENT_BYTES = 64 << 20
"""Bytes of any other document that the library keeps."""

HEADER_BYTES = 16 << 20
"""Bytes of the header of a file of weights."""

PATH = 32_767
"""Characters of a path."""
