"""The build scripts are a folder of modules, not a package."""

import sys
from pathlib import Path

PACKAGING = Path(__file__).parents[2] / "packaging"
sys.path.append(str(PACKAGING))
