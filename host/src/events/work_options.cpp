#include "events/work_options.hpp"

#include "config/configuration.hpp"
#include "db/migrator.hpp"

namespace calixo::host {

WorkOptions work_options(const Configuration& configuration) {
  const auto number = [&](const char* key) { return configuration.get_int(key); };
  const auto milliseconds = [&](const char* key) { return std::chrono::milliseconds(number(key)); };
  constexpr std::int64_t kHoursPerDay = 24;
  WorkOptions options;
  options.concurrency_max = static_cast<std::size_t>(number("events.concurrency_max"));
  options.payload_bytes_max = static_cast<std::size_t>(number("events.payload_bytes_max"));
  options.attempts_max = static_cast<std::uint32_t>(number("events.attempts_max"));
  options.timeout = milliseconds("events.timeout_ms");
  options.lease_margin = milliseconds("events.lease_margin_ms");
  options.retry_backoff = milliseconds("events.retry_backoff_ms");
  options.retry_backoff_max = milliseconds("events.retry_backoff_ms_max");
  options.poll_interval = milliseconds("events.poll_interval_ms");
  options.finished_retention = std::chrono::seconds(number("events.finished_retention_s"));
  options.dead_retention = std::chrono::hours(number("events.dead_retention_days") * kHoursPerDay);
  options.subscriber_absence_max =
      std::chrono::hours(number("events.subscriber_absence_days_max") * kHoursPerDay);
  return options;
}

StatementContext work_context() {
  static const std::string kRole = runtime_role("host");
  return service_context(kRole);
}

}  // namespace calixo::host
