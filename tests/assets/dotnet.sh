# The .NET packages of the solution. Sourced by assets.sh.

dotnet_projects() { find "$root/src" "$root/tests" -name '*.csproj' -not -path '*/obj/*'; }

# Restored, and no project or version file has changed since.
dotnet_there() {
  local project restored
  have dotnet || die "the .NET SDK $(sed -n 's/.*"version": "\([0-9]*\.[0-9]*\).*/\1/p' "$root/global.json") is not on the PATH; see https://dot.net/download"
  for project in $(dotnet_projects); do
    restored="$(dirname "$project")/obj/project.assets.json"
    [ "$restored" -nt "$project" ] && [ "$restored" -nt "$root/Directory.Packages.props" ] &&
      [ "$restored" -nt "$root/Directory.Build.props" ] && [ "$restored" -nt "$root/src/Directory.Build.targets" ] || return 1
  done
}

dotnet_get() {
  logged "dotnet restore" dotnet restore "$root/CachePolicyOperator.sln" --nologo
  # An unchanged result keeps its old date.
  for project in $(dotnet_projects); do touch "$(dirname "$project")/obj/project.assets.json"; done
}
