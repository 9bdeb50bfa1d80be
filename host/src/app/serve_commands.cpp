// serve: the supervisor; worker: what it executes; reload: asks a running supervisor.
#include <iostream>

#include "app/commands.hpp"
#include "app/control_socket.hpp"
#include "app/exit_codes.hpp"
#include "app/supervisor.hpp"
#include "app/worker.hpp"
#include "app/worker_arguments.hpp"

namespace calixo::host {
namespace {

int serve(const Arguments& arguments, Output& output) {
  try {
    Supervisor supervisor(sources_of(arguments));
    return supervisor.run();
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    output.complain(error.what());
    return kExitConfiguration;
  }
}

int descriptor_of(const Arguments& arguments, std::string_view option) {
  const auto value = arguments.value(option);
  return value ? std::stoi(*value) : -1;
}

int work(const Arguments& arguments, Output& output) {
  const WorkerOptions options{descriptor_of(arguments, "listen-fd"),
                              descriptor_of(arguments, "report-fd"), history_of(arguments)};
  if (options.listening < 0) {
    output.complain("worker is started by serve; run `calixo serve`");
    return kExitUsage;
  }
  try {
    return run_worker(sources_of(arguments), options);
  } catch (const std::exception& error) {
    output.complain(error.what());
    return kExitConfiguration;
  }
}

int reload(const Arguments& arguments, Output& output) {
  Configuration configuration;
  load_layers(configuration, sources_of(arguments));
  const ControlAnswer answer = ask_server(configuration.get_text("data.folder"), "reload");
  if (!answer.is_ok) {
    output.complain("reload refused: " + answer.text + "; the server goes on with what it has");
    return kExitProblem;
  }
  if (output.is_json()) {
    output.object({{"reloaded", true}, {"told", answer.text}});
  } else {
    output.say(answer.text);
  }
  return kExitOk;
}

}  // namespace

void add_serve_commands(CommandSet& commands) {
  commands.add(make_command(
      "serve", "run the server in the foreground until SIGTERM or Ctrl-C; SIGHUP reloads", &serve));

  commands.add(make_command(
      "reload", "have the running server take new configuration and plugin files; waits for it",
      &reload));

  Command worker_command = make_command("worker", "the serving process; started by serve", &work);
  worker_command.options = {{"listen-fd", "N", "inherited listening socket", false},
                            {"report-fd", "N", "where readiness is told", false}};
  for (OptionSpec& option : history_options()) worker_command.options.push_back(option);
  worker_command.is_hidden = true;
  commands.add(std::move(worker_command));
}

}  // namespace calixo::host
