// calixo-manifest: prints a plugin library's manifest, or writes it into the library. It opens the
// library and runs its describe; calixo_add_plugin calls it after each link.
//
//   calixo-manifest FILE                              prints the manifest
//   calixo-manifest --write FILE [--objcopy PROGRAM]  replaces the file's section by it
//   --build NAME=VALUE                                a line of the manifest's "build"
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/manifest_file.hpp"
#include "plugin/plugin_entry.hpp"

namespace {

namespace host = calixo::host;

struct Wanted {
  std::string file;
  std::string objcopy = "objcopy";
  std::map<std::string, std::string> build;
  bool is_write = false;
};

constexpr const char* kUsage =
    "usage: calixo-manifest [--write] FILE [--objcopy PROGRAM] [--build NAME=VALUE]...";

Wanted wanted_of(const std::vector<std::string>& words) {
  Wanted wanted;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = [&] {
      if (i + 1 >= words.size()) throw std::runtime_error(kUsage);
      return words[++i];
    };
    if (words[i] == "--write") {
      wanted.is_write = true;
    } else if (words[i] == "--objcopy") {
      wanted.objcopy = value();
    } else if (words[i] == "--build") {
      const std::string pair = value();
      const std::size_t equals = std::min(pair.find('='), pair.size());
      wanted.build[pair.substr(0, equals)] = pair.substr(std::min(equals + 1, pair.size()));
    } else if (words[i].starts_with("--") || !wanted.file.empty()) {
      throw std::runtime_error(kUsage);
    } else {
      wanted.file = words[i];
    }
  }
  if (wanted.file.empty()) throw std::runtime_error(kUsage);
  return wanted;
}

std::string manifest_text(const Wanted& wanted) {
  static host::HostContext context;  // a plugin may keep its host for as long as the process runs
  const std::filesystem::path file = std::filesystem::absolute(wanted.file);
  static host::PluginInstance plugin;
  plugin.file = file.string();
  plugin.context = &context;
  plugin.handle = {&host::host_interface, &plugin};
  host::open_entry(plugin);
  const std::string reason = host::take_registrations(
      plugin, [] { return host::call_step(plugin, plugin.entry->describe); });
  if (!reason.empty()) throw std::runtime_error(wanted.file + ": describe: " + reason);
  host::Manifest manifest = host::manifest_of(plugin.name, plugin.version, plugin.entry->abi_major,
                                              plugin.entry->abi_minor, plugin.registrations);
  manifest.build = wanted.build;
  std::string text = host::to_json(manifest);
  host::parse_manifest(text);  // what can't be read back is not written
  return text;
}

void run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error(words[0] + " failed on " + words.back() +
                             "; it is part of binutils, and --objcopy names another one");
  }
}

// Into a copy that then takes the file's place: the library is open in this very process.
void write_section(const Wanted& wanted, const std::string& text) {
  const std::string section = wanted.file + ".manifest", made = wanted.file + ".with-manifest";
  std::ofstream(section, std::ios::binary) << text;
  const std::string name = host::kManifestSection;
  run({wanted.objcopy, "--remove-section", name, "--add-section", name + "=" + section,
       "--set-section-flags", name + "=noload,readonly", wanted.file, made});
  std::filesystem::remove(section);
  std::filesystem::rename(made, wanted.file);
}

}  // namespace

// Ends without destructors: a plugin's own may expect a host that went through its whole life.
int main(int argc, char** argv) {
  int status = 0;
  try {
    const Wanted wanted = wanted_of({argv + 1, argv + argc});
    const std::string text = manifest_text(wanted);
    if (wanted.is_write) {
      write_section(wanted, text);
    } else {
      std::cout << text << "\n";
    }
  } catch (const std::exception& error) {
    std::cerr << "calixo-manifest: " << error.what() << "\n";
    status = 1;
  }
  std::cout.flush();
  std::_Exit(status);
}
