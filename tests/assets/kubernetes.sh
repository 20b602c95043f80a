# etcd, kube-apiserver and kube-controller-manager. Sourced by assets.sh.

kubernetes_bin="$cache/kubernetes/bin"

# Where a tool of the control plane is: in KUBEBUILDER_ASSETS when set, else what Debian gives, else nothing.
kubernetes_tool() {
  if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
    [ -x "$KUBEBUILDER_ASSETS/$1" ] && printf %s "$KUBEBUILDER_ASSETS/$1"
  elif [ "$1" = etcd ]; then
    command -v etcd
  else
    [ -x "$kubernetes_bin/$1" ] && printf %s "$kubernetes_bin/$1"
  fi || true
}

kubebuilder_help() {
  printf %s "set KUBEBUILDER_ASSETS to a directory with etcd, kube-apiserver, kube-controller-manager and kubectl of one \
Kubernetes version (setup-envtest of the controller-runtime project fetches all but kube-controller-manager, which is \
among the Kubernetes release binaries)"
}

kubernetes_there() {
  [ -n "$(kubernetes_tool kube-apiserver)" ] && [ -n "$(kubernetes_tool kube-controller-manager)" ] && [ -n "$(kubernetes_tool etcd)" ]
}

kubernetes_get() {
  [ -z "${KUBEBUILDER_ASSETS:-}" ] || die "KUBEBUILDER_ASSETS lacks one of etcd, kube-apiserver, kube-controller-manager: unset it on Debian, or
$(kubebuilder_help)"
  on_debian || die "this is not Debian: $(kubebuilder_help)"
  kubernetes_build
}

# Everything is made below build/ and moved into place when it is whole; a run that was cut goes on where it was.
kubernetes_build() {
  local work="$cache/build/kubernetes" tree version
  enough_room 4000
  kubernetes_compiler
  tree="$work/go/src/k8s.io/kubernetes"
  if [ ! -e "$tree" ]; then
    rm -rf "$work/source"
    apt_source kubernetes "$work/source"
    mkdir -p "$(dirname "$tree")"
    mv "$work"/source/kubernetes-*/ "$tree"
  fi
  kubernetes_mend_map_iteration "$tree/vendor/github.com/modern-go/reflect2"
  version=$(kubernetes_version "$tree")
  say "  building Kubernetes v$version from Debian's source, about 4 minutes on 2 cores"
  [ -e "$work/generated" ] || logged "kubernetes generated files" in_gopath "$work" "$version" make generated_files
  touch "$work/generated"
  kubernetes_compile "$work" "$version" kube-apiserver
  kubernetes_compile "$work" "$version" kube-controller-manager
  rm -rf "$work"
}

# Kubernetes 1.20 vendors a reflect2 that calls reflect.mapiterinit as Go 1.17 had it; since Go 1.18 the caller gives the
# iterator, and a server built without it writes to a stray address: it dies, now and then, on a custom resource.
# The same mend as in reflect2 1.0.2 (https://github.com/modern-go/reflect2/pull/25).
kubernetes_mend_map_iteration() {
  local reflect2=$1
  grep -q ', it \*hiter)' "$reflect2/unsafe_link.go" && return 0
  sed -i -e 's|^func mapiterinit(.*|func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)|' \
    -e 's|^\t// rest fields are ignored|\tt, h, buckets, bptr, overflow, oldoverflow unsafe.Pointer\n\tstartBucket uintptr\n\toffset uint8\n\twrapped bool\n\tB, i uint8\n\tbucket, checkBucket uintptr|' \
    "$reflect2/unsafe_link.go"
  sed -i -e '/^func (type2 \*UnsafeMapType) UnsafeIterate(/a\\tvar it hiter\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), \&it)' \
    -e 's|hiter: *mapiterinit(.*|hiter: \&it,|' "$reflect2/unsafe_map.go"
  grep -q ', it \*hiter)' "$reflect2/unsafe_link.go" && grep -q 'hiter: &it' "$reflect2/unsafe_map.go" || die "reflect2 of this Kubernetes is not the one that is mended here"
}

kubernetes_compiler() {
  local needed=()
  [ -x /usr/lib/go-1.19/bin/go ] || needed+=(golang-1.19-go)
  have rsync || needed+=(rsync)
  have make || needed+=(make)
  have dpkg-source || needed+=(dpkg-dev)
  install_packages ${needed[@]+"${needed[@]}"}
}

# Debian's version reads like 1.20.5+really1.20.2-1: what counts is what it really is.
kubernetes_version() {
  sed -n '1s/^[^(]*(\(.*really\)\{0,1\}\([0-9.]*\).*/\2/p' "$1/debian/changelog"
}

kubernetes_compile() {
  local work=$1 version=$2 name=$3 vendored=k8s.io/kubernetes/vendor/k8s.io flags="-s -w" package
  [ -x "$kubernetes_bin/$name" ] && return 0
  for package in component-base/version client-go/pkg/version; do
    flags+=" -X $vendored/$package.gitVersion=v$version -X $vendored/$package.gitTreeState=archive"
    flags+=" -X $vendored/$package.gitMajor=$(cut -d. -f1 <<<"$version") -X $vendored/$package.gitMinor=$(cut -d. -f2 <<<"$version")"
  done
  mkdir -p "$kubernetes_bin"
  logged "build $name" in_gopath "$work" "$version" go build -ldflags "$flags" -o "$work/$name" "k8s.io/kubernetes/cmd/$name"
  mv "$work/$name" "$kubernetes_bin/$name"
}

# Becomes the command, so that stopping it leaves nothing behind; hence only for the background, by `logged`.
in_gopath() {
  local work=$1 version=$2
  shift 2
  exec env -C "$work/go/src/k8s.io/kubernetes" GOPATH="$work/go" GOCACHE="$work/gocache" GO111MODULE=off GOFLAGS= CGO_ENABLED=0 \
    PATH="/usr/lib/go-1.19/bin:$PATH" KUBE_GIT_VERSION="v$version" KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=archive \
    KUBE_GIT_MAJOR="$(cut -d. -f1 <<<"$version")" KUBE_GIT_MINOR="$(cut -d. -f2 <<<"$version")" "$@"
}

enough_room() {
  local free
  free=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$1" ] || die "building Kubernetes needs $1 MB in $cache, and only $free MB are free"
}
