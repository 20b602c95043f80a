# Addresses for the pods of the test cluster. Sourced by assets.sh.

# Set aside for tests by RFC 2544; the API server takes no loopback address as an endpoint. TestCluster's PodNetwork takes from it.
pod_range=198.18.0.0/15

network_there() { ip route get 198.18.0.1 2>/dev/null | grep -q '^local '; }

# A container without the right to set routes can run all tests but those with pods, so that this is no error here.
network_get() {
  if as_root ip route replace local "$pod_range" dev lo 2>/dev/null && network_there; then return 0; fi
  say "  no route: tests with pods will fail; run 'ip route replace local $pod_range dev lo' as root (docker run --cap-add NET_ADMIN)"
  network_there() { :; }
}
