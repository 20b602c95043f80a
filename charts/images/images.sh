#!/usr/bin/env bash
# Builds the images that the chart names, from Debian's packages and this checkout, into out/images.
# usage: images.sh build [NAME…] | lock
#   build   archives that `podman load`, `docker load` and `skopeo copy` take, each with its SBOM beside it
#   lock    writes down the newest packages that this machine's sources have; look at the difference and commit it
# IMAGES               what the names of the images begin with (default: as in the chart's values)
# CACHEPOLICY_ASSETS   where packages are kept between runs (default: ~/.cache/cachepolicy)
# SOURCE_DATE_EPOCH    when the images were made (default: when the commit was)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${CACHEPOLICY_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/cachepolicy}
speaker=images
mkdir -p "$cache/images"
cache=$(cd "$cache" && pwd)
work="$cache/images"
out="$root/out/images"

. "$root/tests/assets/steps.sh"
. "$root/tests/assets/debian.sh"
. "$here/packages.sh"
. "$here/programs.sh"
. "$here/image.sh"
. "$here/sbom.sh"

all=(operator agent varnish vinyl)

build() {
  local name
  [ $# -gt 0 ] || set -- "${all[@]}"
  for name in "$@"; do
    [ -e "$here/roots/$name" ] || die "there is no image '$name'; the images are: ${all[*]}"
  done
  mkdir -p "$out"
  for name in "$@"; do build_image "$name"; done
  tell "$@"
}

as_root true
for tool in mmdebstrap umoci skopeo jq; do
  have "$tool" || die "$tool is missing: run 'make assets STEPS=images'"
done
one_run_at_a_time
command=${1:-build}
[ $# -eq 0 ] || shift
case "$command" in
  build) build "$@" ;;
  lock) lock "${all[@]}" ;;
  *) die "there is no command '$command'; see the head of images.sh" ;;
esac
