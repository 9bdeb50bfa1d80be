#include "standing/standing_service.hpp"

#include <chrono>

#include "standing/standing_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kForgetEveryS = 60;

}  // namespace

StandingService::StandingService(Plugin& plugin, std::function<void()> on_keys)
    : plugin_(plugin),
      on_keys_(std::move(on_keys)),
      mutex_(plugin),
      signal_(plugin, "changes", [this] { hear(); }) {
  detail::find_interface(plugin.host().handle, CALIXO_PRINCIPALS_ID, principals_);
  plugin.every(std::chrono::hours(1), "forget_old_changes", [this](JobContext&) {
    Database db = plugin_.service_db();
    forget_old_changes(db);
  });
}

// A database that is away is told of elsewhere; the next look finds what this one missed.
void StandingService::hear() {
  try {
    catch_up();
  } catch (const DbError& error) {
    if (error.status() == CALIXO_SQL_ERROR) throw;
    plugin_.log().debug("changes not read", {{"reason", error.what()}});
  }
}

void StandingService::catch_up() {
  const auto one_look = mutex_.lock();
  Database db = plugin_.service_db();
  StandingNews news = read_standing_news(db, horizon_);
  take(news.changes);
  horizon_ = std::move(news.horizon);
  if (news.key_marks != key_marks_) {
    on_keys_();
    principals_->forget_all(plugin_.host().handle);
    key_marks_ = std::move(news.key_marks);
  }
  forget_old();
}

void StandingService::take(const std::vector<StandingChange>& changes) {
  if (changes.empty()) return;
  for (const std::string& subject : standing_.take(changes)) {
    principals_->forget(plugin_.host().handle, detail::to_abi(subject));
  }
}

void StandingService::forget_old() {
  const std::int64_t now_s = plugin_.now().unix_s();
  if (now_s < forget_at_s_) return;
  forget_at_s_ = now_s + kForgetEveryS;
  standing_.forget_before(now_s - kChangesKeptS);
}

}  // namespace calixo::auth
