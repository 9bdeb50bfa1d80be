// Who defines which extension point, and who extends it. Built before plugins start, then read by
// all.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

class ExtensionDirectory {
 public:
  struct Extension {
    std::string plugin, name, details_json;
    const void* table = nullptr;
  };

  // Both empty on success; else the reason, naming both plugins. [startup]
  std::string define(const std::string& point, const std::string& owner);
  std::string extend(const std::string& point, Extension extension);
  // Takes back what a plugin that failed had added; the points it defined go as well. [startup]
  void remove_of(const std::string& plugin);

  // nullptr where nobody defines the point. [any-thread]
  const std::string* owner_of(std::string_view point) const;
  // Ordered by name. [any-thread]
  const std::map<std::string, Extension>* extensions_of(std::string_view point) const;

 private:
  struct Point {
    std::string owner;
    std::map<std::string, Extension> extensions;
  };
  std::map<std::string, Point, std::less<>> points_;
};

}  // namespace calixo::host
