#!/usr/bin/env bash
# dmg.sh BUNDLE.app VERSION TARGET: signs, packs and notarises the app. What there are no certificates for is skipped,
# and said to be:
#   ACUTANCE_SIGN_AS         "Developer ID Application: Name (TEAM)", in the keychain
#   ACUTANCE_NOTARY_PROFILE  made once by `xcrun notarytool store-credentials`
set -euo pipefail
app=$1 version=$2 target=$3
here=$(cd "$(dirname "$0")" && pwd)
made="$target/Acutance-$version-$(uname -m).dmg"

if [ -n "${ACUTANCE_SIGN_AS:-}" ]; then
    # From the inside out: the app's own signature covers those of its libraries.
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$ACUTANCE_SIGN_AS"
    for program in acutance-cli acutance; do
        codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
            --sign "$ACUTANCE_SIGN_AS" "$app/Contents/MacOS/$program"
    done
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$ACUTANCE_SIGN_AS" "$app"
    codesign --verify --deep --strict "$app"
else
    echo "build: ACUTANCE_SIGN_AS is not set: the app is signed ad hoc only, and macOS will call it damaged or" >&2
    echo "build: unverified on other machines until: xattr -dr com.apple.quarantine Acutance.app" >&2
    codesign --force --deep --sign - "$app"
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp -a "$app" "$tree/"
ln -s /Applications "$tree/Applications"
hdiutil create -quiet -ov -volname "Acutance $version" -srcfolder "$tree" -format UDZO "$made"

if [ -n "${ACUTANCE_SIGN_AS:-}" ] && [ -n "${ACUTANCE_NOTARY_PROFILE:-}" ]; then
    codesign --timestamp --sign "$ACUTANCE_SIGN_AS" "$made"
    xcrun notarytool submit "$made" --keychain-profile "$ACUTANCE_NOTARY_PROFILE" --wait
    xcrun stapler staple "$made"
    spctl --assess --type open --context context:primary-signature "$made"
else
    echo "build: without ACUTANCE_SIGN_AS and ACUTANCE_NOTARY_PROFILE $made is not notarised." >&2
fi
echo "build: $made"
