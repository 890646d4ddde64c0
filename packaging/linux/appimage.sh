#!/usr/bin/env bash
# appimage.sh BUNDLE VERSION ICONS TARGET [RUNTIME]: lays out build/Acutance.AppDir and packs it behind the runtime, as
# the AppImage specification (type 2) has it: runtime and SquashFS, one after the other.
set -euo pipefail
bundle=$1 version=$2 icons=$3 target=$4 runtime=${5:-}
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/linux/tree.sh
source "$here/tree.sh"

directory=$(realpath -m "$here/../../build/Acutance.AppDir")
rm -rf "$directory"
mkdir -p "$directory" "$target"
lay_out "$bundle" "$version" "$icons" "$directory" usr
install -m 755 "$here/AppRun" "$directory/AppRun"
install -m 644 "$here/../licence_texts/appimage-runtime.txt" "$directory/usr/share/doc/acutance/"
ln -s usr/share/applications/acutance.desktop "$directory/acutance.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/acutance.png "$directory/acutance.png"
ln -s acutance.png "$directory/.DirIcon"

# Whoever starts it, the program shall say its version; in a temporary folder where there is no FUSE.
expect_version() {
    local told
    told=$("$@" --version)
    if [ "$told" != "acutance $version" ]; then
        echo "build: $* --version says '$told'" >&2
        exit 1
    fi
}
ACUTANCE_CLI=1 expect_version "$directory/AppRun"

if [ -z "$runtime" ]; then
    echo "build: without a runtime no AppImage is packed. $directory/AppRun starts the same program unpacked." >&2
    exit 0
fi
made="$target/Acutance-$version-$(uname -m).AppImage"
packed=$(mktemp "$target/.squashfs-XXXXXX")
trap 'rm -f "$packed"' EXIT
# gzip: the runtime reads no zstd.
mksquashfs "$directory" "$packed" -noappend -root-owned -no-xattrs -comp gzip -b 256K -quiet -no-progress
cat "$runtime" "$packed" > "$made"
chmod 755 "$made"
ACUTANCE_CLI=1 APPIMAGE_EXTRACT_AND_RUN=1 expect_version "$made"
echo "build: $made, $(($(stat -c %s "$made") / 1048576)) MiB"
