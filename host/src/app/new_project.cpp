#include "app/new_project.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <utility>

#include "db/migrator.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kDefaultDomain = "org.example.";
constexpr std::size_t kIdBytesMax = 50;  // beyond it the database role's name is not the id's

// The sample's names in the templates. None is part of a word that should stay.
constexpr std::string_view kSampleRole = "calixo_org_example_sample_name";
constexpr std::string_view kSampleId = "org.example.sample_name";
constexpr std::string_view kSampleTitle = "SampleName";
constexpr std::string_view kSampleWord = "sample_name";

std::string pascal_case(std::string_view word) {
  std::string title;
  bool is_start = true;
  for (const char c : word) {
    if (c != '_') {
      title += is_start ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    }
    is_start = c == '_';
  }
  return title;
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw ProjectError(file.string() + " can't be written; choose another --dir");
}

}  // namespace

ProjectNames project_names(std::string_view wanted) {
  static const std::regex kId("[a-z][a-z0-9]*([-_][a-z0-9]+)*(\\.[a-z][a-z0-9]*([-_][a-z0-9]+)*)*");
  ProjectNames names;
  names.id = wanted.find('.') == std::string_view::npos ? std::string(kDefaultDomain) : "";
  names.id += wanted;
  if (names.id.size() > kIdBytesMax || !std::regex_match(names.id, kId)) {
    throw ProjectError("\"" + std::string(wanted) +
                       "\" can't be a plugin's name: write a word such as morning-run, or a whole "
                       "id such as org.acme.morning-run, in small letters and digits, the id of at "
                       "most 50 bytes");
  }
  names.word = names.id.substr(names.id.rfind('.') + 1);
  std::replace(names.word.begin(), names.word.end(), '-', '_');
  names.title = pascal_case(names.word);
  names.role = runtime_role(names.id);
  return names;
}

std::string named_text(std::string_view text, const ProjectNames& names) {
  const std::pair<std::string_view, const std::string&> replacements[] = {
      {kSampleRole, names.role},
      {kSampleId, names.id},
      {kSampleTitle, names.title},
      {kSampleWord, names.word}};
  std::string named;
  while (!text.empty()) {
    const auto* found =
        std::find_if(std::begin(replacements), std::end(replacements),
                     [&](const auto& replacement) { return text.starts_with(replacement.first); });
    if (found == std::end(replacements)) {
      named += text.front();
      text.remove_prefix(1);
    } else {
      named += found->second;
      text.remove_prefix(found->first.size());
    }
  }
  return named;
}

std::vector<std::string> write_project(const std::filesystem::path& folder, EmbeddedFiles files,
                                       const ProjectNames& names) {
  namespace fs = std::filesystem;
  std::vector<std::string> written;
  try {
    if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
      throw ProjectError(folder.string() + " is there and not empty; choose another --dir");
    }
    for (const EmbeddedFile& file : files) {
      write_file(folder / file.name, named_text(file.bytes, names));
      written.emplace_back(file.name);
    }
  } catch (const fs::filesystem_error& error) {
    throw ProjectError(folder.string() + ": " + error.code().message() + "; choose another --dir");
  }
  std::sort(written.begin(), written.end());
  return written;
}

}  // namespace calixo::host
