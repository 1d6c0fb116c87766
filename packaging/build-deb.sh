#!/usr/bin/env bash
# Puts build/tokatsu into a Debian package in build/: the program, its unit, the law as files, the documents.
# `./dev package` builds first and then calls this.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x build/tokatsu ] || { echo "build/tokatsu is missing; run ./dev build" >&2; exit 2; }
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
architecture=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

install -D -m 755 build/tokatsu "$root/usr/bin/tokatsu"
strip --strip-unneeded "$root/usr/bin/tokatsu"
install -D -m 644 packaging/tokatsu.service "$root/lib/systemd/system/tokatsu.service"
while IFS= read -r file; do
  install -D -m 644 "$file" "$root/usr/share/tokatsu/$file"
done < <(git ls-files law)
while IFS= read -r file; do
  install -D -m 644 "$file" "$root/usr/share/doc/tokatsu/$file"
done < <(git ls-files 'docs/*' 'README*' 'LICENSE*')
[ -f LICENSE ] && install -D -m 644 LICENSE "$root/usr/share/doc/tokatsu/copyright"

# What the program is linked with, as packages and versions.
mkdir -p "$root/DEBIAN" "$root/debian"
printf 'Source: tokatsu\n\nPackage: tokatsu\nArchitecture: any\n' >"$root/debian/control"
depends=$(cd "$root" && dpkg-shlibdeps -O usr/bin/tokatsu 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -r "$root/debian"
[ -n "$depends" ] || { echo "dpkg-shlibdeps found no libraries" >&2; exit 1; }

cat >"$root/DEBIAN/control" <<CONTROL
Package: tokatsu
Version: $version
Architecture: $architecture
Section: net
Priority: optional
Maintainer: Tokatsu <root@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, fonts-ipaexfont
Recommends: pandoc
Description: governance server for telecommunications carriers
 Turns alarms into affected users, affected users into what Japan's Telecommunications
 Business Act asks for, and keeps every step in a log that can be verified offline.
CONTROL

cat >"$root/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
[ "$1" = configure ] && [ -d /run/systemd/system ] && systemctl daemon-reload || true
SCRIPT
cat >"$root/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
[ "$1" = remove ] && [ -d /run/systemd/system ] && systemctl stop tokatsu.service || true
SCRIPT
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"

deb="build/tokatsu_${version}_$architecture.deb"
dpkg-deb --root-owner-group --build "$root" "$deb" >&2
echo "$deb"
