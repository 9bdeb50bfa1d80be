// What `calixo new` writes: a plugin's project, from the templates embedded in the binary.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "db/embedded_files.hpp"

namespace calixo::host {

// A name, id or folder that a project can't have; what() says why and what would do.
class ProjectError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The names of one plugin, as they stand in its id, its files and its code.
struct ProjectNames {
  std::string id;     // "org.acme.morning-run": reverse DNS, at most 50 bytes
  std::string word;   // "morning_run": library, routes, tables
  std::string title;  // "MorningRun": classes
  std::string role;   // "calixo_org_acme_morning_run": what its statements run as
};

// wanted: a word ("morning-run", then of org.example) or a whole id. Throws ProjectError.
ProjectNames project_names(std::string_view wanted);

EmbeddedFiles plugin_template_files();          // sdk/template/plugin
EmbeddedFiles challenge_type_template_files();  // sdk/template/challenge-type

// The text of a template's file with the sample's names replaced by these.
std::string named_text(std::string_view text, const ProjectNames& names);

// Writes the files into the folder, which must be empty or not exist; returns their names, sorted.
// Throws ProjectError.
std::vector<std::string> write_project(const std::filesystem::path& folder, EmbeddedFiles files,
                                       const ProjectNames& names);

}  // namespace calixo::host
