#include "mail/file_transport.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file) {
  throw std::runtime_error("the mail can't be written to " + file.parent_path().string());
}

void write_whole(const fs::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(file);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(descriptor) != 0 || !text.empty()) {
    ::unlink(file.c_str());
    fail(file);
  }
}

// Says whose mail it is to whoever knows the address, and to nobody else.
std::string recipient_tag(const std::string& address) {
  return base64url(sha256("mail to " + address)).substr(0, 22);
}

}  // namespace

void FileTransport::send(const Mail& mail, const std::string& link) {
  std::error_code error;
  if (fs::create_directories(folder_, error)) {
    fs::permissions(folder_, fs::perms::owner_all, error);
  }
  const std::string id = random_uuid();
  const std::string name =
      std::to_string(plugin_.now().unix_us) + "-" + recipient_tag(mail.to) + "-" + id;
  const fs::path file = folder_ / (name + ".eml");
  const fs::path hidden = folder_ / ("." + name);
  write_whole(hidden, message_text(mail, id + "@calixo", MailBody::plain));
  fs::rename(hidden, file, error);
  if (error) fail(file);
  plugin_.log().info("mail waits in a file", {{"path", file.string()}});
  // For the person at the terminal and not through the log, which may be kept or sent elsewhere;
  // the host's notices are shown at its start only.
  if (!link.empty()) {
    const std::string line = "Mail in " + file.string() + ", its link: " + link + "\n";
    std::cout << line << std::flush;
  }
}

void FileTransport::forget(const std::string& address) {
  const std::string tag = "-" + recipient_tag(address) + "-";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().filename().string().find(tag) == std::string::npos) continue;
    fs::remove(entry.path(), error);
  }
}

}  // namespace calixo::auth
