#!/bin/sh
# Builds dist/scheduled_transfer-<version>.spl from package.list, with splunklib in bin/lib and
# the pages of docs/ as help views.
# The same commit gives the same bytes, whoever builds it and wherever.
#   PYTHON             a Python 3 with pip, to fetch what requirements/ locks (default: python3)
#   SOURCE_DATE_EPOCH  the time of every file in it (default: that of the last commit)
set -eu
umask 022
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")"

app=scheduled_transfer
fail() {
  echo "package.sh: $*" >&2
  exit 1
}

python=$(command -v "${PYTHON:-python3}") || fail "there is no ${PYTHON:-python3}; set PYTHON"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' HUP INT TERM
root=$stage/$app
mkdir "$root"

# The lines of package.list that begin with a minus, or those that do not.
listed() {
  case $1 in
    kept_out) sed -n 's/^- //p' package.list ;;
    shipped) sed -e '/^#/d' -e '/^-/d' -e '/^[[:space:]]*$/d' package.list ;;
  esac
}

# Every file that the patterns on standard input match, one a line; a pattern without a file ends it.
matching() {
  while IFS= read -r pattern; do
    found=
    for file in $pattern; do
      if [ -f "$file" ]; then
        found=yes
        printf '%s\n' "$file"
      fi
    done
    [ -n "$found" ] || fail "package.list: no file matches $pattern"
  done
}

version_of_manifest() {
  "$python" -c 'import json; print(json.load(open("app.manifest"))["info"]["id"]["version"])'
}

agree_on_version() {
  others=$(sed -n 's/^version *= *//p' default/app.conf | grep -vFx "$version" || true)
  [ -z "$others" ] || fail "app.manifest says version $version, default/app.conf says $others"
}

time_of_last_commit() {
  git log -1 --format=%ct 2>/dev/null ||
    fail "not a git checkout: set SOURCE_DATE_EPOCH to the time that the files shall carry"
}

# Hidden files, compiled Python and a site's own settings are nobody's oversight: they never ship.
refuse_unlisted() {
  for part in shipped kept_out; do
    listed "$part" >"$stage/patterns"
    matching <"$stage/patterns" >"$stage/$part"
  done
  find bin default lookups metadata static \
    \( -path bin/lib -o -name '.*' -o -name __pycache__ -o -path metadata/local.meta \) -prune -o \
    -type f -print >"$stage/present"
  unlisted=$(cat "$stage/shipped" "$stage/kept_out" | grep -vFx -f - "$stage/present" || true)
  [ -z "$unlisted" ] || fail "in a shipped folder but not in package.list: $unlisted"
}

copy_shipped() {
  while IFS= read -r file; do
    mkdir -p "$root/$(dirname "$file")"
    cp "$file" "$root/$file"
  done <"$stage/shipped"
}

# The SDK comes as a source archive whose hash is in requirements/sdk.txt. It is unpacked and not
# built, since what a build adds depends on the tools at hand.
fetch_sdk() {
  sdk_version=$(sed -n 's/^splunk-sdk==\([^ ]*\).*/\1/p' requirements/sdk.txt)
  sdk_hash=$(sed -n 's/.*--hash=sha256:\([0-9a-f]*\).*/\1/p' requirements/sdk.txt)
  archive=build/splunk-sdk-$sdk_version.tar.gz
  if ! holds_hash "$archive"; then
    mkdir -p build "$stage/fetched"
    "$python" -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
      --no-binary :all: --dest "$stage/fetched" --requirement requirements/sdk.txt >&2 ||
      fail "could not fetch splunk-sdk $sdk_version with $python -m pip"
    mv "$stage/fetched/$(basename "$archive")" "$archive"
  fi
  holds_hash "$archive" || fail "$archive does not have the hash of requirements/sdk.txt"
}

holds_hash() {
  [ -f "$1" ] && printf '%s  %s\n' "$sdk_hash" "$1" | sha256sum --check --status
}

copy_sdk() {
  tar -xzf "$archive" -C "$stage" --no-same-owner
  unpacked=$stage/splunk-sdk-$sdk_version
  information=$root/bin/lib/splunk_sdk-$sdk_version.dist-info
  mkdir -p "$information"
  cp -R "$unpacked/splunklib" "$root/bin/lib/splunklib"
  find "$root/bin/lib/splunklib" -type f ! -name '*.py' -exec rm {} +
  cp "$unpacked/PKG-INFO" "$information/METADATA"
}

# The app's menu leads to pages of docs/, which no package of Splunk's shows in Markdown.
add_help() {
  "$python" -m compose.help "$root/default/data/ui/views" >&2 ||
    fail "could not make the help views from docs/"
}

pack() {
  find "$root" -type d -exec chmod 755 {} +
  find "$root" -type f -exec chmod 644 {} +
  mkdir -p dist
  tar --create --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" --directory="$stage" --file="$stage/$app.tar" "$app"
  gzip -n9 <"$stage/$app.tar" >"$stage/$app.spl"
  mv "$stage/$app.spl" "$package"
}

version=$(version_of_manifest)
agree_on_version
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(time_of_last_commit)}
package=dist/$app-$version.spl

"$python" requirements/public_suffixes.py || fail "could not make lookups/t1029_public_suffixes.csv"
refuse_unlisted
copy_shipped
fetch_sdk
copy_sdk
add_help
pack
echo "$package"
