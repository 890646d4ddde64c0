"""The part of the photo on the screen. Pure arithmetic, in device px, so that 100 % is one to one."""

from __future__ import annotations

from dataclasses import dataclass, replace

SMALLEST_SCALE = 0.01
LARGEST_SCALE = 64.0
LARGEST_FITTED = 2.0
STEPS = (0.02, 0.03, 0.05, 0.08, 0.125, 0.17, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


@dataclass(frozen=True)
class Viewport:
    """photo and view: (width, height) in px. scale: view px per photo px. (x, y): photo point at the view's middle.

    fitted: the scale follows the view's size, so that the whole photo stays visible.
    """

    photo: tuple[int, int]
    view: tuple[float, float]
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True

    def fit(self) -> Viewport:
        """Show the whole photo; enlarge a small one at most twice."""
        scale = min(LARGEST_FITTED, self.view[0] / self.photo[0], self.view[1] / self.photo[1])
        scale = max(scale, SMALLEST_SCALE)
        return replace(self, scale=scale, x=self.photo[0] / 2, y=self.photo[1] / 2, fitted=True)

    def like(self, other: Viewport | None) -> Viewport:
        """Return the zoom and place of another photo's viewport; fit the photo if that was fitted, or is None."""
        if other is None or other.fitted:
            return self.fit()
        x, y = (place / size for place, size in zip((other.x, other.y), other.photo, strict=True))
        return replace(self, scale=other.scale, fitted=False).centred(x * self.photo[0], y * self.photo[1])

    def centred(self, x: float, y: float) -> Viewport:
        """Return the same scale with a point of the photo in the view's middle."""
        return replace(self, x=x, y=y)._clamped()

    def resized(self, view: tuple[float, float]) -> Viewport:
        """Return the same part of the photo in a view of another size."""
        resized = replace(self, view=view)
        return resized.fit() if self.fitted else resized._clamped()

    def zoomed(self, scale: float, at: tuple[float, float]) -> Viewport:
        """Return another scale; the photo's point under `at` (view px) stays in place."""
        scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))
        x, y = self.to_photo(*at)
        middle_x = x - (at[0] - self.view[0] / 2) / scale
        middle_y = y - (at[1] - self.view[1] / 2) / scale
        return replace(self, scale=scale, x=middle_x, y=middle_y, fitted=False)._clamped()

    def stepped(self, direction: int, at: tuple[float, float]) -> Viewport:
        """Zoom to the next round scale: 1 zooms in, -1 zooms out."""
        if direction > 0:
            scale = next((step for step in STEPS if step > self.scale * 1.001), LARGEST_SCALE)
        else:
            scale = next((step for step in reversed(STEPS) if step < self.scale * 0.999), SMALLEST_SCALE)
        return self.zoomed(scale, at)

    def panned(self, dx: float, dy: float) -> Viewport:
        """Move the photo by (dx, dy) view px."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)._clamped()

    def origin(self) -> tuple[int, int]:
        """Return the view px of the photo's corner, as integers so that pixels stay crisp."""
        return round(self.view[0] / 2 - self.x * self.scale), round(self.view[1] / 2 - self.y * self.scale)

    def to_photo(self, view_x: float, view_y: float) -> tuple[float, float]:
        """Return the point of the photo under a point of the view."""
        left, top = self.origin()
        return (view_x - left) / self.scale, (view_y - top) / self.scale

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the view for a point of the photo."""
        left, top = self.origin()
        return left + x * self.scale, top + y * self.scale

    def _clamped(self) -> Viewport:
        """Centre a photo that fits.

        Otherwise keep the view's middle on the photo, so that zooming stays at the pointer.
        """
        width, height = self.photo
        if width * self.scale <= self.view[0] and height * self.scale <= self.view[1]:
            return replace(self, x=width / 2, y=height / 2)
        return replace(self, x=min(max(self.x, 0), width), y=min(max(self.y, 0), height))
