"""WRFN, the wide-receptive-field network of Jin, Hirsch and Favaro (2018)."""

from dataclasses import replace

from engine.networks.method import Compilation, Method, PrintedSpeed, Scaling

# The receptive field's radius is 97 px, but pixels beyond 80 px change trained weights' output by less than one
# 8-bit level (tests/engine/networks/test_all_methods.py), and a larger overlap takes more time.
SCALING = Scaling(
    multiple=5, overlap=80, tile=2000, smallest=10, bytes_per_pixel=150, tile_bytes_per_pixel=145, by_plane=True
)

METHOD = Method(
    id="wrfn",
    title="Any photo, fast",
    summary="Fast, for any photo: it works on a coarse grid first, so that it sees even wide blur.",
    paper="Jin, Hirsch, Favaro: Learning Face Deblurring Fast and Wide, CVPR Workshops 2018",
    network="engine.networks.wrfn.network:WRFN",
    regions=frozenset({"whole", "aligned"}),
    printed_speed=PrintedSpeed(1000, 1000, 86.0, "Titan X Pascal"),
    preference=10,
    scaling=SCALING,
    compiled=Compilation(
        replace(SCALING, bytes_per_pixel=125, tile_bytes_per_pixel=120), "engine.networks.wrfn.graph:WRFNGraphs"
    ),
    precisions=("float32", "bfloat16", "float16"),
    settings={"stride": 5, "blocks": 8, "channels": 96, "norm": "instance", "skip": True, "swap": False},
    views=8,
)
