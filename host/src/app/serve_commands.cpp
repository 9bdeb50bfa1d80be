// serve: the supervisor; worker: what it executes.
#include <iostream>

#include "app/commands.hpp"
#include "app/exit_codes.hpp"
#include "app/supervisor.hpp"
#include "app/worker.hpp"

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
  const WorkerDescriptors descriptors{descriptor_of(arguments, "listen-fd"),
                                      descriptor_of(arguments, "report-fd")};
  if (descriptors.listening < 0) {
    output.complain("worker is started by serve; run `calixo serve`");
    return kExitUsage;
  }
  try {
    return run_worker(sources_of(arguments), descriptors);
  } catch (const std::exception& error) {
    output.complain(error.what());
    return kExitConfiguration;
  }
}

}  // namespace

void add_serve_commands(CommandSet& commands) {
  commands.add(make_command(
      "serve", "run the server in the foreground until SIGTERM or Ctrl-C; SIGHUP reloads", &serve));

  Command worker_command = make_command("worker", "the serving process; started by serve", &work);
  worker_command.options = {{"listen-fd", "N", "inherited listening socket", false},
                            {"report-fd", "N", "where readiness is told", false}};
  worker_command.is_hidden = true;
  commands.add(std::move(worker_command));
}

}  // namespace calixo::host
