"""How the finish is taught: material from lessons of the judge of kernels, a network from material."""
