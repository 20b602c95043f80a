#!/usr/bin/env bash
# Packs out/cachepolicy for krew, kubectl's plugin manager: out/krew/cachepolicy-VERSION-OS-ARCH.tar.gz and its manifest cachepolicy.yaml.
# usage: [PROGRAM=out/cachepolicy] [OUT=out/krew] krew.sh ADDRESS    the directory, https://…, that the archive will be fetched from
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
address=${1:?say where the archive will be: krew.sh https://example.com/releases/v1, or make krew ADDRESS=…}
program=${PROGRAM:-$root/out/cachepolicy}
[ -x "$program" ] || { echo "there is no $program: make build" >&2; exit 1; }

version=$("$program" version | cut -d ' ' -f 2)
case "$(uname -m)" in
  x86_64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "krew knows no machine of kind $(uname -m)" >&2; exit 1 ;;
esac
os=$(uname -s | tr '[:upper:]' '[:lower:]')

out=${OUT:-$root/out/krew}
name="cachepolicy-v$version-$os-$arch.tar.gz"
mkdir -p "$out"
# The same program gives the same archive.
tar --create --gzip --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=755 --transform 's,.*,cachepolicy,' \
  --absolute-names --file "$out/$name" "$program"
digest=$(sha256sum "$out/$name" | cut -d ' ' -f 1)

cat > "$out/cachepolicy.yaml" <<MANIFEST
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: cachepolicy
spec:
  version: v$version
  shortDescription: Prove cache policies and steer caches
  description: |
    Proves that a cache policy or a VCL cannot store or serve a personal page, or shows the request that
    would leak; shows what the caches of a cluster do, takes them out of the path, and lets them return.
  platforms:
  - selector:
      matchLabels:
        os: $os
        arch: $arch
    uri: $address/$name
    sha256: $digest
    bin: cachepolicy
    files:
    - from: cachepolicy
      to: .
MANIFEST
echo "$out/cachepolicy.yaml"
