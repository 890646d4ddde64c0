#!/usr/bin/env bash
# appimage.sh BUNDLE VERSION ICONS TARGET: lays out build/Acutance.AppDir and, with appimagetool, packs it.
set -euo pipefail
bundle=$1 version=$2 icons=$3 target=$4
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/linux/tree.sh
source "$here/tree.sh"

directory="$here/../../build/Acutance.AppDir"
rm -rf "$directory"
mkdir -p "$directory" "$target"
lay_out "$bundle" "$version" "$icons" "$directory" usr
install -m 755 "$here/AppRun" "$directory/AppRun"
ln -s usr/share/applications/acutance.desktop "$directory/acutance.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/acutance.png "$directory/acutance.png"
ln -s acutance.png "$directory/.DirIcon"

told=$("$directory/AppRun" --version)
if [ "$told" != "acutance $version" ]; then
    echo "build: $directory/AppRun --version says '$told'" >&2
    exit 1
fi

made="$target/Acutance-$version-$(uname -m).AppImage"
if command -v appimagetool > /dev/null; then
    ARCH=$(uname -m) VERSION=$version appimagetool --no-appstream "$directory" "$made"
    echo "build: $made, $(($(stat -c %s "$made") / 1048576)) MiB"
else
    echo "build: appimagetool is not installed (https://github.com/AppImage/appimagetool): no AppImage is packed." >&2
    echo "build: $(realpath "$directory")/AppRun starts the same program unpacked." >&2
fi
