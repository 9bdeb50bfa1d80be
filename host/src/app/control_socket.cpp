#include "app/control_socket.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace calixo::host {
namespace {

constexpr const char* kName = "control";
constexpr std::size_t kClientsMax = 32;
constexpr std::size_t kRequestBytesMax = 64;

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

// By the open folder: a socket's address is at most 107 bytes, a data folder's path may be longer.
sockaddr_un address_in(int folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/" + kName;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

bool connect_to(int descriptor, int folder) {
  const sockaddr_un address = address_in(folder);
  return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool somebody_answers(int folder) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_connected = descriptor >= 0 && connect_to(descriptor, folder);
  if (descriptor >= 0) ::close(descriptor);
  return is_connected;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw std::runtime_error("no control socket at " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

ControlSocket::ControlSocket(const std::filesystem::path& folder) : path_(folder / kName) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  folder_ = open_folder(folder);
  if (folder_ < 0) fail(path_);
  if (somebody_answers(folder_)) {
    ::close(folder_);
    throw std::runtime_error("another server answers at " + path_.string());
  }
  ::unlinkat(folder_, kName, 0);
  listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  const sockaddr_un address = address_in(folder_);
  const mode_t before = ::umask(0177);  // the server's user alone
  const bool is_bound =
      ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(listening_, static_cast<int>(kClientsMax)) == 0;
  ::umask(before);
  epoll_event event{EPOLLIN, {.fd = listening_}};
  if (is_bound && ::epoll_ctl(poll_, EPOLL_CTL_ADD, listening_, &event) == 0) return;
  const int reason = errno;
  for (const int descriptor : {listening_, poll_, folder_}) ::close(descriptor);
  errno = reason;
  fail(path_);
}

ControlSocket::~ControlSocket() {
  for (Client& client : clients_) drop(client);
  ::unlinkat(folder_, kName, 0);
  for (const int descriptor : {listening_, poll_, folder_}) ::close(descriptor);
}

void ControlSocket::accept_clients() {
  for (;;) {
    const int descriptor = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) return;
    epoll_event event{EPOLLIN | EPOLLRDHUP, {.fd = descriptor}};
    if (clients_.size() >= kClientsMax ||
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
      ::close(descriptor);
      continue;
    }
    clients_.push_back({descriptor, {}, false});
  }
}

void ControlSocket::drop(Client& client) {
  ::close(client.descriptor);
  client.descriptor = -1;
}

bool ControlSocket::read_request(Client& client, int& reloads) {
  std::array<char, kRequestBytesMax> buffer;
  const ssize_t size = ::recv(client.descriptor, buffer.data(), buffer.size(), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;  // gone, waiting or not
  client.received.append(buffer.data(), static_cast<std::size_t>(size));
  const std::size_t end = client.received.find('\n');
  if (end == std::string::npos) return client.received.size() < kRequestBytesMax;
  if (client.is_waiting || client.received.substr(0, end) != "reload") return false;
  client.is_waiting = true;
  ++reloads;
  return true;
}

int ControlSocket::take_reloads() {
  int reloads = 0;
  accept_clients();
  for (Client& client : clients_) {
    if (!read_request(client, reloads)) drop(client);
  }
  std::erase_if(clients_, [](const Client& client) { return client.descriptor < 0; });
  return reloads;
}

void ControlSocket::answer(bool is_ok, const std::string& text) {
  const std::string line = (is_ok ? "ok\t" : "error\t") + one_line(text) + "\n";
  for (Client& client : clients_) {
    if (!client.is_waiting) continue;
    ::send(client.descriptor, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    drop(client);
  }
  std::erase_if(clients_, [](const Client& client) { return client.descriptor < 0; });
}

ControlAnswer ask_server(const std::filesystem::path& folder, const std::string& word) {
  const int opened = open_folder(folder);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_connected = opened >= 0 && descriptor >= 0 && connect_to(descriptor, opened);
  if (opened >= 0) ::close(opened);
  if (!is_connected) {
    if (descriptor >= 0) ::close(descriptor);
    throw std::runtime_error("no server runs on the data folder " + folder.string() +
                             "; name the running server's with --data or --config, or start one "
                             "with `calixo serve`");
  }
  const std::string request = word + "\n";
  ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL);
  std::string received;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t size = ::recv(descriptor, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    received.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(descriptor);
  const std::size_t tab = received.find('\t');
  if (tab == std::string::npos) return {false, "the server ended before it answered"};
  const std::size_t end = received.find('\n', tab);
  return {received.substr(0, tab) == "ok", received.substr(tab + 1, end - tab - 1)};
}

}  // namespace calixo::host
