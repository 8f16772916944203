"""What to say of a word that a command has no place for: what may be meant, or where to look."""

from __future__ import annotations

import argparse
import itertools
import os
import shlex
from collections.abc import Iterable, Sequence

from aigc_studio.translation import _

_LIKE = 0.7
"""How alike two flags are, from 0 to 1, where one may be the other mistyped."""
_FILES = ("--input", "--data")
"""Flags that take a file or folder, the likelier first; the last takes a dataset by name too."""


def unplaced(arguments: argparse.Namespace, words: Sequence[str]) -> str:
    """The sentence for the first of these words, which are left of a command line."""
    parser, word = arguments.parser, words[0]
    flags = flags_of(arguments)
    if word.startswith("-"):
        name = word.partition("=")[0]
        if near := meant(name, flags):
            sentence = _("{command} does not know {word}: did you mean {near}?")
            return sentence.format(command=parser.prog, word=name, near=near)
        sentence = _("{command} does not know {word}: see {command} --help.")
        return sentence.format(command=parser.prog, word=name)
    if flag := _flag_for(word, flags):
        whole = shlex.quote(_whole_prompt(arguments, words) if flag == "--prompt" else word)
        sentence = _("{word} stands alone: write {flag} {value}, or see {command} --help.")
        return sentence.format(word=word, flag=flag, value=whole, command=parser.prog)
    sentence = _("{command} does not take {word}: leave it out, or see {command} --help.")
    return sentence.format(command=parser.prog, word=word)


def flags_of(arguments: argparse.Namespace) -> list[str]:
    """The flags of the command that was given, without those of one letter."""
    actions = arguments.parser._actions
    return [flag for each in actions for flag in each.option_strings if flag.startswith("--")]


def meant(flag: str, flags: Iterable[str]) -> str:
    """The flag that was meant by one mistyped; empty where none is like it."""
    import difflib

    near = difflib.get_close_matches(flag, list(flags), 1, _LIKE)
    return near[0] if near else ""


def _flag_for(word: str, flags: Sequence[str]) -> str:
    """The flag that a word was to stand behind, as far as can be told."""
    takes = (*_FILES, "--prompt") if os.path.exists(word) else ("--prompt", "--data")
    return next((flag for flag in takes if flag in flags), "")


def _whole_prompt(arguments: argparse.Namespace, words: Sequence[str]) -> str:
    """What was to be one prompt: its first word may stand behind the flag already."""
    more = itertools.takewhile(lambda word: not word.startswith("--"), words)
    return " ".join(filter(None, (getattr(arguments, "prompt", ""), *more)))
