"""How the window looks: colours and measures in one place, the style sheet and the icons made from them."""
