// Poco's configurations as Configuration's layers: each knows the names that it was given, so that
// unknown ones can be told. Used by Configuration alone, which orders all access.
#pragma once

#include <Poco/Util/MapConfiguration.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <istream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

// "http.port" -> "CALIXO_HTTP_PORT".
std::string environment_name(std::string_view key);

// A .properties file.
class FileLayer : public Poco::Util::PropertyFileConfiguration {
 public:
  void read(std::istream& from) { load(from); }
  const std::set<std::string>& names() const { return names_; }
  const std::set<std::string>& repeated_names() const { return repeated_names_; }

 protected:
  void setRaw(const std::string& key, const std::string& value) override;
  ~FileLayer() override = default;  // counted: Poco::AutoPtr

 private:
  std::set<std::string> names_;
  std::set<std::string> repeated_names_;
};

// The variables CALIXO_*, asked for by the key's name: a key determines its variable, so no guess
// about underscores is needed.
class EnvironmentLayer : public Poco::Util::MapConfiguration {
 public:
  void read(char** environment);
  const std::map<std::string, std::string>& variables() const { return variables_; }

 protected:
  bool getRaw(const std::string& key, std::string& value) const override;
  ~EnvironmentLayer() override = default;

 private:
  std::map<std::string, std::string> variables_;
};

// What --set gave.
class SettingsLayer : public Poco::Util::MapConfiguration {
 public:
  void put(const std::string& name, const std::string& value) { setRaw(name, value); }
  std::vector<std::string> names() const;  // sorted

 protected:
  ~SettingsLayer() override = default;
};

}  // namespace calixo::host
