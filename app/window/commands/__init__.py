"""Every command in one table; who carries it out, and the menus that are made from it."""
