// The sections of a manifest's JSON: one row each, so that a new kind of registration is one writer
// and one reader. Files outlive the SDK that wrote them: a section that is missing is empty, and a
// member that is added later has to be read with a default.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace calixo::host {

struct ManifestSection {
  const char* name;
  // One element a registration; their order is put right by the caller.
  void (*write)(const Manifest& manifest, boost::json::array& elements);
  // One element; throws ManifestError for what does not fit.
  void (*read)(const boost::json::value& element, Manifest& manifest);
};

std::span<const ManifestSection> manifest_sections();

// The whole document, in the order in which it is written.
boost::json::object manifest_object(const Manifest& manifest);

// A member of a manifest's object; each throws ManifestError naming the member that does not fit.
std::string text_member(const boost::json::object& object, const char* name);
std::int64_t integer_member(const boost::json::object& object, const char* name,
                            std::int64_t most);  // 0 and up
bool flag_member(const boost::json::object& object, const char* name);
std::vector<std::string> texts_member(const boost::json::object& object, const char* name);
const boost::json::object& as_object(const boost::json::value& value);
std::string as_text(const boost::json::value& value);

}  // namespace calixo::host
