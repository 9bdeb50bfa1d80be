#include "plugin/manifest.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "db/sql_lexer.hpp"
#include "plugin/manifest_sections.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

constexpr std::int64_t kForm = 1;
constexpr std::size_t kDepthMax = 64;
constexpr std::int64_t kAbiMost = 65535;

// Elements by their own bytes: whichever order a plugin registers in, the manifest is the same.
json::array sorted(json::array elements) {
  std::vector<std::pair<std::string, json::value>> all;
  for (json::value& element : elements) {
    std::string text = json::serialize(element);
    all.emplace_back(std::move(text), std::move(element));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  json::array ordered;
  for (auto& [text, element] : all) ordered.push_back(std::move(element));
  return ordered;
}

json::value parsed(std::string_view text) {
  if (text.size() > kManifestBytesMax) throw ManifestError("it is larger than 8 MiB");
  json::parse_options options;
  options.max_depth = kDepthMax;
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) throw ManifestError("it is not JSON: " + error.message());
  return value;
}

void read_section(const json::object& object, const ManifestSection& section, Manifest& manifest) {
  const json::value* elements = object.if_contains(section.name);
  if (elements == nullptr) return;  // of an SDK that did not know it
  if (!elements->is_array()) throw ManifestError(std::string(section.name) + " is not a list");
  std::size_t index = 0;
  for (const json::value& element : elements->get_array()) {
    try {
      section.read(element, manifest);
    } catch (const ManifestError& error) {
      throw ManifestError(std::string(section.name) + "[" + std::to_string(index) +
                          "]: " + error.what());
    }
    ++index;
  }
}

// A path in two documents, and the first place below it where they differ.
class Comparison {
 public:
  std::string of(const json::value& a, const json::value& b, const std::string& path) {
    if (a == b) return {};
    if (a.is_object() && b.is_object()) return objects(a.get_object(), b.get_object(), path);
    if (a.is_array() && b.is_array()) return arrays(a.get_array(), b.get_array(), path);
    return path + ": the file says " + shown(&a) + ", it registers " + shown(&b);
  }

 private:
  static std::string shown(const json::value* value) {
    constexpr std::size_t kBytesMax = 120;
    if (value == nullptr) return "nothing";
    std::string text = json::serialize(*value);
    if (text.size() > kBytesMax) text = text.substr(0, kBytesMax) + "…";
    return text;
  }

  std::string objects(const json::object& a, const json::object& b, const std::string& path) {
    for (const auto& [name, value] : a) {
      const json::value* other = b.if_contains(name);
      const std::string below = path.empty() ? std::string(name) : path + "." + std::string(name);
      if (other == nullptr) {
        return below + ": the file says " + shown(&value) + ", it registers nothing";
      }
      if (std::string found = of(value, *other, below); !found.empty()) return found;
    }
    for (const auto& [name, value] : b) {
      if (a.contains(name)) continue;
      return path + "." + std::string(name) + ": the file says nothing, it registers " +
             shown(&value);
    }
    return {};
  }

  // An element that only one of the two has is the difference, not all that it moves.
  std::string arrays(const json::array& a, const json::array& b, const std::string& path) {
    if (a.size() == b.size()) {
      for (std::size_t i = 0; i < a.size(); ++i) {
        std::string found = of(a[i], b[i], path + "[" + std::to_string(i) + "]");
        if (!found.empty()) return found;
      }
      return {};
    }
    const bool is_more = b.size() > a.size();
    const json::array &longer = is_more ? b : a, &shorter = is_more ? a : b;
    const auto* const extra = std::find_if(longer.begin(), longer.end(), [&](const auto& element) {
      return std::find(shorter.begin(), shorter.end(), element) == shorter.end();
    });
    const std::string element = shown(extra == longer.end() ? &longer.back() : extra);
    return path + (is_more ? ": the file does not have " + element + ", which it registers"
                           : ": the file has " + element + ", which it does not register");
  }
};

}  // namespace

json::object manifest_object(const Manifest& manifest) {
  json::object object;
  object["form"] = kForm;
  object["id"] = manifest.id;
  object["version"] = manifest.version;
  object["abi_major"] = manifest.abi_major;
  object["abi_minor"] = manifest.abi_minor;
  for (const ManifestSection& section : manifest_sections()) {
    json::array elements;
    section.write(manifest, elements);
    object[section.name] = sorted(std::move(elements));
  }
  json::object& build = object["build"].emplace_object();
  for (const auto& [name, value] : manifest.build) build[name] = value;
  return object;
}

Manifest manifest_of(std::string id, std::string version, unsigned abi_major, unsigned abi_minor,
                     const Registrations& registrations) {
  Manifest manifest{std::move(id), std::move(version), abi_major, abi_minor, registrations, {}, {}};
  for (const Migration& migration : registrations.migrations) {
    const std::vector<std::string> names = created_tables(migration.sql);
    manifest.tables.insert(manifest.tables.end(), names.begin(), names.end());
  }
  std::sort(manifest.tables.begin(), manifest.tables.end());
  manifest.tables.erase(std::unique(manifest.tables.begin(), manifest.tables.end()),
                        manifest.tables.end());
  return manifest;
}

std::string to_json(const Manifest& manifest) { return json::serialize(manifest_object(manifest)); }

Manifest parse_manifest(std::string_view text) {
  const json::value document = parsed(text);
  const json::object& object = as_object(document);
  if (integer_member(object, "form", 1'000'000) != kForm) {
    throw ManifestError("it is of a newer form; upgrade the server");
  }
  Manifest manifest;
  manifest.id = text_member(object, "id");
  manifest.version = text_member(object, "version");
  manifest.abi_major = static_cast<unsigned>(integer_member(object, "abi_major", kAbiMost));
  manifest.abi_minor = static_cast<unsigned>(integer_member(object, "abi_minor", kAbiMost));
  for (const ManifestSection& section : manifest_sections()) {
    read_section(object, section, manifest);
  }
  if (const json::value* build = object.if_contains("build")) {
    for (const auto& [name, value] : as_object(*build)) {
      manifest.build[std::string(name)] = as_text(value);
    }
  }
  return manifest;
}

std::string first_difference(const Manifest& in_file, const Manifest& registered) {
  json::object a = manifest_object(in_file), b = manifest_object(registered);
  a.erase("build");
  b.erase("build");
  return Comparison().of(a, b, "");
}

std::vector<std::string> created_tables(std::string_view sql) {
  std::vector<std::string> names;
  for (const std::vector<SqlToken>& statement : sql_statements(sql)) {
    std::size_t at = 0;
    const auto skip = [&](std::string_view word) {
      const bool is_there = at < statement.size() && statement[at].is_word(word);
      at += is_there ? 1 : 0;
      return is_there;
    };
    if (!skip("create")) continue;
    while (skip("unlogged") || skip("global") || skip("local")) continue;
    if (!skip("table")) continue;
    if (skip("if")) at += 2;  // not exists
    while (at + 2 < statement.size() && statement[at + 1].is_sign('.')) at += 2;
    if (at < statement.size() && statement[at].is_identifier()) names.push_back(statement[at].text);
  }
  return names;
}

}  // namespace calixo::host
