"""Where the landmarks of a face are in an aligned crop. A method for faces names its template in its METHOD."""

from __future__ import annotations

from dataclasses import dataclass

from engine.faces.face import Point


@dataclass(frozen=True)
class Template:
    """The positions of the five landmarks (in the order of `Face.landmarks`) in a crop of height x width px."""

    name: str
    height: int
    width: int
    points: tuple[Point, Point, Point, Point, Point]


# The five points of CASIA-WebFace crops (Liu et al., SphereFace, CVPR 2017) in a square (Deng et al., ArcFace, CVPR
# 2019).
EMBEDDING = Template(
    "embedding",
    112,
    112,
    ((38.29, 51.70), (73.53, 51.50), (56.03, 71.74), (41.55, 92.37), (70.73, 92.20)),
)
# The mean landmarks of FFHQ and CelebA-HQ faces, on which the square methods are trained: head and hair.
SQUARE_256 = Template(
    "square-256",
    256,
    256,
    ((95.8, 120.6), (159.2, 120.6), (127.5, 159.6), (99.2, 187.6), (155.8, 187.6)),
)
