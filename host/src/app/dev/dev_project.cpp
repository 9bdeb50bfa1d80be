#include "app/dev/dev_project.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace calixo::host {

namespace fs = std::filesystem;

namespace {

constexpr const char* kModule = "CalixoAddPlugin.cmake";

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// Where the build folder's cache says that the sources are; empty: it is no build folder.
fs::path home_of_build(const fs::path& build) {
  constexpr std::string_view kHome = "CMAKE_HOME_DIRECTORY:INTERNAL=";
  std::ifstream cache(build / "CMakeCache.txt");
  for (std::string line; std::getline(cache, line);) {
    if (line.starts_with(kHome)) return line.substr(kHome.size());
  }
  return {};
}

}  // namespace

DevProject DevProject::of(const fs::path& folder) {
  std::error_code fault;
  DevProject project;
  project.sources = fs::canonical(folder, fault);
  if (fault || !fs::exists(project.sources / "CMakeLists.txt")) {
    throw std::runtime_error(folder.string() +
                             " holds no CMakeLists.txt: give the folder of a plugin project");
  }
  project.build = project.sources / "build" / "dev";
  project.staged = project.build / "serving";
  project.data = project.build / "data";
  return project;
}

bool DevProject::is_configured() const { return fs::exists(build / "build.ninja"); }

std::vector<std::string> DevProject::configure_command() const {
  return {"cmake",
          "-S",
          sources.string(),
          "-B",
          build.string(),
          "-G",
          "Ninja",
          "-DCMAKE_BUILD_TYPE=Debug",
          "-DCalixo_DIR=" + sdk.string()};
}

std::vector<std::string> DevProject::build_command() const {
  return {"cmake", "--build", build.string()};
}

std::vector<fs::path> DevProject::stage(bool& has_changed) const {
  has_changed = false;
  fs::create_directories(staged);
  std::vector<fs::path> all;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(build / "plugins", none)) {
    if (entry.path().extension() != ".so") continue;
    const fs::path target = staged / entry.path().filename();
    all.push_back(target);
    if (fs::exists(target) && bytes_of(target) == bytes_of(entry.path())) continue;
    const fs::path unfinished = target.string() + ".unfinished";
    fs::copy_file(entry.path(), unfinished, fs::copy_options::overwrite_existing);
    fs::rename(unfinished, target);
    has_changed = true;
  }
  std::sort(all.begin(), all.end());
  return all;
}

fs::path find_sdk(const fs::path& binary) {
  const fs::path prefix = binary.parent_path().parent_path();
  std::vector<fs::path> folders{prefix / "lib/cmake/Calixo", prefix / "lib64/cmake/Calixo",
                                prefix / "share/cmake/Calixo"};
  if (const fs::path home = home_of_build(prefix); !home.empty()) {
    folders.push_back(home / "sdk/cmake");
  }
  std::string looked;
  for (const fs::path& folder : folders) {
    if (fs::exists(folder / kModule)) return folder;
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  throw std::runtime_error("the SDK is not installed beside this binary (no " +
                           std::string(kModule) + " in " + looked +
                           "): install it, or name its CMake folder with --sdk");
}

fs::path own_binary() { return fs::read_symlink("/proc/self/exe"); }

}  // namespace calixo::host
