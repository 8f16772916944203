"""The kit as a test class, for the tests of a plugin."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aigc_studio.api.dataset import Dataset
from aigc_studio.host import PluginSource
from aigc_studio.testing.bench import STEPS, Bench
from aigc_studio.testing.catalogue import CHECKS
from aigc_studio.testing.placing import beside_test
from aigc_studio.testing.report import Violation
from aigc_studio.testing.running import refuse_unknown, run_check


class GeneratorConformance:
    """A test class in three lines: subclass it, name it `Test…`, and say which `plugin`.

    `plugin` is the path of a file or folder, or the name of an installed plugin. A relative path
    begins at the test's own file, or at the project that it lies in. Runs under pytest; each check
    is a test of its own. `only` are the names of those to be asked; all unless it is given.
    `parameters` make its trainings smaller where its defaults take long; what is interrupted is
    asked for with the defaults all the same. `data` is a dataset, for what cannot learn
    from what the kit draws.
    """

    plugin: ClassVar[PluginSource | Path | str] = ""
    steps: ClassVar[int] = STEPS
    model: ClassVar[Path | None] = None
    parameters: ClassVar[Mapping[str, Any]] = {}
    data: ClassVar[Dataset | None] = None
    only: ClassVar[Sequence[str]] = tuple(CHECKS)
    _bench: ClassVar[Bench]

    def __init_subclass__(cls, **options: Any) -> None:
        """Leave the tests of the other checks out."""
        super().__init_subclass__(**options)
        refuse_unknown(cls.only, CHECKS)
        for name in CHECKS:
            if name not in cls.only:
                setattr(cls, f"test_{name}", None)

    @classmethod
    def setup_class(cls) -> None:
        """Open the bench that the tests share."""
        plugin = beside_test(cls.plugin, cls)
        cls._bench = Bench(
            plugin, steps=cls.steps, model=cls.model, parameters=cls.parameters, data=cls.data
        )

    @classmethod
    def teardown_class(cls) -> None:
        """End the workers and remove the files."""
        cls._bench.close()


def _test_of(name: str) -> Callable[[Any], None]:
    def test(self: GeneratorConformance) -> None:
        check = run_check(name, self._bench)
        if check.outcome == "failed":
            raise Violation("\n".join(filter(None, (check.sentence, check.details))))
        if not check.passed or check.outcome == "skipped":
            raise unittest.SkipTest(check.sentence)

    test.__name__ = f"test_{name}"
    test.__doc__ = CHECKS[name].__doc__
    return test


for _name in CHECKS:
    setattr(GeneratorConformance, f"test_{_name}", _test_of(_name))
