"""The conformance kit: what a generator must keep to, checked through real workers.

A plugin's own test is three lines:

    from aigc_studio.testing import GeneratorConformance

    class TestMine(GeneratorConformance):
        plugin = "mine.py"
"""

from aigc_studio.testing.catalogue import CHECKS, PUBLISHING
from aigc_studio.testing.conformance import GeneratorConformance
from aigc_studio.testing.datasets import draw, write_dataset
from aigc_studio.testing.report import Check, Report, Violation
from aigc_studio.testing.running import check_plugin

__all__ = [
    "CHECKS",
    "PUBLISHING",
    "Check",
    "GeneratorConformance",
    "Report",
    "Violation",
    "check_plugin",
    "draw",
    "write_dataset",
]
