"""The analysis-synthesis networks pair of Kaufman and Fattal (2020)."""

from engine.networks.method import Method, PrintedSpeed, Scaling

METHOD = Method(
    id="analysis-synthesis",
    title="Camera shake, by two networks",
    summary="For photos shaken as a whole: one network sees how the camera moved, a second undoes that movement.",
    paper="Kaufman, Fattal: Deblurring using Analysis-Synthesis Networks Pair, CVPR 2020",
    network="engine.networks.analysis_synthesis.network:AnalysisSynthesis",
    regions=frozenset({"whole", "aligned"}),
    printed_speed=PrintedSpeed(768, 1024, 450.0, "GPU not printed"),
    preference=30,
    scaling=Scaling(multiple=16, overlap=192, tile=1024, smallest=32),
    yields_kernel=True,
    precisions=("float32", "bfloat16"),
    # 51 px: Levin's kernels end at 27 px, most camera shake ends at 41 px, and a kernel centred on its mass may need
    # a wider window. Even wider ones cost guidance weights and training samples; (31, 61, 85) has them.
    settings={
        "kernel_sizes": (51,),
        "features": 64,
        "maps": 32,
        "channels": 128,
        "levels": 4,
        "multiplicative": True,
        "additive": True,
        "skip": True,
    },
)
