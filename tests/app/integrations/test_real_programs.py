"""The real darktable and GIMP: a photo goes out and comes back sharper, in its place, with all that it carried."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from skimage import data
from skimage.metrics import peak_signal_noise_ratio as psnr

from app.__main__ import main
from app.integrations import hosts
from engine.kernels.blurring import blur
from engine.kernels.families import draw_kernel
from engine.kernels.kernel import Kernel
from engine.photos.reading import read_photo

ROOT = Path(__file__).parents[3]
GIMP = shutil.which("gimp-console-2.10")
DISPLAY = shutil.which("xvfb-run")
ARTIST = 315

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.skipif(os.name == "nt", reason="POSIX shells")]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, in which this checkout is the program that the others start."""
    program = tmp_path / "acutance"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m app "$@"\n')
    program.chmod(0o755)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
        (tmp_path / name.lower()).mkdir()
    monkeypatch.setattr(hosts, "command", lambda: [str(program)])
    return tmp_path


@pytest.fixture
def sharp():
    return data.astronaut()[:256, 100:356].astype(np.float32) / 255


@pytest.fixture
def blurred(tmp_path, sharp):
    """A shaken photo of 16 bits whose name has a quotation mark, with an artist."""
    kernel = Kernel(draw_kernel("linear", 11, np.random.default_rng(3)))
    samples = (blur(sharp, kernel).clip(0, 1) * 65535).astype(np.uint16)
    path = tmp_path / "it's é.tif"
    tifffile.imwrite(path, samples, photometric="rgb", extratags=[(ARTIST, 2, 5, "Anna", True)])
    return path


def restored(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=1700, check=False)
    return done.stdout + done.stderr


@pytest.mark.skipif(not (shutil.which("darktable") and DISPLAY), reason="darktable or xvfb-run is not installed")
def test_darktable_exports_imports_and_groups(home, blurred, sharp):
    assert main(["integrate", "darktable"]) == 0
    told, script = home / "told.txt", home / "drive.lua"
    script.write_text(
        f'''
        local dt, acutance, out = require "darktable", require "acutance", io.open("{told}", "w")
        local ok, trouble = pcall(function()
          local image = dt.database.import("{blurred}")
          image.rating = 4
          image:attach_tag(dt.tags.create("trip|sea"))
          local result, reason = acutance.restore(image, false)
          local tags = {{}}
          for _, tag in ipairs(result:get_tags()) do tags[#tags + 1] = tag.name end
          out:write(result.filename, "\\n", tostring(result.group_leader == image.group_leader), "\\n",
                    tostring(result.rating), "\\n", table.concat(tags, " "), "\\n")
        end)
        out:write(tostring(trouble), "\\n")
        out:close()
        os.exit(0)
        ''',
        encoding="utf-8",
    )
    said = restored(
        [
            "xvfb-run",
            "-a",
            "darktable",
            "--library",
            ":memory:",
            "--disable-opencl",
            "--luacmd",
            f'dofile("{script}")',
        ]
    )
    assert told.exists(), said
    name, grouped, rating, tags, trouble = told.read_text(encoding="utf-8").splitlines()
    assert (name, grouped, rating, trouble) == ("it's é-acutance.tif", "true", "4", "nil")
    assert "trip|sea" in tags
    result = read_photo(blurred.with_name(name))
    assert result.bit_depth == 16 and b"Anna" in (result.metadata.exif or b"")
    assert psnr(sharp, result.pixels) > psnr(sharp, read_photo(blurred).pixels) + 1


@pytest.mark.skipif(GIMP is None, reason="GIMP 2.10 is not installed")
def test_gimp_puts_the_restored_layer_above_with_the_selection_as_its_mask(home, blurred, sharp):
    assert main(["integrate", "gimp"]) == 0
    result = home / "result.tif"
    script = f'''
        (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{blurred}" "x")))
               (layer (car (gimp-image-get-active-layer image))))
          (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 64 64 128 128)
          (acutance-restore RUN-NONINTERACTIVE image layer)
          (gimp-message (string-append "layers " (number->string (car (gimp-image-get-layers image)))))
          (gimp-message (string-append "name " (car (gimp-item-get-name (car (gimp-image-get-active-layer image))))))
          (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-flatten image)) "{result}" "x"))
        (gimp-quit 0)'''
    said = restored([str(GIMP), "-i", "-d", "-f", "--stack-trace-mode=never", "-b", script])
    assert "layers 2" in said and ", restored" in said, said
    before, after = read_photo(blurred), read_photo(result)
    assert after.bit_depth == 16
    inside, outside = (slice(72, 184), slice(72, 184)), (slice(0, 60), slice(None))
    assert psnr(sharp[inside], after.pixels[inside]) > psnr(sharp[inside], before.pixels[inside]) + 1
    assert np.abs(after.pixels[outside] - before.pixels[outside]).max() < 2 / 255
