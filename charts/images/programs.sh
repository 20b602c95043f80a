# The programs of this checkout, as they go into images. Sourced by images.sh.

declare -A project=([operator]=CachePolicyOperator.Operator [agent]=CachePolicyOperator.Agent)

runtime() {
  case "$(architecture)" in
    amd64) printf linux-x64 ;;
    arm64) printf linux-arm64 ;;
    *) die "there is no .NET for $(architecture)" ;;
  esac
}

# publish NAME DIRECTORY: the operator with the .NET runtime that it needs, the agent as one file of machine code. The one place that says how
# programs of images are built.
publish() {
  local name=$1 directory=$2
  have dotnet || die "the .NET SDK is not on the PATH"
  # Places and the commit are in no file, so that the same source gives the same bytes: also generated code has names made of its place.
  logged "publish $name" dotnet publish "$root/src/${project[$name]}" --configuration Release --runtime "$(runtime)" --self-contained \
    --artifacts-path "$work/build" --output "$directory" --nologo -v quiet -p:DebugType=none -p:DebugSymbols=false \
    -p:PathMap="$root=/source%2c$work/build=/build" -p:ContinuousIntegrationBuild=true -p:IncludeSourceRevisionInInformationalVersion=false \
    -p:GenerateDocumentationFile=false -p:EnforceCodeStyleInBuild=false
  # For debuggers, which these images do not let in, and for a web server of another system.
  rm -f "$directory"/{createdump,libcoreclrtraceprovider.so,libmscordaccore.so,libmscordbi.so,web.config}
}

# compiled_from NAME: what the compiler was given when the program became machine code.
compiled_from() {
  local given="$work/build/obj/${project[$1]}/release_$(runtime)/native/cachepolicy-$1.ilc.rsp"
  [ -e "$given" ] || die "$given is not there, which says what the $1 is made of"
  printf %s "$given"
}
