#include "app/application.hpp"

#include <Poco/Util/ServerApplication.h>

#include <iostream>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/version.hpp"

namespace calixo::host {
namespace {

class CalixoApplication final : public Poco::Util::ServerApplication {
 public:
  explicit CalixoApplication(std::vector<std::string> words) : words_(std::move(words)) {
    setUnixOptions(true);
  }

 protected:
  int main(const std::vector<std::string>&) override {
    CommandSet commands("calixo", common_options());
    add_serve_commands(commands);
    add_check_commands(commands);
    add_migrate_commands(commands);
    add_config_commands(commands);
    add_describe_commands(commands);
    add_new_commands(commands);
    add_work_commands(commands);
    add_validate_commands(commands);
    add_pack_commands(commands);
    add_dev_commands(commands);
    add_manifest_commands(commands);
    add_plugin_commands(commands, words_);
    return commands.run(words_, std::cout, std::cerr);
  }

 private:
  std::vector<std::string> words_;
};

}  // namespace

int run_application(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && (words[0] == "--version" || words[0] == "-V")) {
    std::cout << "calixo " << kVersion << "\n";
    return kExitOk;
  }
  try {
    // The frame gets the program's name alone: options belong to commands, which know theirs.
    CalixoApplication application(words);
    return application.run(1, argv);
  } catch (const Poco::Exception& error) {
    std::cerr << "calixo: " << error.displayText() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "calixo: " << error.what() << "\n";
  }
  return kExitInternal;
}

}  // namespace calixo::host
