# Web frameworks for `make origins`: Debian's packages, and npm's of fixed versions. Sourced by assets.sh.

origins_packages=(
  nginx-light apache2 php8.2-cli php8.2-fpm python3-flask python3-django gunicorn golang-1.19-go ruby-actionpack ruby-railties puma
  default-jdk-headless libtomcat9-java libtomcat10-java libjetty9-java libspring-web-servlet-java php-symfony-routing
  php-symfony-http-foundation
)

origins_modules=(express@5.3.0 express4@npm:express@4.22.3 fastify@5.12.8 next@16.4.6 react@19.3.1 react-dom@19.3.1)

origins_missing() {
  local package
  for package in "${origins_packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || printf '%s\n' "$package"; done
}

origins_modules_there() { [ "$(cat "$cache/origins/npm/there" 2>/dev/null)" = "${origins_modules[*]}" ]; }

origins_there() { on_debian && [ -z "$(origins_missing)" ] && origins_modules_there; }

origins_get() {
  on_debian || die "the step origins is for Debian"
  install_packages $(origins_missing)
  have node || install_packages nodejs
  have npm || install_packages npm
  origins_modules_there && return
  mkdir -p "$cache/origins/npm"
  [ -e "$cache/origins/npm/package.json" ] || printf '{"private":true}\n' >"$cache/origins/npm/package.json"
  logged "npm install" env -C "$cache/origins/npm" npm install --no-audit --no-fund "${origins_modules[@]}"
  printf '%s\n' "${origins_modules[*]}" >"$cache/origins/npm/there"
}
