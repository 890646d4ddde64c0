"""The weights of Rec. 601 luma, by which every part of the engine sees a picture in grey."""

import numpy as np

RED_GREEN_BLUE = (0.299, 0.587, 0.114)
LUMA = np.array(RED_GREEN_BLUE, np.float32)
