"""argparse that says what is wrong in one sentence, in the house's words and in any language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _, enumerated


class _Help(argparse.HelpFormatter):
    """Has argparse's own word before the usage in the language that is spoken."""

    def _format_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None
    ) -> str:
        # Where a prefix is given, it is no help that is written but the name of a command.
        prefix = _("usage:") + " " if prefix is None else prefix
        return super()._format_usage(usage, actions, groups, prefix)


class PlainParser(argparse.ArgumentParser):
    """Raises `StudioError` where argparse prints its usage and ends the process; argparse's own
    words in its help are those of the language that is spoken."""

    def __init__(self, **values: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **values)
        self._positionals.title = _("positional arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help message and exit"))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's; `parser` of the result is the parser of the command that was given."""
        found, rest = super().parse_known_args(args, namespace)
        if not hasattr(found, "parser"):  # the innermost one comes first
            found.parser = self
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Raise `StudioError` with what argparse means by its message."""
        raise StudioError(self._plain(message))

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """As argparse's, but for a name that is empty, as a variable gives that nobody set: as a
        path it would mean the folder that one is in, and all that is there."""
        if not arg_string.strip() and arg_string != action.default and _names_something(action):
            raise StudioError(self._empty(action))
        return super()._get_value(action, arg_string)

    def _empty(self, action: argparse.Action) -> str:
        if action.option_strings:
            name = action.option_strings[0]
            return _("{name} is empty: name a file or a folder.").format(name=name)
        sentence = _("What stands after “{command}” is empty: say which one is meant.")
        if _is_path(action):
            sentence = _("What stands after “{command}” is empty: name a file or a folder.")
        return sentence.format(command=self.prog)

    def _plain(self, message: str) -> str:
        for pattern, say in _sayings.items():
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                return say(*found.groups())
        found = re.fullmatch(r"the following arguments are required: (.+)", message)
        if found:
            return self._missing(found[1])
        return message  # argparse says something that it did not say when this was written

    def _missing(self, names: str) -> str:
        command = f"{self.prog} --help"
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                sentence = _("{command} needs one of these after it: {names}.")
                return sentence.format(command=self.prog, names=enumerated(action.choices))
        return _("{names} is missing: see {command}.").format(names=names, command=command)


def _is_path(action: argparse.Action) -> bool:
    words = str(action.metavar).split("|")
    return action.type is Path or any(word in words for word in ("PATH", "FILE", "FOLDER"))


def _names_something(action: argparse.Action) -> bool:
    """Whether an argument is a path, or must be there; what may be empty, a prompt say, is a flag.
    All that comes after a command goes through its action as well, and of the flags that a plugin
    has of its own a value may be taken for the generator, which need not be there."""
    if isinstance(action, argparse._SubParsersAction):
        return False
    return _is_path(action) or not (action.option_strings or action.nargs == "?")


def _no_number(flag: str, kind: str, value: str) -> str:
    kinds = {"int": _("a whole number"), "float": _("a number")}
    sentence = _("{flag} needs {kind}, not {value}.")
    return sentence.format(flag=flag, kind=kinds.get(kind, kind), value=value)


def _no_choice(flag: str, value: str, choices: str) -> str:
    names = choices.replace("'", "")
    return _("{flag} must be one of {names}, not {value}.").format(
        flag=flag, names=names, value=value
    )


def _not_together(flag: str, other: str) -> str:
    sentence = _("{flag} and {other} do not go together: leave one of them out.")
    return sentence.format(flag=flag, other=other)


def _one_of(flags: str) -> str:
    return _("One of these is needed: {flags}.").format(flags=enumerated(flags.split()))


def _ambiguous(flag: str, flags: str) -> str:
    sentence = _("{flag} may mean {flags}: write it out.")
    return sentence.format(flag=flag, flags=enumerated(flags.split(", ")))


def _no_value(flag: str) -> str:
    return _("{word} needs a value after it.").format(word=flag)


def _no_such_value(flag: str, value: str) -> str:
    return _("{flag} takes no value, so leave {value} out.").format(flag=flag, value=value)


_sayings: dict[str, Callable[..., str]] = {
    r"argument (\S+): invalid (\w+) value: '(.*)'": _no_number,
    r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)": _no_choice,
    r"argument (\S+): not allowed with argument (\S+)": _not_together,
    r"argument (\S+): expected .*argument.*": _no_value,
    r"one of the arguments (.+) is required": _one_of,
    r"ambiguous option: (\S+) could match (.+)": _ambiguous,
    r"argument (\S+): ignored explicit argument '(.*)'": _no_such_value,
}
"""What argparse says, and who says it plainly."""
