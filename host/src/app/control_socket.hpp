// The supervisor's ear for commands of the same user: a UNIX socket in the data folder. A client
// says one word a line ("reload") and gets one line back: "ok <TAB> text" or "error <TAB> text".
// Used by the supervisor's one thread; never waits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace calixo::host {

class ControlSocket {
 public:
  // Makes the folder where it is missing. Throws std::runtime_error where the socket can't be made,
  // or another server's answers in this folder.
  explicit ControlSocket(const std::filesystem::path& folder);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  // Readable where take_reloads() has something to do.
  int descriptor() const { return poll_; }
  // How many clients have asked for a reload since; they wait for answer().
  int take_reloads();
  // To all that wait. Lines of the text are joined.
  void answer(bool is_ok, const std::string& text);

 private:
  struct Client {
    int descriptor = -1;
    std::string received;
    bool is_waiting = false;
  };
  void accept_clients();
  // False where the client is done.
  bool read_request(Client& client, int& reloads);
  void drop(Client& client);

  std::filesystem::path path_;
  int folder_ = -1;
  int listening_ = -1;
  int poll_ = -1;
  std::vector<Client> clients_;
};

// Asks the server of this data folder and waits for its answer, without a limit in time.
// Throws std::runtime_error where none runs there.
struct ControlAnswer {
  bool is_ok = false;
  std::string text;
};
ControlAnswer ask_server(const std::filesystem::path& folder, const std::string& word);

}  // namespace calixo::host
