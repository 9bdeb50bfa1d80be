#!/usr/bin/env bash
# The npm packages of the scenarios: install_packages.sh SOURCE FOLDER. Does nothing where they are there.
set -euo pipefail
source_folder=$1 folder=$2
mkdir -p "$folder"
if ! cmp -s "$source_folder/package-lock.json" "$folder/installed"; then
  cp "$source_folder/package.json" "$source_folder/package-lock.json" "$folder"
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
  cp "$folder/package-lock.json" "$folder/installed"
fi
