"""Learned deconvolution, the unrolled blind deconvolution of Schuler, Hirsch, Harmeling and Schölkopf (2016)."""

from engine.networks.method import Method, Scaling

METHOD = Method(
    id="learned-deconv",
    title="Camera shake, learned",
    summary="For any photo: finds how the camera moved, from coarse to fine, and undoes exactly that.",
    paper="Schuler, Hirsch, Harmeling, Schölkopf: Learning to Deblur, IEEE TPAMI 38(7), 2016",
    network="engine.networks.learned_deconv.network:LearnedDeconv",
    regions=frozenset({"whole", "aligned"}),
    preference=60,
    # The final deconvolution has a long reach: its own tiles share three sides of the kernel, here 35 px (a kernel of
    # 33 px, centred on its mass). With this overlap a cut moved the mean pixel by 0.02 levels of 255, 99.9 % of them
    # by less than 1.1, the worst by 5.9 (420 px, a kernel of 35 px, 1 % noise). So this method does not keep to the
    # one level of the other methods.
    scaling=Scaling(overlap=105, tile=1024, smallest=33),
    yields_kernel=True,
    settings={
        "scales": (17, 25, 33),
        "stages": 3,
        "filters": 32,
        "hidden": 2,
        "filter_size": 9,
        "gradients": (2, 2, 4),
        "window": "bartlett-hann",
        "border": "extended",
        "fixed_gradients": False,
        "kernel_beta": 1e-4,
        "smoothness": 12.0,
    },
)
