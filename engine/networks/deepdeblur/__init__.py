"""DeepDeblur, the residual inception network of Wang, Li and Wang (2017)."""

from engine.faces.templates import Template
from engine.networks.method import Method, PrintedSpeed, Scaling

# The five points of CASIA-WebFace crops (Liu et al., SphereFace, CVPR 2017), 112 x 96.
TEMPLATE = Template(
    "deepdeblur",
    112,
    96,
    ((30.29, 51.70), (65.53, 51.50), (48.03, 71.74), (33.55, 92.37), (62.73, 92.20)),
)

METHOD = Method(
    id="deepdeblur",
    title="Faces, small and fast",
    summary="Small and fast, for faces: it handles five sizes of blur at once, and was trained to keep the"
    " person recognisable.",
    paper="Wang, Li, Wang: DeepDeblur: Fast one-step blurry face images restoration, arXiv 1711.09515, 2017",
    network="engine.networks.deepdeblur.network:DeepDeblur",
    regions=frozenset({"aligned"}),
    printed_speed=PrintedSpeed(112, 96, 14.8, "GTX 1080"),
    preference=50,
    # The reach is 1 + 6 * 7 px: the first convolution, then six modules whose widest kernel is 14x14.
    scaling=Scaling(overlap=43, tile=512, bytes_per_pixel=3900, tile_bytes_per_pixel=3900),
    precisions=("float32", "bfloat16", "float16"),
    template=TEMPLATE,
    learns_from="single faces",
    settings={"modules": 6, "channels": 64, "reduction": True, "skip": True},
    views=2,
)
