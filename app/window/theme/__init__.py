"""The look of the window: colours and measures in one place; style sheet and icons are made from them."""
