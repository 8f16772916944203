"""VAE faces goes through the same gate as a stranger's plugin, from its folder."""

from pathlib import Path

import pytest
import vae_faces
from quick_checks import QUICK, SMALL

from aigc_studio.testing import GeneratorConformance


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestVaeFaces(GeneratorConformance):
    plugin = Path(vae_faces.__file__).parent
    steps = 3
    parameters = SMALL["vae-faces"]
    only = QUICK
