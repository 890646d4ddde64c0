#!/usr/bin/env bash
# deb.sh BUNDLE VERSION ICONS TARGET: makes acutance_VERSION_ARCH.deb of the frozen program.
set -euo pipefail
bundle=$1 version=$2 icons=$3 target=$4
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/linux/tree.sh
source "$here/tree.sh"

architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
lay_out "$bundle" "$version" "$icons" "$tree" usr

mkdir "$tree/DEBIAN"
cat > "$tree/DEBIAN/control" << CONTROL
Package: acutance
Version: $version
Architecture: $architecture
Maintainer: The Acutance maintainers <maintainers@acutance.invalid>
Section: graphics
Priority: optional
Installed-Size: $(du -sk --apparent-size "$tree/usr" | cut -f1)
Depends: libc6 (>= $(ldd --version | sed -n '1s/.* //p')), libegl1, libgl1, libxcb1, fontconfig-config
Recommends: libwayland-client0, libwayland-cursor0, xdg-desktop-portal
Description: makes blurred photographs sharp again, faces first
 Acutance finds the faces of a photo, restores it by one of several published
 methods, shows how the camera moved and saves a file that keeps everything
 the original carried. Nothing leaves the computer.
CONTROL
install -m 755 "$here/refresh.sh" "$tree/DEBIAN/postinst"
install -m 755 "$here/refresh.sh" "$tree/DEBIAN/postrm"

mkdir -p "$target"
made="$target/acutance_${version}_$architecture.deb"
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree" "$made"
echo "build: $made, $(($(stat -c %s "$made") / 1048576)) MiB"
