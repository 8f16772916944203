"""The words and flags of the shell. Flags for parameters come from each plugin's schema."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aigc_studio import __version__
from aigc_studio.cli import animating, data_flags
from aigc_studio.cli.choosing import plugin_flag
from aigc_studio.cli.plain_parser import PlainParser
from aigc_studio.translation import _


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole shell; `run` in its result is the function of the command."""
    parser = PlainParser(
        prog="aigc-studio",
        description=_("Train, generate and edit with small models of your own."),
        epilog=_("Without a command the window opens; a project file opens in it."),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"AIGC Studio {__version__}",
        help=_("show which version this is"),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_plugins, _generate, _edit, _train, _evaluate, _data, _models, _tour):
        add(commands)
    return parser


def _command(
    commands: Any, name: str, help: str, run: Callable[[argparse.Namespace], None], **defaults: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help, allow_abbrev=False
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON document"))
    parser.add_argument(
        "--traceback", action="store_true", help=_("show where a plugin or the studio broke")
    )
    parser.set_defaults(run=run, **defaults)
    return parser


def _group(commands: Any, name: str, help: str) -> Any:
    parser = commands.add_parser(name, help=help, description=help)
    return parser.add_subparsers(dest="part", required=True, metavar="PART")


def _asks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "generator",
        metavar="GENERATOR",
        nargs="?",
        help=_("see: aigc-studio plugins list; --plugin PATH needs none"),
    )
    plugin_flag(parser)
    _here_flag(parser)
    _operation_flags(parser)
    parser.add_argument("--seed", type=int, help=_("the same seed makes the same result"))
    parser.add_argument("--parameters", action="store_true", help=_("list the parameters"))


def _here_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--here",
        action="store_true",
        help=_("run the plugin in this very process: for breakpoint() and print()"),
    )


def _operation_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--operation", default="", help=_("one of the generator's operations"))
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=_("a parameter of the operation; --NAME VALUE works as well"),
    )


def _plugins(commands: Any) -> None:
    from aigc_studio.cli import plugins

    plugins.add(commands, _group, _command)


def _generate(commands: Any) -> None:
    from aigc_studio.cli import generate

    parser = _command(
        commands,
        "generate",
        _("make pictures, texts or melodies"),
        generate.run,
        takes_parameters=True,
    )
    _asks(parser)
    parser.add_argument("--prompt", default="")
    _control_flag(parser)
    parser.add_argument("--count", type=int, default=1, help=_("how many; there is no limit"))
    parser.add_argument(
        "--out", type=Path, help=_("the folder for the results, or a file: digit.png, names.txt")
    )
    parser.add_argument(
        "--format", default="", help=_("of the files: webp for pictures, abc or wav for tunes")
    )
    parser.add_argument(
        "--resume", action="store_true", help=_("leave out what is in the folder already")
    )
    parser.add_argument(
        "--to-data", default="", metavar="NAME", help=_("make a dataset of the results instead")
    )
    parser.add_argument(
        "--model", default="", help=_("see: aigc-studio models list"), metavar="NAME|DIGEST"
    )
    _stream_flag(parser)
    _label_flags(parser)


def _edit(commands: Any) -> None:
    from aigc_studio.cli import edit

    parser = _command(
        commands, "edit", _("change a part of a file"), edit.run, takes_parameters=True
    )
    _asks(parser)
    parser.add_argument("--input", dest="inputs", type=Path, nargs="+", action="extend", default=[])
    _part_flags(parser)
    data_flags.reading_flags(parser, tables=False)
    parser.add_argument("--prompt", default="")
    _control_flag(parser)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--out", type=Path, metavar="FILE")
    parser.add_argument(
        "--model", default="", help=_("see: aigc-studio models list"), metavar="NAME|DIGEST"
    )
    _stream_flag(parser)
    _label_flags(parser)


def _part_flags(parser: argparse.ArgumentParser) -> None:
    """Which part of the input is to be changed, and how much of a picture the model sees."""
    part = parser.add_mutually_exclusive_group()
    part.add_argument(
        "--mask",
        type=Path,
        metavar="PNG",
        help=_("white is made anew; black and transparent parts are kept"),
    )
    parser.add_argument(
        "--grow",
        type=int,
        default=0,
        metavar="PIXELS",
        help=_("make the mask larger on every side first; a negative number makes it smaller"),
    )
    parser.add_argument(
        "--feather",
        type=int,
        default=0,
        metavar="PIXELS",
        help=_("let the mask fade over so many pixels on both sides of its edge"),
    )
    part.add_argument("--span", metavar="FROM:TO", help=_("characters, counted from 0"))
    part.add_argument("--bars", metavar="FIRST:LAST", help=_("bars, counted from 1"))
    parser.add_argument(
        "--frame",
        metavar="LEFT,TOP,RIGHT,BOTTOM",
        help=_(
            "the part of a picture that the model sees, in pixels; chosen around the mask if not "
            "given"
        ),
    )


def _control_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--control",
        dest="controls",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=_("a control of the model; see: aigc-studio models show"),
    )


def _stream_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stream",
        action="store_true",
        help=_("print a text as it is written, as on a terminal"),
    )


def _label_flags(parser: argparse.ArgumentParser) -> None:
    animating.add_flag(parser)
    parser.add_argument(
        "--no-label", action="store_true", help=_("leave out that it was generated, and how")
    )
    parser.add_argument(
        "--no-prompt", action="store_true", help=_("leave the prompt out of the label")
    )
    parser.add_argument(
        "--enlarge",
        type=float,
        metavar="TIMES",
        default=1.0,
        help=_("of pictures: write them so many times as large"),
    )
    parser.add_argument(
        "--crisp", action="store_true", help=_("with --enlarge: each pixel as a square")
    )


def _train(commands: Any) -> None:
    from aigc_studio.cli import train

    parser = _command(
        commands,
        "train",
        _("teach a generator from examples"),
        train.run,
        takes_parameters=True,
    )
    _asks(parser)
    parser.add_argument("--data", metavar="NAME|PATH", help=_("a dataset, or a folder of files"))
    data_flags.reading_flags(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float)
    length.add_argument("--steps", type=int)
    parser.add_argument("--out", metavar="NAME", help=_("the name of the new model"))
    parser.add_argument("--from", dest="base", default="", metavar="MODEL")
    parser.add_argument("--resume", metavar="JOB", help=_("go on with a training"))
    parser.add_argument(
        "--list", action="store_true", help=_("list the trainings that did not end")
    )
    parser.add_argument(
        "--keep", metavar="JOB", help=_("make a model of its best checkpoint, damaged or not")
    )
    parser.add_argument("--discard", metavar="JOB", help=_("discard a training"))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help=_("train in this many processes at once"),
    )
    parser.add_argument(
        "--no-measure", action="store_true", help=_("do not measure the new model at its end")
    )


def _evaluate(commands: Any) -> None:
    from aigc_studio.cli import explain

    help = _("measure a model on data it has not seen, or explain a file")
    parser = _command(commands, "evaluate", help, explain.run, takes_parameters=True)
    parser.add_argument("model", metavar="MODEL|GENERATOR", nargs="?", default="")
    plugin_flag(parser)
    _here_flag(parser)
    parser.add_argument(
        "--input",
        type=Path,
        metavar="FILE",
        help=_("say something of each part of it"),
    )
    parser.add_argument(
        "--model",
        dest="with_model",
        default="",
        help=_("with --input; see: aigc-studio models list"),
        metavar="NAME|DIGEST",
    )
    data_flags.reading_flags(parser, tables=False)
    _operation_flags(parser)
    parser.add_argument("--data", metavar="NAME|PATH")
    parser.add_argument("--seed", type=int, default=0)


def _data(commands: Any) -> None:
    data_flags.add(commands, _group, _command)


def _models(commands: Any) -> None:
    from aigc_studio.cli import models

    parts = _group(commands, "models", _("what training made"))
    _command(parts, "list", _("every model"), models.list_models)
    show = _command(parts, "show", _("the card of a model"), models.show)
    show.add_argument("model", metavar="MODEL")
    export = _command(parts, "export", _("write a model to one file"), models.export)
    export.add_argument("model", metavar="MODEL")
    export.add_argument("--out", type=Path, help=_("the file to write"))
    report = _command(
        parts, "report", _("models on one page, to hand in or compare"), models.report
    )
    report.add_argument("models", metavar="MODEL", nargs="+")
    report.add_argument("--out", type=Path, help=_("the file to write, .html or .csv"))
    taken = _command(parts, "import", _("take a model from a file"), models.import_file)
    taken.add_argument("file", type=Path, metavar="FILE")


def _tour(commands: Any) -> None:
    from aigc_studio.cli import tour

    parser = _command(
        commands, "tour", _("the main job from end to end, without a window"), tour.run
    )
    parser.add_argument("--out", type=Path, default=Path("tour"))
    parser.add_argument("--steps", type=int, default=120, help=_("steps to train for"))
