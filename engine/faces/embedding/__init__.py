"""The face embedding: 512 numbers that identify a person. Used to compare faces and as a loss in training.

Input: N x 3 x 112 x 112, RGB, encoded values in [0, 1], aligned by `engine.faces.templates.EMBEDDING`.
Output: N x 512 of length 1. The product of two embeddings is the cosine of their faces, near 1 for one person.
"""

CARD_ID = "face-embedding"
"""The id of its weights in resources/weights."""

SIDE = 112
"""Height and width of its input, px."""

SIZE = 512
"""The size of an embedding."""
