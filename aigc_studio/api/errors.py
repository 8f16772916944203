"""Errors that are sentences for the person: what happened, to what, and what to do."""


class StudioError(Exception):
    """What was asked cannot be done; `str()` is one sentence that says why and what to do.

    The window shows it where it belongs, the shell prints it and ends with status 2.
    """


class GeneratorError(StudioError):
    """Raised by a plugin to tell the person something.

    `zh` is the same sentence in Chinese; `parameter` names the field that it stands beside
    (`"prompt"`, `"count"` and `"seed"` included).
    """

    def __init__(self, sentence: str, *, zh: str = "", parameter: str = "") -> None:
        super().__init__(sentence)
        self.zh = zh
        self.parameter = parameter
