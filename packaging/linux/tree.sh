# shellcheck shell=bash
# Sourced by deb.sh and appimage.sh: lays the program and its desktop files out under a folder.

metainfo=app.acutance.Acutance.metainfo.xml  # AppStream wants it named after its id

# lay_out BUNDLE VERSION ICONS ROOT PREFIX: PREFIX is where ROOT's /lib, /bin and /share go, e.g. usr.
lay_out() {
    local bundle=$1 version=$2 icons=$3 root=$4/$5 here size name
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    mkdir -p "$root/lib" "$root/bin" "$root/share/applications" "$root/share/metainfo" "$root/share/doc/acutance"
    cp -a "$bundle" "$root/lib/acutance"
    for name in acutance acutance-cli; do
        ln -s "../lib/acutance/$name" "$root/bin/$name"
    done
    install -m 644 "$here/acutance.desktop" "$root/share/applications/"
    sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)/" \
        "$here/acutance.metainfo.xml" > "$root/share/metainfo/$metainfo"
    for size in "$icons"/*; do
        install -D -m 644 "$size/acutance.png" "$root/share/icons/hicolor/$(basename "$size")/apps/acutance.png"
    done
    install -D -m 644 "$here/../../resources/icons/acutance.svg" "$root/share/icons/hicolor/scalable/apps/acutance.svg"
    cp "$root/lib/acutance/_internal/resources/licences.txt" "$root/share/doc/acutance/copyright"
    desktop-file-validate "$root/share/applications/acutance.desktop"
    appstreamcli validate --no-net "$root/share/metainfo/$metainfo"
}
