"""Subtitles as what is said in them: without the numbers, the times and the marks of a player."""

from __future__ import annotations

import re

from aigc_studio.translation import ngettext

_SUFFIXES = (".srt", ".vtt")
_time = r"(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
# It begins with what is rare: a pattern that begins with blanks is tried from each of them, and a
# line of some thousand takes seconds.
_times = re.compile(rf"{_time}[ \t]*-->[ \t]*{_time}[^\n]*")
_crowded = re.compile(rf"(?<=\S)\n([ \t]*\d+[ \t]*\n[ \t]*{_times.pattern})")
_marks = re.compile(
    r"</?(?:[biuscv]|font|lang|ruby|rt)(?:[.\s][^<>\n]*)?>|<[\d:.]+>|\{\\[^{}\n]*\}"
)
_notes = re.compile(r"WEBVTT|NOTE\b|STYLE\b|REGION\b")


def without_times(text: str, name: str, remarks: list[str] | None = None) -> str:
    """What is said in subtitles, a cue after the other; any other text as it is.

    By their name they are subtitles, and by a first line of times. How many times were left out
    becomes a sentence in `remarks`.
    """
    if not name.lower().endswith(_SUFFIXES) or not _times.search(text):
        return text
    said: list[str] = []
    count = 0
    for block in re.split(r"\n(?:[ \t]*\n)+", _apart(text).strip("\n")):
        lines = block.split("\n")
        at = next(
            (at for at in range(len(lines[:2])) if _times.match(lines[at].lstrip(" \t"))), None
        )
        if at is None and _notes.match(block):
            continue
        # Before its times stands the number or the name of a cue.
        spoken = lines if at is None else lines[at + 1 :]
        count += at is not None
        said += [line for each in spoken if (line := _marks.sub("", each).strip())]
    if remarks is not None and count:
        remarks.append(_told(count))
    return "\n".join(said) + "\n"


def _apart(text: str) -> str:
    """With an empty line before each cue that has a number, also where somebody left it out."""
    return _crowded.sub(r"\n\n\1", text)


def _told(count: int) -> str:
    sentence = ngettext(
        "{count} subtitle was read without its number and times.",
        "{count} subtitles were read without their numbers and times.",
        count,
    )
    return sentence.format(count=f"{count:,}")
