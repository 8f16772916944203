"""Errors that are sentences for the person: what happened, to what, and what to do."""

from aigc_studio.api.spelling import without_odd_bytes


class StudioError(Exception):
    """What was asked cannot be done; `str()` is one sentence that says why and what to do.

    The window shows it where it belongs, the shell prints it and ends with status 2. Odd bytes of
    a file's name in it are written out: neither screens nor files can hold them.
    """

    def __str__(self) -> str:
        return without_odd_bytes(super().__str__())


class GeneratorError(StudioError):
    """Raised by a plugin to tell the person something.

    `zh` is the same sentence in Chinese; `parameter` names the field that it stands beside
    (`"prompt"`, `"count"` and `"seed"` included).
    """

    def __init__(self, sentence: str, *, zh: str = "", parameter: str = "") -> None:
        super().__init__(sentence)
        self.zh = zh
        self.parameter = parameter
