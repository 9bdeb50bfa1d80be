#include "admin/admin_command.hpp"

#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace calixo::auth {
namespace {

constexpr std::string_view kUsage = "--email ADDRESS [--password-stdin] [--json]";
constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

struct Options {
  std::string email;
  bool reads_password = false;
  bool is_json = false;
};

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--email" && i + 1 < arguments.size()) {
      options.email = arguments[++i];
    } else if (word.starts_with("--email=")) {
      options.email = word.substr(8);
    } else if (word == "--password-stdin") {
      options.reads_password = true;
    } else if (word == "--json") {
      options.is_json = true;
    } else {
      throw std::invalid_argument("unknown word '" + word + "'");
    }
  }
  if (options.email.empty()) throw std::invalid_argument("--email is missing");
  return options;
}

std::string first_line_of_input() {
  std::string line;
  if (!std::getline(std::cin, line) || line.empty()) {
    throw std::runtime_error("no password on standard input");
  }
  if (line.back() == '\r') line.pop_back();
  return line;
}

struct Report {
  std::string user_id;
  std::string email;
  std::optional<std::string> password;
  bool created = false;
};
BOOST_DESCRIBE_STRUCT(Report, (), (user_id, email, password, created))

std::string text_for_people(const AppointedAdmin& admin) {
  std::string text = admin.is_new_account ? "Administrator made: " : "Account promoted: ";
  text += admin.email + "\n";
  if (admin.generated_password)
    text += "Password (shown once): " + *admin.generated_password + "\n";
  return text;
}

int run(const AdminService& admins, const std::vector<std::string>& arguments, Output& out) {
  try {
    const Options options = parse(arguments);
    std::optional<std::string> password;
    if (options.reads_password) password = first_line_of_input();
    const AppointedAdmin admin = admins.appoint(options.email, password);
    out.write(options.is_json ? to_json(Report{admin.user_id, admin.email, admin.generated_password,
                                               admin.is_new_account}) +
                                    "\n"
                              : text_for_people(admin));
    return 0;
  } catch (const std::invalid_argument& mistake) {
    out.write(std::string(mistake.what()) + "\nusage: calixo users create-admin " +
              std::string(kUsage) + "\n");
    return kExitUsage;
  } catch (const Problem& problem) {
    out.write(problem.code() == "weak_password" ? "The password is too weak.\n"
                                                : "Refused: " + problem.code() + ".\n");
    return 1;
  } catch (const std::runtime_error& mistake) {
    out.write(std::string(mistake.what()) + "\n");
    return 1;
  }
}

}  // namespace

void register_admin_command(Plugin& plugin, const AdminService& admins) {
  plugin.command("users create-admin", "Makes an administrator", kUsage,
                 [&admins](const std::vector<std::string>& arguments, Output& out) {
                   return run(admins, arguments, out);
                 });
}

}  // namespace calixo::auth
