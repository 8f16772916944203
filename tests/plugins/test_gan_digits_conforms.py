"""GAN digits goes through the same gate as a stranger's plugin, from its folder."""

from pathlib import Path

import gan_digits
import pytest
from quick_checks import QUICK, SMALL

from aigc_studio.testing import GeneratorConformance


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestGanDigits(GeneratorConformance):
    plugin = Path(gan_digits.__file__).parent
    steps = 3
    parameters = SMALL["gan-digits"]
    only = QUICK
