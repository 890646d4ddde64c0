#!/bin/sh
# After installing and removing: desktops shall know the program, its icons and the photos it opens.
set -e
if command -v update-desktop-database > /dev/null; then
    update-desktop-database -q /usr/share/applications || true
fi
if command -v gtk-update-icon-cache > /dev/null; then
    gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
fi
