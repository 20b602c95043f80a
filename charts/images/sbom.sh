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
  [ -e "$program.deps.json" ] || return 0
  jq -c '.libraries | to_entries[] | (.key | split("/")) as [$name, $version] |
    if .value.type == "project" then {kind: "program", $name, $version, purl: "pkg:generic/\($name)@\($version)"}
    else {
      kind: "nuget", name: ($name | sub("^runtimepack\\."; "")), $version,
      purl: "pkg:nuget/\($name | sub("^runtimepack\\."; ""))@\($version)"
    } end' "$program.deps.json"
}
