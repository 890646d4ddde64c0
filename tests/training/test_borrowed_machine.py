import subprocess
import sys

PROGRAM = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"platformdirs", "facenet_pytorch", "PySide6", "imagecodecs", "skimage"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
import training.__main__
from training.recipe import recipe, recipes
made = [stage.objective() for name in recipes() for stage in recipe(name).stages]
print(sum(getattr(objective, "embedding", None) is not None for objective in made))
"""


def test_training_needs_neither_qt_nor_what_only_the_program_needs():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 2, "semantic's and deepdeblur's objectives read the face embedding"
