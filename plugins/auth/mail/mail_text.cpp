#include "mail/mail_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "mail/mail_phrases.hpp"

namespace calixo::auth {
namespace {

constexpr std::uintmax_t kFileBytesMax = 256 * 1024;

std::string text_part(const MailPhrases& says, const SharedPhrases& shared) {
  std::string text = std::string(says.reason) + "\n\n";
  if (!says.button.empty()) text += std::string(says.button) + ":\n{{link}}\n\n";
  text += std::string(says.button.empty() ? shared.code_alone : shared.code_too) + " {{code}}\n\n";
  return text + std::string(shared.unasked) + "\n\n{{site_url}}\n";
}

std::string html_part(const MailPhrases& says, const SharedPhrases& shared,
                      std::string_view language) {
  std::string html = "<!doctype html>\n<html lang=\"" + std::string(language) +
                     "\">\n<head><meta charset=\"utf-8\"><title>" + std::string(says.subject) +
                     "</title></head>\n<body style=\"font-family:sans-serif;line-height:1.5;"
                     "max-width:36em;margin:auto;padding:1em\">\n<h1 style=\"font-size:1.3em\">" +
                     std::string(says.subject) + "</h1>\n<p>" + std::string(says.reason) + "</p>\n";
  if (!says.button.empty()) {
    html +=
        "<p><a href=\"{{link}}\" style=\"background:#1f6f54;color:#fff;padding:.6em 1.2em;"
        "border-radius:.4em;text-decoration:none\">" +
        std::string(says.button) + "</a></p>\n";
  }
  html += "<p>" + std::string(says.button.empty() ? shared.code_alone : shared.code_too) +
          " <strong style=\"font-size:1.2em;letter-spacing:.1em\">{{code}}</strong></p>\n";
  return html + "<p style=\"color:#666\">" + std::string(shared.unasked) +
         "</p>\n<p style=\"color:#666\">{{site_url}}</p>\n</body>\n</html>\n";
}

// The file's content in place of part, where there is such a file.
void read_over(const std::filesystem::path& file, std::string& part) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error == std::errc::no_such_file_or_directory) return;
  std::ifstream in(file, std::ios::binary);
  if (error || size > kFileBytesMax || !in) {
    throw std::runtime_error("the mail template " + file.string() + " can't be read");
  }
  part.assign(std::istreambuf_iterator<char>(in), {});
}

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

const std::string* value_named(const MailValues& values, std::string_view name) {
  const std::array<std::pair<std::string_view, const std::string*>, 5> all{
      {{"link", &values.link},
       {"code", &values.code},
       {"email", &values.email},
       {"new_email", &values.new_email},
       {"site_url", &values.site_url}}};
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
  return found == all.end() ? nullptr : found->second;
}

std::string filled(std::string_view text, const MailValues& values, bool is_html) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find("}}");
    const std::string* value =
        close == std::string_view::npos ? nullptr : value_named(values, text.substr(2, close - 2));
    if (value == nullptr) {
      out += "{{";
      text.remove_prefix(2);
      continue;
    }
    out += is_html ? html_escaped(*value) : *value;
    text.remove_prefix(close + 2);
  }
  return out;
}

// A line break in a subject would begin a header of its own.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

MailText built_in_text(std::string_view purpose, std::string_view language) {
  const MailPhrases& says = phrases_of(purpose, language);
  const SharedPhrases& shared = shared_phrases(language);
  return {std::string(says.subject), text_part(says, shared), html_part(says, shared, language)};
}

MailText text_of(const std::string& folder, std::string_view purpose, std::string_view language) {
  MailText text = built_in_text(purpose, language);
  if (folder.empty()) return text;
  const std::string stem = std::string(purpose) + "." + std::string(language) + ".";
  const std::filesystem::path in(folder);
  read_over(in / (stem + "subject"), text.subject);
  read_over(in / (stem + "txt"), text.text);
  read_over(in / (stem + "html"), text.html);
  return text;
}

MailText with_values(const MailText& text, const MailValues& values) {
  return {one_line(filled(text.subject, values, false)), filled(text.text, values, false),
          filled(text.html, values, true)};
}

}  // namespace calixo::auth
