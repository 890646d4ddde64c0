"""Stands in for `torchvision.ops.boxes` in the packages: the one function that facenet-pytorch calls."""

from __future__ import annotations

import numpy as np
import torch


def batched_nms(boxes: torch.Tensor, scores: torch.Tensor, idxs: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Return the indices (int64) of the boxes that no better box of the same class overlaps, best first.

    boxes: n x 4, left, top, right, bottom. scores and idxs (the classes): n. A box is dropped if its intersection
    over union with a kept one is above `iou_threshold`. Computed in float32, like torchvision on the CPU.
    """
    corners, classes = boxes.detach().cpu().float().numpy(), idxs.cpu().numpy()
    left, top, right, bottom = corners.T if len(corners) else np.empty((4, 0), np.float32)
    areas = (right - left) * (bottom - top)
    waiting = torch.sort(scores.detach().cpu(), descending=True, stable=True).indices.numpy()
    kept = []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        kept.append(best)
        width = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest])
        height = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            covered = shared / (areas[best] + areas[rest] - shared) > iou_threshold
        waiting = rest[~(covered & (classes[rest] == classes[best]))]
    return torch.tensor(np.array(kept, np.int64), device=boxes.device)
