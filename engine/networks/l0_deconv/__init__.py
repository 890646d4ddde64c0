"""Blind deconvolution without learning, by L0-regularised edges (Xu, Zheng and Jia 2013): the baseline."""

from engine.networks.method import Method, Scaling

METHOD = Method(
    id="l0-deconv",
    title="Camera shake, by its edges",
    summary="For photos shaken as a whole: finds by their own edges how the camera moved, and undoes exactly that. "
    "It adds nothing from other pictures.",
    paper="Xu, Zheng, Jia: Unnatural L0 Sparse Representation for Natural Image Deblurring, CVPR 2013",
    network="engine.networks.l0_deconv.network:L0Deconvolution",
    regions=frozenset({"whole", "aligned"}),
    preference=20,
    # Three sides of a kernel of 115 px, as the final deconvolution shares them between tiles of its own. Beyond, a
    # cut moved 99.9 % of the pixels by less than 0.8 levels of 255, the worst by 3 (738 x 615 px, kernels of 41 px).
    scaling=Scaling(overlap=345, tile=1536, bytes_per_pixel=400, tile_bytes_per_pixel=400),
    yields_kernel=True,
    undoes_lamps=True,
)
