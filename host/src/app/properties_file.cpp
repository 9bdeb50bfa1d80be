#include "app/properties_file.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace calixo::host {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The key that a line sets; `is_comment` lines count as "#key = value".
std::string key_of(const std::string& line, bool is_comment) {
  std::string text = trimmed(line);
  if (is_comment) {
    if (text.empty() || text[0] != '#') return {};
    text = trimmed(text.substr(1));
  }
  return trimmed(text.substr(0, text.find_first_of("=:")));
}

std::string escaped(const std::string& value) {
  std::string all;
  for (const char letter : value) {
    if (letter == '\\') all += '\\';
    all += letter;
  }
  return all;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + " can't be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void place(std::vector<std::string>& lines, const std::string& name, const std::string& setting) {
  for (const bool is_comment : {false, true}) {
    for (std::string& line : lines) {
      if (key_of(line, is_comment) != name) continue;
      line = setting;
      return;
    }
  }
  lines.push_back(setting);
}

}  // namespace

void set_property(const std::filesystem::path& file, const std::string& name,
                  const std::string& value) {
  if (value.find_first_of("\r\n") != std::string::npos) {
    throw std::runtime_error("a value is one line");
  }
  std::vector<std::string> lines = lines_of(file);
  place(lines, name, name + " = " + escaped(value));
  const std::filesystem::path written = file.string() + ".new";
  {
    std::ofstream out(written, std::ios::trunc);
    for (const std::string& line : lines) out << line << "\n";
    if (!out.flush()) throw std::runtime_error(written.string() + " can't be written");
  }
  std::filesystem::permissions(written, std::filesystem::status(file).permissions());
  std::filesystem::rename(written, file);
}

}  // namespace calixo::host
