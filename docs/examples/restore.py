"""Restore a photo in Python: python docs/examples/restore.py BLURRED.jpg SHARP.jpg."""

import sys
from pathlib import Path

import engine


def restore(source: Path, target: Path) -> engine.Result:
    """Restore `source` automatically, write it to `target`, and return what is known about the result."""
    photo = engine.read_photo(source)
    request = engine.Request(method="auto", strength=1.0)
    with engine.Engine() as running:
        result = running.run(request, photo)
    engine.write_photo(engine.finished(photo, result), target)
    return result


if __name__ == "__main__":
    try:
        made = restore(Path(sys.argv[1]), Path(sys.argv[2]))
    except IndexError:
        sys.exit(__doc__)
    except engine.UserError as error:
        sys.exit(str(error))
    print(f"{made.method} on {made.device}, {sum(made.seconds.values()):.1f} s")
    for note in made.notes:
        print(note)
