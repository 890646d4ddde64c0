"""What stands around the photo: the side panel (choices, outcome), the bars and lines above, the strip below."""
