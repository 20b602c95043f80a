# What is in an image, in the format of SPDX 2.3. Sourced by images.sh.

# bill_of_materials NAME STAGE LAYOUT: prints it.
bill_of_materials() {
  local name=$1 stage=$2 layout=$3
  { debian_packages "$name" "$stage/root"; dotnet_packages "$name" "$stage/programs"; } |
    jq -n --arg name "$(reference "$name")" --arg digest "$(digest "$layout")" \
      --arg created "$(date -u -d "@$(made_at)" +%Y-%m-%dT%H:%M:%SZ)" -f "$here/sbom.jq"
}

# Those of the lock of which something is in the image.
debian_packages() {
  local name=$1 directory=$2 package version sum
  while read -r package version sum; do
    [ ! -e "$directory/var/lib/dpkg/status.d/$package" ] ||
      jq -cn --arg name "$package" --arg version "$version" --arg sum "$sum" --arg suite "$(described "$name" suite)" \
        --arg architecture "$(sed -n 's/^Architecture: //p' "$directory/var/lib/dpkg/status.d/$package")" '{
          kind: "deb", $name, $version, supplier: "Debian", checksum: {algorithm: "SHA256", checksumValue: $sum},
          purl: "pkg:deb/debian/\($name | @uri)@\($version | @uri)?arch=\($architecture)&distro=\($suite)"
        }'
  done < <(locked "$name")
}

# The program, and what the .NET build took from its registry.
dotnet_packages() {
  local name=$1 program="$2/opt/cachepolicy/cachepolicy-$1"
  if [ -e "$program.deps.json" ]; then
    packages_beside "$program.deps.json"
  elif [ -e "$program" ]; then
    packages_within "$(compiled_from "$name")"
  fi
}

# packages_beside FILE: of a program that has its libraries beside it.
packages_beside() {
  jq -c '.libraries | to_entries[] | (.key | split("/")) as [$name, $version] |
    if .value.type == "project" then {kind: "program", $name, $version, purl: "pkg:generic/\($name)@\($version)"}
    else {
      kind: "nuget", name: ($name | sub("^runtimepack\\."; "")), $version,
      purl: "pkg:nuget/\($name | sub("^runtimepack\\."; ""))@\($version)"
    } end' "$1"
}

# packages_within FILE: of a program of machine code, from what the compiler was given. A package is named as it names itself.
packages_within() {
  local input described
  # One library of a directory is enough: those of a package lie together.
  { sed -n '1p' "$1"; sed -n 's/^-r://p' "$1"; } | awk '{ of = $0; sub("/[^/]*$", "", of) } !known[of]++' | while read -r input; do
    described=$(description_of "$input")
    if [ -n "$described" ]; then
      printf 'nuget %s %s\n' "$(element id "$described")" "$(element version "$described")"
    else
      printf 'program %s %s\n' "$(basename "$input" .dll)" "$(version)"
    fi
  done | sort -u | jq -cR 'split(" ") as [$kind, $name, $version] |
    {$kind, $name, $version, purl: "pkg:\(if $kind == "nuget" then "nuget" else "generic" end)/\($name)@\($version)"}'
}

# The description of the package that a library is of; nothing where it is this checkout's.
description_of() {
  local directory=$1
  while [ "$directory" != "$(dirname "$directory")" ]; do
    directory=$(dirname "$directory")
    [ ! -e "$directory/.nupkg.metadata" ] || {
      ls "$directory"/*.nuspec
      return
    }
  done
}

element() { sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$2" | sed 1q; }
