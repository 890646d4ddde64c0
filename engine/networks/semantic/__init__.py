"""Semantic face deblurring of Shen, Lai, Xu, Kautz and Yang (2020)."""

from engine.faces.templates import Template
from engine.networks.method import Method, PrintedSpeed, Scaling

# SQUARE_256 at half its size, which is the paper's.
TEMPLATE = Template(
    "semantic",
    128,
    128,
    ((47.65, 60.05), (79.35, 60.05), (63.5, 79.55), (49.35, 93.55), (77.65, 93.55)),
)

METHOD = Method(
    id="semantic",
    title="Faces, part by part",
    summary="The face specialist: it finds eyes, nose, mouth and hair in a first result, and they guide a "
    "second one.",
    paper="Shen, Lai, Xu, Kautz, Yang: Exploiting Semantics for Face Image Deblurring, IJCV 2020",
    network="engine.networks.semantic.network:Semantic",
    regions=frozenset({"aligned"}),
    printed_speed=PrintedSpeed(128, 128, 80.0, "Titan X"),
    preference=40,
    # A px of the parsing net's coarsest level is 16 px of the picture. The overlap is the reach of the coarse net
    # (119 px), the parsing net (112 px) and the fine net (119 px) in sequence, on that grid.
    scaling=Scaling(
        multiple=16, overlap=352, tile=1024, smallest=16, bytes_per_pixel=2100, tile_bytes_per_pixel=2100
    ),
    precisions=("float32", "bfloat16", "float16"),
    template=TEMPLATE,
    learns_from="labelled faces",
    # widths: of the parsing net, which give the paper's total; the recipe takes half of them
    settings={
        "stages": 1,
        "shared": False,
        "skip": True,
        "widths": (32, 64, 128, 256, 512),
        "normalised": False,
    },
    views=2,
)
