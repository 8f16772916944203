"""The flags of the shell, as the conformance kit knows them."""

import argparse

import pytest

from aigc_studio.cli.parser import build_parser
from aigc_studio.wire.offered import TAKEN


@pytest.mark.parametrize("verb", ["generate", "edit", "train", "evaluate"])
def test_the_kit_knows_every_flag_that_a_parameter_would_hide_behind(verb: str) -> None:
    parser = build_parser()
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    flags = {
        flag.removeprefix("--").replace("-", "_")
        for action in commands.choices[verb]._actions
        for flag in action.option_strings
        if flag.startswith("--")
    }
    assert flags <= TAKEN["any"] | TAKEN[verb]
