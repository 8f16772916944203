"""The process that sounds: started by `player` by the path of this file."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from aigc_studio.sound.speaker import main

    sys.exit(main())
