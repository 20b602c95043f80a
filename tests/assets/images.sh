# What `make images` needs, and the tests that run pods in the images. Sourced by assets.sh.

images_packages=(mmdebstrap umoci skopeo jq crun golang-github-containers-common)

images_missing() {
  local package
  for package in "${images_packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || printf '%s\n' "$package"; done
}

images_there() { on_debian && [ -z "$(images_missing)" ]; }

images_get() {
  on_debian || die "images are made of Debian's packages: 'make images' runs on Debian"
  install_packages $(images_missing)
}
