#!/usr/bin/env bash
# Builds the kept plugins of one version from the SDK of this tree, and puts them beside their source:
# tests/abi/plugins/build.sh [VERSION]. Only until that version is declared; what is published stays.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
root=$(realpath "$here/../../..")
version=${1:-1.0}
source=$here/$version
[ -f "$source/CMakeLists.txt" ] || { echo "build.sh: there is no version $version in $here" >&2; exit 1; }

# The program that writes a plugin's manifest into it, where this tree has built one.
manifest_tool=${CALIXO_MANIFEST_TOOL:-$(find "$root"/build/{dev,release}/bin/calixo-manifest 2>/dev/null | head -1 || true)}

# build KIT COMPILER C++COMPILER FLAGS
build() {
  local kit=$1 folder=$root/build/abi-plugins/$version/$1
  echo "kept_${version//./_}_$kit" >&2
  cmake -S "$source" -B "$folder" -G Ninja --fresh -DCMAKE_BUILD_TYPE=MinSizeRel -DCALIXO_KEPT_KIT="$kit" \
    -DCalixo_DIR="$root/sdk/cmake" ${manifest_tool:+-DCALIXO_MANIFEST_TOOL="$manifest_tool"} \
    -DCMAKE_C_COMPILER="$2" -DCMAKE_CXX_COMPILER="$3" -DCMAKE_CXX_FLAGS="$4" >"$root/build/abi-plugins-$kit.log"
  cmake --build "$folder" >>"$root/build/abi-plugins-$kit.log" || { cat "$root/build/abi-plugins-$kit.log" >&2; exit 1; }
  cp "$folder/plugins/libcalixo_kept_${version//./_}_$kit.so" "$source/"
}

mkdir -p "$root/build"
build c gcc g++ ""
build gcc gcc g++ ""
build clang clang clang++ "-stdlib=libc++"
ls -l "$source"/*.so
