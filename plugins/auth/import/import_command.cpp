#include "import_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <stdexcept>

#include "admin/words.hpp"
#include "encoding.hpp"
#include "import_store.hpp"
#include "supabase_source.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kUsage = "--from URL [--batch N] [--json]";

constexpr std::int64_t kBatch = 500;
constexpr std::int64_t kBatchMax = 5000;

struct Options {
  std::string from;
  std::int64_t batch = kBatch;
  bool is_json = false;
};

Options options_of(const std::vector<std::string>& arguments) {
  const Words words(arguments, {"--json"}, {"--from", "--batch"});
  words.exactly({});
  const auto from = words.value("--from");
  if (!from || from->empty()) throw std::invalid_argument("--from is missing");
  return {*from, words.number("--batch", kBatch, kBatchMax), words.has("--json")};
}

// What was not taken: whom, and why.
struct NotTaken {
  std::string user_id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(NotTaken, (), (user_id, reason))

struct Report {
  std::int64_t read = 0;
  std::int64_t taken = 0;
  std::int64_t already_here = 0;
  std::int64_t identities = 0;
  std::vector<NotTaken> not_taken;
};
BOOST_DESCRIBE_STRUCT(Report, (), (read, taken, already_here, identities, not_taken))

const std::map<std::string, std::string, std::less<>>& meanings() {
  static const std::map<std::string, std::string, std::less<>> kMeanings{
      {"deleted", "deleted there"},
      {"single_sign_on", "signs in by SAML, which this server doesn't speak"},
      {"address_malformed", "its e-mail address is none"},
      {"address_taken", "another account here has its e-mail address"},
      {"phone_only", "has a telephone number and no e-mail address"},
      {"phone_identity", "taken, but not its telephone number"},
      {"password_hash_unknown",
       "taken, but its password's hash is of an unknown kind: to be reset"},
      {"user_metadata_too_long", "taken, but its metadata are longer than 4096 bytes"},
      {"display_name_too_long", "taken, but its display name is longer than 60 characters"},
      {"second_factor", "taken, but its second factor must be enrolled anew"},
  };
  return kMeanings;
}

// One line that renews itself; nothing where nobody looks.
class ProgressLine {
 public:
  explicit ProgressLine(std::int64_t total) : total_(std::max<std::int64_t>(total, 1)) {}
  ~ProgressLine() {
    if (is_shown_) std::cerr << '\n';
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::int64_t done) const {
    if (!is_shown_) return;
    constexpr std::int64_t kWidth = 30;
    const auto filled = static_cast<std::size_t>(std::min(done, total_) * kWidth / total_);
    std::cerr << "\rimporting [" << std::string(filled, '#') << std::string(kWidth - filled, ' ')
              << "] " << done << " of " << total_ << std::flush;
  }

 private:
  const std::int64_t total_;
  const bool is_shown_ = ::isatty(STDERR_FILENO) == 1;
};

class Import {
 public:
  Import(Plugin& plugin, const Options& options)
      : plugin_(plugin), options_(options), source_(options.from) {}

  // The cursor moves with each batch's commit: a run that is cut off goes on where it was.
  Report run() {
    Database db = plugin_.service_db();
    const std::string source_hash = bytea(sha256(options_.from));
    const ProgressLine progress(source_.user_count());
    std::string last = import_cursor(db, source_hash);
    while (true) {
      const std::vector<Json> page = source_.users_after(last, options_.batch);
      if (page.empty()) break;
      last = take(page, source_hash);
      progress.show(report_.read);
    }
    forget_import_cursor(db, source_hash);
    return report_;
  }

 private:
  std::string take(const std::vector<Json>& page, const std::string& source_hash) {
    std::vector<Imported> all;
    std::vector<ImportedAccount> accounts;
    for (const Json& source : page) {
      all.push_back(imported(source));
      if (all.back().account) accounts.push_back(*all.back().account);
    }
    std::int64_t identities_stored = 0;
    const Stored stored = plugin_.service_transaction([&](Transaction& tx) {
      Stored result = store_accounts(tx, accounts);
      std::vector<ImportedIdentity> identities;
      for (const Imported& one : all) {
        if (!result.taken.contains(one.id)) continue;
        identities.insert(identities.end(), one.identities.begin(), one.identities.end());
      }
      identities_stored = store_identities(tx, identities);
      keep_import_cursor(tx, source_hash, all.back().id);
      return result;
    });
    report_.identities += identities_stored;
    for (const Imported& one : all) count(one, stored);
    return all.back().id;
  }

  void count(const Imported& one, const Stored& stored) {
    ++report_.read;
    if (stored.known.contains(one.id)) {
      ++report_.already_here;
      return;
    }
    const bool is_taken = stored.taken.contains(one.id);
    if (is_taken) ++report_.taken;
    if (one.account && !is_taken) {
      report_.not_taken.push_back({one.id, "address_taken"});
      return;
    }
    for (const std::string& reason : one.reasons) report_.not_taken.push_back({one.id, reason});
  }

  Plugin& plugin_;
  const Options& options_;
  SupabaseSource source_;
  Report report_;
};

void tell(const Report& report, Output& out) {
  out.line("read " + std::to_string(report.read) + " users: " + std::to_string(report.taken) +
           " taken with " + std::to_string(report.identities) + " identities, " +
           std::to_string(report.already_here) + " already here");
  for (const NotTaken& one : report.not_taken) {
    out.line("  " + one.user_id + "  " + one.reason + ": " + meanings().at(one.reason));
  }
}

void run(Plugin& plugin, const std::vector<std::string>& arguments, Output& out) {
  const Options options = options_of(arguments);
  const Report report = Import(plugin, options).run();
  if (options.is_json) {
    out.line(to_json(report));
  } else {
    tell(report, out);
  }
}

}  // namespace

void register_import_command(Plugin& plugin) {
  plugin.command("import supabase", "Takes over the users of a Supabase project", kUsage,
                 [&plugin](const std::vector<std::string>& arguments, Output& out) {
                   return run_command("import supabase " + std::string(kUsage), out,
                                      [&] { run(plugin, arguments, out); });
                 });
}

}  // namespace calixo::auth
