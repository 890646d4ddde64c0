"""The eleven classes of a parsed face, in the order of the label maps in the training data."""

LABELS = (
    "background",
    "face",
    "left eyebrow",
    "right eyebrow",
    "left eye",
    "right eye",
    "nose",
    "upper lip",
    "lower lip",
    "teeth",
    "hair",
)
"""Names by class index; left and right are the subject's own."""

SMALL_PARTS = (2, 3, 4, 5, 6, 7, 8, 9)
"""The eight parts in the local structural loss (paper, eq. 6): eyebrows, eyes, nose, lips, teeth."""

MIRRORED = (0, 1, 3, 2, 5, 4, 6, 7, 8, 9, 10)
"""MIRRORED[k] is the class that replaces k when the picture is flipped left to right."""
