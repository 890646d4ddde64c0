"""Tests the frozen program without Python, network or settings, and compares it with the same run from source.

`python packaging/smoke.py dist/acutance [--weights FOLDER]`, by the Python that built it. The program is moved into a
folder with spaces and letters beyond ASCII, with an empty home, no Python on the PATH and, if the system allows it
(Linux, as root), no network. `check` lists the tests. The exit code is 1 if a test fails.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from app.cli.main import COMMANDS
from app.window.trial import PICTURE_VARIABLE, Trial
from engine.networks.registry import methods

ROOT = Path(__file__).resolve().parents[1]
SUFFIX = ".exe" if sys.platform == "win32" else ""
FOLDER = "Prøve 写真 with spaces"
_SLOWEST_START = 1.5  # times the start from source
_PATIENCE = 600

log = logging.getLogger("smoke")


class SmokeError(Exception):
    """The frozen program did not do what it should."""


@dataclass(frozen=True)
class Program:
    """A way to start the program: the command, and the environment."""

    command: tuple[str, ...]
    window: tuple[str, ...]
    environment: dict[str, str]
    home: Path

    def run(self, *arguments: str | Path, window: bool = False, more: dict[str, str] | None = None) -> str:
        """Run it and return standard output; raise SmokeError for a traceback or an exit code other than 0."""
        command = [*(self.window if window else self.command), *map(str, arguments)]
        environment = {**self.environment, **(more or {})}
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", timeout=_PATIENCE, check=False
        )
        if done.returncode != 0 or "Traceback" in done.stderr:
            raise SmokeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def try_window(self, picture: Path, *photos: Path) -> None:
        """Let the window restore and save the photo, if any, draw a picture of itself, and close."""
        self.run(*photos, window=True, more={PICTURE_VARIABLE: str(picture)})
        _expect(Image.open(picture).size[0] > 600, f"{picture} is no picture of the window")

    def start(self, picture: Path) -> tuple[float, float]:
        """Return the seconds and the processor seconds from the start of the window to its picture."""
        begin, before = time.monotonic(), os.times()
        self.try_window(picture)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return time.monotonic() - begin, spent


def frozen(bundle: Path, home: Path, weights: Path | None) -> Program:
    """Return the packaged program, with an empty environment."""
    without_network = _without_network()
    log.info("network: %s", "none (its own namespace)" if without_network else "there, but nothing should ask for it")
    programs = [str(bundle / f"{name}{SUFFIX}") for name in ("acutance-cli", "acutance")]
    command, window = ((*without_network, program) for program in programs)
    empty = home / "no-programs"
    empty.mkdir()
    return Program(command, window, {**_environment(home, weights), "PATH": str(empty)}, home)


def from_source(home: Path, weights: Path | None) -> Program:
    """Return the program as it is in the source tree, run by this Python."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "packaging" / "stand_in")])
    environment = {**_environment(home, weights), "PYTHONPATH": paths, "PATH": os.environ.get("PATH", "")}
    command = (sys.executable, "-m", "app")
    return Program(command, command, environment, home)


def _environment(home: Path, weights: Path | None) -> dict[str, str]:
    passed = ("SYSTEMROOT", "TEMP", "TMP", "DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM", "OMP_NUM_THREADS")
    environment = {name: os.environ[name] for name in passed if name in os.environ}
    environment |= {name: str(home) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    if weights is not None:
        environment["ACUTANCE_WEIGHTS"] = str(weights)
    return environment


def _without_network() -> tuple[str, ...]:
    """Return a command that runs another one without a network, or nothing if there is none."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    allowed = subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0
    return (unshare, "--net") if allowed else ()


@contextlib.contextmanager
def screen() -> Iterator[None]:
    """Give the window a screen: this one, else Xvfb, else Qt's offscreen platform."""
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        yield
        return
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        log.warning("Xvfb is not installed: the window is drawn on no screen")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
        return
    command = [xvfb, "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        yield
    finally:
        del os.environ["DISPLAY"]
        server.terminate()
        server.wait()


def blurred_portrait(target: Path) -> None:
    """Write a portrait (NASA, public domain), moved by 9 px."""
    from skimage.data import astronaut

    sharp = astronaut().astype(np.float32)
    moved = np.mean([np.roll(sharp, shift, axis=1) for shift in range(9)], axis=0)
    Image.fromarray(np.rint(moved).astype(np.uint8)).save(target)


def check(program: Program, source: Program, folder: Path, version: str, picture: Path) -> None:
    """Test everything that the packaged program must do. Raises SmokeError."""
    printed = program.run("--version").strip()
    _expect(printed == f"acutance {version}", f"--version says {printed!r}")
    for command in COMMANDS:
        program.run(command, "--help")
    photo = folder / "Bildnis ü 写.png"
    blurred_portrait(photo)
    faces = json.loads(program.run("faces", photo, "--json"))["faces"]
    _expect(len(faces) >= 1, "no face was found")
    _expect(faces == json.loads(source.run("faces", photo, "--json"))["faces"], "the faces differ from the source's")
    log.info("version, commands and faces are right")
    installed = installed_methods(program)
    _expect(bool(installed), "no weights are installed")
    for method in installed:
        compare_pixels(program, source, folder, photo, method)
        if methods()[method].compiled is not None:
            compare_backends(program, folder, photo, method)
    doctor = program.run("doctor")
    right = f"Acutance: {version}" in doctor and "Device:" in doctor and "OpenVINO: 20" in doctor
    _expect(right, f"doctor says:\n{doctor}")
    log.info("doctor is content")
    check_window(program, photo, picture)


def check_window(program: Program, photo: Path, picture: Path) -> None:
    """Let the window restore a photo; raise SmokeError if it fails or leaves a process behind."""
    result = Trial.result_beside(picture)
    result.unlink(missing_ok=True)
    program.try_window(picture, photo)
    _expect(result.is_file(), "the window did not restore the photo")
    _expect(Image.open(result).size == Image.open(photo).size, "the window's result has another size")
    begun = sum(path.read_text("utf-8").count("begun:") for path in program.home.rglob("*.log"))
    _expect(begun == 1, f"{begun} windows were opened, not one")
    log.info("the window opened a photo, found its faces, restored it, saved it and closed: %s", picture)


def installed_methods(program: Program) -> list[str]:
    """Return the ids of the methods that have weights."""
    listed: list[dict[str, Any]] = json.loads(program.run("methods", "--json"))
    return [method["id"] for method in listed if method["weights"]]


def compare_pixels(program: Program, source: Program, folder: Path, photo: Path, method: str) -> None:
    """Deblur the photo by a method with both programs; raise SmokeError unless every pixel is the same."""
    pictures = []
    for name, one in (("frozen", program), ("source", source)):
        target = folder / f"{method} {name}.png"
        begin = time.monotonic()
        one.run("deblur", photo, "-o", target, "--method", method, "--device", "cpu", "--backend", "pytorch")
        log.info("%s, %s: %.1f s", method, name, time.monotonic() - begin)
        pictures.append(np.asarray(Image.open(target)))
    _expect(np.array_equal(pictures[0], pictures[1]), f"{method} gives other pixels than from source")
    changed = np.abs(pictures[0].astype(int) - np.asarray(Image.open(photo))).max()
    _expect(changed > 0, f"{method} left the photo as it was")


def compare_backends(program: Program, folder: Path, photo: Path, method: str) -> None:
    """Deblur the photo by OpenVINO after `compare_pixels`; raise SmokeError if it differs by more than 1/255.

    The speed depends on this machine, so it is not tested.
    """
    target = folder / f"{method} openvino.png"
    chosen = ("--device", "cpu", "--backend", "openvino", "--precision", "float32", "--json")
    said = json.loads(program.run("deblur", photo, "-o", target, "--method", method, *chosen))["results"][0]["notes"]
    slower = any("OpenVINO is no faster" in note for note in said)
    _expect(slower or not any("OpenVINO" in note for note in said), f"{method}: {' '.join(said)}")
    pictures = [np.asarray(Image.open(folder / f"{method} {name}.png")) for name in ("frozen", "openvino")]
    difference = np.abs(pictures[0].astype(int) - pictures[1]).max()
    _expect(difference <= 1, f"{method} by OpenVINO differs by {difference}/255")
    log.info("%s, OpenVINO: %s", method, "no faster here" if slower else f"differs by {difference}/255 at most")


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise SmokeError(otherwise)


def compare_start(program: Program, source: Program, picture: Path) -> None:
    """Print how long the window takes to open, frozen and from source, each the best of three."""
    starts = [(program.start(picture), source.start(picture)) for _ in range(3)]
    frozen_best, source_best = (min(each) for each in zip(*starts, strict=True))
    ratio = frozen_best[0] / source_best[0]
    shown = "%.2f s (%.2f of a processor), from source %.2f s (%.2f): %.2f times"
    log.info(f"start of the window: {shown}", *frozen_best, *source_best, ratio)
    if ratio > _SLOWEST_START:
        log.warning("that is more than %.1f times the start from source", _SLOWEST_START)


def nothing_left(folder: Path) -> None:
    """Raise SmokeError if a process of the program in `folder` still runs seconds after its end."""
    running = list(psutil.process_iter(["exe"]))
    own = [one for one in running if one.info["exe"] and Path(one.info["exe"]).is_relative_to(folder)]
    _, left = psutil.wait_procs(own, timeout=5)
    _expect(not left, f"still running: {left}")


def smoke(bundle: Path, weights: Path | None, version: str, picture: Path) -> None:
    """Test the bundle, and clean up. Raises SmokeError."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundle.parent, prefix="smoke-") as temporary, screen():
        folder = Path(temporary) / FOLDER
        homes = [folder / "home", folder / "home of the source"]
        for home in homes:
            home.mkdir(parents=True)
        moved = folder / bundle.name
        shutil.copytree(bundle, moved, copy_function=os.link, symlinks=True)
        programs = moved / "Contents" / "MacOS" if bundle.suffix == ".app" else moved
        carried = {path.name for path in moved.rglob("*") if path.parent.name in ("languages", "translations")}
        _expect(carried >= {"de.mo", "qtbase_de.qm"}, f"the German catalogues are not inside: {sorted(carried)}")
        program, source = frozen(programs, homes[0], weights), from_source(homes[1], weights)
        check(program, source, folder, version, picture)
        nothing_left(moved)
        compare_start(program, source, folder / "start.png")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the smoke test of a bundle; return the exit code."""
    from importlib.metadata import version

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--weights", type=Path, help="weights to use instead of the bundle's")
    parser.add_argument("--picture", type=Path, default=ROOT / "build" / "smoke.png", help="where the window's goes")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="smoke: %(message)s")
    weights = options.weights.resolve() if options.weights else None
    try:
        smoke(options.bundle.resolve(), weights, version("acutance"), options.picture.resolve())
    except (SmokeError, subprocess.TimeoutExpired) as error:
        log.error("%s", error)
        return 1
    log.info("all is well")
    return 0


if __name__ == "__main__":
    sys.exit(main())
