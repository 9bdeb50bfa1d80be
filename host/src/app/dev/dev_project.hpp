// A plugin project under `calixo dev`: where it is built, and what the server loads of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace calixo::host {

struct DevProject {
  std::filesystem::path sources;  // where its CMakeLists.txt is
  std::filesystem::path build;    // sources/build/dev
  std::filesystem::path staged;   // copies of the built libraries, which the server opens
  std::filesystem::path data;     // the server's data folder
  std::filesystem::path sdk;      // the folder with CalixoAddPlugin.cmake

  // Throws std::runtime_error for a folder without a CMakeLists.txt.
  static DevProject of(const std::filesystem::path& folder);

  bool is_configured() const;
  std::vector<std::string> configure_command() const;
  std::vector<std::string> build_command() const;

  // Copies what was built beside the sources, each in one step: a library that a process has mapped
  // is never written to. The staged files, sorted; `has_changed` where one is not as before.
  std::vector<std::filesystem::path> stage(bool& has_changed) const;
};

// The SDK's CMake folder for this binary: of its installed prefix, or of the tree it was built in.
// Throws std::runtime_error that says where it looked.
std::filesystem::path find_sdk(const std::filesystem::path& binary);

// This process's file.
std::filesystem::path own_binary();

}  // namespace calixo::host
