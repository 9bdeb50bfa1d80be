// pack: makes one file of a plugin library. plugins install: verifies such a file and puts the
// library into a folder.
#include <unistd.h>

#include <boost/json.hpp>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/pack/plugin_pack.hpp"
#include "app/temporary_folder.hpp"
#include "app/validate/check_process.hpp"

namespace calixo::host {
namespace {

namespace fs = std::filesystem;

// What the library says of itself, asked in another process. Throws PackError.
boost::json::object about(const Arguments& arguments, const fs::path& library) {
  const TemporaryFolder folder("calixo-pack");
  CheckInput input;
  input.file = library.string();
  input.sources = sources_of(arguments);
  const CheckOutcome outcome = run_check(*find_check("entry"), input, folder.path() / "errors");
  if (outcome.facts.contains("id")) return outcome.facts;
  std::string causes;
  for (const CheckFinding& finding : outcome.findings) {
    causes += (causes.empty() ? "" : "; ") + finding.cause;
  }
  throw PackError(library.string() + " can't be packed: " + causes);
}

int pack(const Arguments& arguments, Output& output) {
  const Interrupt interrupt;
  try {
    std::error_code fault;
    const fs::path library = fs::canonical(arguments.positional().front(), fault);
    if (fault) throw PackError(arguments.positional().front() + ": no such file");
    const boost::json::object told = about(arguments, library);
    const std::string id(told.at("id").as_string()), version(told.at("version").as_string());
    const fs::path file = arguments.value("output").value_or(id + "-" + version + ".calixo.zip");
    write_pack(pack_files(library, told), file);
    output.object({{"pack", file.string()},
                   {"id", id},
                   {"version", version},
                   {"bytes", static_cast<std::int64_t>(fs::file_size(file))}});
    return kExitOk;
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

int install(const Arguments& arguments, Output& output) {
  const auto folder = arguments.value("into");
  if (!folder) throw UsageError("plugins install: --into DIR says where the library goes");
  try {
    const PackFiles files = read_pack(arguments.positional().front());
    const fs::path library = install_pack(files, *folder);
    output.object({{"library", library.string()}});
    output.say("Name " + *folder + " in plugins.path and the plugin in plugins.enabled; then see " +
               "`calixo check`.");
    return kExitOk;
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

}  // namespace

void add_pack_commands(CommandSet& commands) {
  Command pack_command =
      make_command("pack", "make one file of a plugin library, to carry it elsewhere", &pack);
  pack_command.positional = "FILE";
  pack_command.positional_min = pack_command.positional_max = 1;
  pack_command.options = {{"output", "PACK", "the file to make (ID-VERSION.calixo.zip)", false}};
  commands.add(std::move(pack_command));

  Command install_command = make_command(
      "plugins install", "verify a plugin's pack and put its library into a folder", &install);
  install_command.positional = "PACK";
  install_command.positional_min = install_command.positional_max = 1;
  install_command.options = {{"into", "DIR", "the folder, one of plugins.path", false}};
  commands.add(std::move(install_command));
}

}  // namespace calixo::host
