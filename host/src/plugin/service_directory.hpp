// Who offers which service. Built before plugins start, then read by all.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace calixo::host {

class ServiceDirectory {
 public:
  struct Entry {
    const void* table = nullptr;
    std::string owner;
  };

  // Empty on success; else the reason, naming both owners. [startup]
  std::string add(const std::string& id, const void* table, const std::string& owner);
  void remove_of(const std::string& owner);  // [startup]

  const Entry* find(std::string_view id) const;  // [any-thread]

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace calixo::host
