"""Several restorations of a photo, fused region by region by a small network that mends what is left.

It sees the blurred photo, what a network makes of it, and deconvolutions by kernels that may be a little wrong (after
Vasu, Maligireddy and Rajagopalan 2018). docs/methods.md has what it is worth.
"""

from engine.networks.method import Method, Scaling

METHOD = Method(
    id="finish",
    title="Everything together",
    summary="For any photo: takes what is best, place by place, of deconvolution by the blur that was found and of a "
    "network that knows no blur, and mends what they leave.",
    paper="Vasu, Maligireddy, Rajagopalan: Non-blind Deblurring: Handling Kernel Uncertainty with CNNs, CVPR 2018",
    network="engine.networks.finish.network:Finish",
    regions=frozenset({"whole"}),
    preference=25,
    scaling=Scaling(multiple=8, overlap=128, tile=1024, smallest=64, bytes_per_pixel=900, tile_bytes_per_pixel=900),
    yields_kernel=True,
    settings={"widths": (48, 72, 96)},
    views=8,
)
