"""The words and flags of `aigc-studio data`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aigc_studio.cli import data, data_adding
from aigc_studio.translation import _


def add(commands: Any, group: Any, command: Any) -> None:
    """The command `data` and its parts; `group` and `command` are those of the shell's parser."""
    parts = group(commands, "data", _("datasets and sample packs"))
    command(parts, "list", _("datasets here, and packs to fetch"), data.list_data)
    _fetch_flags(command(parts, "fetch", _("fetch a sample pack over the network"), data.fetch))
    own = _("make a dataset of your own files")
    _import_flags(command(parts, "import", own, data.import_files))
    more = _("let more files join a dataset")
    _add_flags(command(parts, "add", more, data_adding.add_files))
    show = command(parts, "show", _("what is in a dataset"), data.show)
    show.add_argument("name", metavar="NAME")
    mend = command(parts, "mend", _("leave out what is damaged in a dataset"), data.mend)
    mend.add_argument("name", metavar="NAME")


def _fetch_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", metavar="PACK")
    parser.add_argument(
        "--file",
        dest="files",
        type=Path,
        action="append",
        default=[],
        help=_("take it from this file instead; of several files, say it for each"),
    )
    parser.add_argument("--name", default="", help=_("as the pack is called, unless given"))
    parser.add_argument(
        "--count", type=int, metavar="N", help=_("how many to draw, of a pack that is drawn")
    )
    parser.add_argument("--yes", action="store_true", help=_("agree to the licence"))


def _import_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", type=Path, metavar="FOLDER|FILE|-", help=_("also a zip file; - for a text on stdin")
    )
    parser.add_argument("--name", default="", help=_("as the folder is called, unless given"))
    parser.add_argument(
        "--medium", choices=("image", "text", "melody"), help=_("as most files are, unless given")
    )
    _picture_flags(parser)
    _folder_flags(parser)
    parser.add_argument(
        "--again", action="store_true", help=_("even when the same examples are already here")
    )
    _rights_flags(parser)
    parser.add_argument(
        "--examples",
        dest="split_text",
        choices=("lines", "sentences", "paragraphs", "passages", "whole"),
        help=_("what one example of a text is; detected unless given"),
    )
    reading_flags(parser)


def _add_flags(parser: argparse.ArgumentParser) -> None:
    """What may be said of files that join: what an example is was said when the data was made."""
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="FOLDER|FILE|-",
        help=_("also a zip file; - for a text on stdin"),
    )
    _folder_flags(parser)
    _rights_flags(parser)
    reading_flags(parser)


def _folder_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folders",
        choices=("label", "group", "both", "none"),
        help=_("what a sub-folder is; group: of one person, say, who is not to be torn apart"),
    )
    parser.add_argument(
        "--layout",
        choices=("auto", "plain"),
        help=_("plain: folders like train and test are labels as others are"),
    )


def _rights_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--licence", default="")
    parser.add_argument("--credit", default="")
    parser.add_argument("--source", default="", help=_("where it comes from"))
    parser.add_argument("--consent", default="", help=_("who agreed to it"))


def _picture_flags(parser: argparse.ArgumentParser) -> None:
    """How pictures become alike, and which of them are one too many."""
    parser.add_argument("--size", type=int, help=_("side of the pictures in pixels"))
    parser.add_argument(
        "--crop",
        default="",
        metavar="L,T,R,B",
        help=_("cut each picture to these edges, as shares of it, such as 0.1,0,0.9,0.8"),
    )
    parser.add_argument(
        "--fit",
        choices=("pad", "crop", "stretch"),
        default="pad",
        help=_("how pictures become square, with --size"),
    )
    parser.add_argument(
        "--colours",
        dest="mode",
        choices=("keep", "grey", "rgb"),
        default="keep",
        help=_("the colours that pictures get"),
    )
    parser.add_argument(
        "--near-duplicates",
        choices=("list", "leave-out"),
        help=_("say which pictures are nearly the same, or leave out all but one of them"),
    )


def reading_flags(parser: argparse.ArgumentParser, *, tables: bool = True) -> None:
    """How files are read where nobody could know it for sure."""
    parser.add_argument(
        "--encoding",
        default="",
        help=_("of texts, such as UTF-8 or Shift-JIS, when it is detected wrongly"),
    )
    if tables:
        parser.add_argument(
            "--text-column", default="", metavar="NAME|NUMBER", help=_("of tables: the texts")
        )
        parser.add_argument(
            "--label-column",
            default="",
            metavar="NAME|NUMBER",
            help=_("of tables: the labels; - for none"),
        )
        parser.add_argument(
            "--group-column",
            default="",
            metavar="NAME|NUMBER",
            help=_("of tables beside files: what is kept together, such as a person"),
        )
        parser.add_argument(
            "--attributes",
            default="",
            metavar="FILE",
            help=_("a table that says something of each file; - for none"),
        )
    parser.add_argument(
        "--part", default="", metavar="NAME|NUMBER|all", help=_("of tunes: the part to take")
    )
