# Images in the format of OCI from root file systems. Sourced by images.sh.

# Who runs the processes, unless a cluster chooses. All files are root's, so that any other user can read and none can write.
user=65532

prefix() {
  printf %s "${IMAGES:-$(sed -n 's/^  repository: \(.*\)-operator$/\1/p' "$root/charts/cache-policy-operator/values.yaml")}"
}

version() { sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props"; }

engine_version() { locked "$1" | awk -v package="$2" '$1 == package { print $2 }'; }

tag() {
  case "$1" in
    varnish) engine_version varnish varnish | grep -o '^[0-9]*\.[0-9]*' ;;
    vinyl) engine_version vinyl vinyl-cache | grep -o '^[0-9]*\.[0-9]*' ;;
    *) version ;;
  esac
}

reference() { printf '%s-%s:%s' "$(prefix)" "$1" "$(tag "$1")"; }

made_at() { printf %s "${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || layer_time)}"; }

revision() { git -C "$root" describe --always --abbrev=40 --exclude '*' --dirty 2>/dev/null || true; }

# What is said of an image: title, description and version of its contents, and how it starts.
about() {
  case "$1" in
    operator) title="Cache policy operator" description="Proves cache policies, programs them into cache pods, and takes the cache out on a leak" content=$(version) ;;
    agent) title="Cache policy agent" description="Beside each cache: keeps it at the last proven state, and bypasses it on a leak" content=$(version) ;;
    varnish) title="Varnish Cache" description="varnishd, and the C compiler it compiles VCL with" content=$(engine_version varnish varnish) ;;
    vinyl) title="Vinyl Cache" description="vinyld, and the C compiler it compiles VCL with" content=$(engine_version vinyl vinyl-cache) ;;
  esac
}

# build_image NAME: leaves NAME.tar and NAME.spdx.json in $out, and NAME.json, which tells of the image.
build_image() {
  local name=$1 stage="$work/stage/$1" layout
  say "$name: begun"
  rm -rf "$stage"
  mkdir -p "$stage"
  layout="$stage/layout"
  unpack "$name" "$stage/root"
  layer "$stage/root" "$stage/packages.tar"
  case "$name" in
    operator | agent)
      publish "$name" "$stage/programs/opt/cachepolicy"
      layer "$stage/programs" "$stage/programs.tar"
      ;;
  esac
  assemble "$name" "$stage" "$layout"
  bill_of_materials "$name" "$stage" "$layout" >"$stage/sbom.json"
  mv "$stage/sbom.json" "$out/$name.spdx.json"
  archive "$name" "$layout"
  tell_of "$name" "$layout" >"$out/$name.json"
  rm -rf "$stage"
}

# layer DIRECTORY FILE: the same bytes for the same contents, whenever and wherever it is made.
layer() {
  chmod -R u=rwX,go=rX "$1"
  [ ! -d "$1/tmp" ] || chmod 1777 "$1/tmp" "$1/var/tmp"
  tar --create --file "$2" --directory "$1" --sort=name --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
    --owner=0 --group=0 --numeric-owner --mtime="@$(layer_time)" .
}

assemble() {
  local name=$1 stage=$2 layout=$3 created title description content layer options=()
  created=$(date -u -d "@$(made_at)" +%Y-%m-%dT%H:%M:%SZ)
  about "$name"
  umoci init --layout "$layout"
  umoci new --image "$layout:image"
  for layer in packages programs; do
    [ -e "$stage/$layer.tar" ] || continue
    umoci raw add-layer --image "$layout:image" --history.created "$created" --history.author cachepolicy \
      --history.created_by "charts/images: $layer of $name" "$stage/$layer.tar"
  done
  case "$name" in
    operator | agent) options=(--config.entrypoint "/opt/cachepolicy/cachepolicy-$name" --config.env DOTNET_EnableDiagnostics=0) ;;
    *) options=(--config.entrypoint varnishd --config.cmd -V) ;;
  esac
  umoci config --image "$layout:image" --no-history --created "$created" --author cachepolicy --os linux --architecture "$(architecture)" \
    --config.user "$user:$user" --config.workingdir / --config.env PATH=/usr/sbin:/usr/bin "${options[@]}" \
    --config.label "org.opencontainers.image.title=$title" \
    --config.label "org.opencontainers.image.description=$description" \
    --config.label "org.opencontainers.image.version=$content" \
    --config.label "org.opencontainers.image.revision=$(revision)" \
    --config.label "org.opencontainers.image.created=$created"
  umoci gc --layout "$layout"
}

# archive NAME LAYOUT: one file that is a layout of OCI as well as what `docker save` writes, so that everybody can load it.
archive() {
  local name=$1 layout=$2 reference manifest
  reference=$(reference "$name")
  manifest=$(blob "$layout" "$(digest "$layout")")
  jq -c --arg reference "$reference" '.manifests[0].annotations = {
      "io.containerd.image.name": $reference, "org.opencontainers.image.ref.name": $reference
    }' "$layout/index.json" >"$layout/index.new"
  mv "$layout/index.new" "$layout/index.json"
  jq -c --arg reference "$reference" 'def path: .digest | sub(":"; "/") | "blobs/" + .;
    [{Config: (.config | path), RepoTags: [$reference], Layers: [.layers[] | path]}]' "$manifest" >"$layout/manifest.json"
  chmod -R u=rwX,go=rX "$layout"
  tar --create --file "$out/$name.tar.new" --directory "$layout" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(layer_time)" \
    --transform 's|^\./||' index.json manifest.json oci-layout blobs
  mv "$out/$name.tar.new" "$out/$name.tar"
}

digest() { jq -r '.manifests[0].digest' "$1/index.json"; }

blob() { printf '%s/blobs/%s' "$1" "${2/://}"; }

tell_of() {
  local name=$1 layout=$2
  jq -n --arg reference "$(reference "$name")" --arg digest "$(digest "$layout")" --arg archive "$name.tar" --arg sbom "$name.spdx.json" \
    --argjson unpacked "$(unpacked_size "$layout")" --argjson packed "$(jq '[.layers[].size] | add' "$(blob "$layout" "$(digest "$layout")")")" \
    '{reference: $reference, digest: $digest, archive: $archive, sbom: $sbom, packed: $packed, unpacked: $unpacked}'
}

unpacked_size() {
  local total=0 layer
  for layer in $(jq -r '.layers[].digest' "$(blob "$1" "$(digest "$1")")"); do
    total=$((total + $(gzip -dc "$(blob "$1" "$layer")" | wc -c)))
  done
  printf %s "$total"
}

# What was built, and how helm is told of it.
tell() {
  local name
  for name in "$@"; do
    jq -r '"\(.reference)\n  \(.digest)\n  \(.packed / 1048576 | floor) MiB to pull, \(.unpacked / 1048576 | floor) MiB unpacked; out/images/\(.archive), out/images/\(.sbom)"' "$out/$name.json"
  done
  [ -e "$out/operator.json" ] && [ -e "$out/agent.json" ] && [ -e "$out/varnish.json" ] || return 0
  printf '\nhelm install … %s\n' "$(values)"
}

values() {
  printf -- '--set image.repository=%s,image.digest=%s' "$(prefix)-operator" "$(jq -r .digest "$out/operator.json")"
  printf ',cacheImages.varnish=%s' "$(jq -r '.reference + "@" + .digest' "$out/varnish.json")"
  printf ',cacheImages.agent=%s' "$(jq -r '.reference + "@" + .digest' "$out/agent.json")"
}
