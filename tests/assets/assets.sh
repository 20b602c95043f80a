#!/usr/bin/env bash
# Brings everything that the tests and the demo need, once, into a cache outside the repository.
# usage: assets.sh [step…]      without a step: all but varnish-source, origins, images and engines, which only some targets need
# CACHEPOLICY_ASSETS   the cache (default: ~/.cache/cachepolicy)
# KUBEBUILDER_ASSETS   a directory with etcd, kube-apiserver, kube-controller-manager and kubectl to use instead of Debian's
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${CACHEPOLICY_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/cachepolicy}
mkdir -p "$cache/bin"
cache=$(cd "$cache" && pwd)

. "$here/steps.sh"
. "$here/debian.sh"
. "$here/kubernetes.sh"
. "$here/clients.sh"
. "$here/prometheus.sh"
. "$here/network.sh"
. "$here/dotnet.sh"
. "$here/origins.sh"
. "$here/images.sh"
. "$here/engines.sh"

one_run_at_a_time
steps=("$@")

step packages       packages_there       packages_get
step network        network_there        network_get
step kubernetes     kubernetes_there     kubernetes_get
step clients        clients_there        clients_get
step prometheus     prometheus_there     prometheus_get
step dotnet         dotnet_there         dotnet_get
on_request varnish-source varnish_source_there varnish_source_get
on_request origins origins_there origins_get
on_request images images_there images_get
on_request engines engines_there engines_get
check_step_names

write_env
[ ${#steps[@]} -gt 0 ] || say "all there: $cache/assets.env"
