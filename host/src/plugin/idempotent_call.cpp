#include "plugin/idempotent_call.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "events/work.hpp"
#include "log/log.hpp"
#include "plugin/bytea.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kKeyBytesMax = 255;
constexpr int kAttemptsMax = 3;
constexpr std::chrono::milliseconds kWaitMax{10'000};
constexpr std::chrono::milliseconds kPauseMin{5};
constexpr std::chrono::milliseconds kPauseMax{100};

// Not the row's own lock: who waits for that holds a connection meanwhile.
constexpr std::string_view kLock = "select pg_try_advisory_xact_lock($1::bigint)";
constexpr std::string_view kFind =
    "select encode(fingerprint, 'hex'), encode(sealed_answer, 'hex') from idempotency_keys"
    " where key_hash = $1::bytea and expires_at > now()";
constexpr std::string_view kKeep =
    "insert into idempotency_keys (key_hash, fingerprint, sealed_answer, expires_at)"
    " values ($1::bytea, $2::bytea, $3::bytea, now() + $4::integer * interval '1 hour')"
    " on conflict (key_hash) do update set fingerprint = excluded.fingerprint,"
    "  sealed_answer = excluded.sealed_answer, created_at = now(),"
    "  expires_at = excluded.expires_at";

using Parameter = std::optional<std::string_view>;

bool is_well_formed(std::string_view key) {
  return !key.empty() && key.size() <= kKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// The first eight bytes: two keys that share them only wait for each other.
std::int64_t lock_number(const Digest& digest) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return static_cast<std::int64_t>(number);
}

// Whether the request did what it was to do, or was told why not for good.
bool is_settled(const Exchange& exchange) {
  const auto answer = exchange.whole_answer();
  if (!answer) return exchange.is_answered();  // by a stream, which can't be kept
  return answer->status < 500 && answer->status != 429;
}

KeptAnswer copy_of(const Exchange::WholeAnswer& answer) {
  return {answer.status,
          std::string(answer.content_type),
          std::string(answer.body),
          {answer.headers.begin(), answer.headers.end()}};
}

void replay(Exchange& exchange, const KeptAnswer& answer) {
  for (const auto& [name, value] : answer.headers) exchange.add_header(name, value);
  exchange.set_header("Idempotency-Replayed", "true");
  exchange.respond(answer.status, answer.content_type, answer.body);
}

}  // namespace

bool takes_idempotency_key(const Route& route) {
  return route.method != "GET" && !route.stream_body;
}

const std::string_view* idempotency_key_of(const Exchange& exchange) {
  return takes_idempotency_key(exchange.route()) ? exchange.header("idempotency-key") : nullptr;
}

IdempotentCall::IdempotentCall(Database& database, Exchange& exchange, std::string_view key)
    : database_(database),
      exchange_(exchange),
      key_(key),
      fingerprint_(digest_of({exchange.principal().user_id, exchange.method(), exchange.path(),
                              exchange.query_string(), exchange.body()})),
      key_hash_(digest_of({exchange.principal().user_id, key_})) {}

void IdempotentCall::run(const std::function<void()>& handler) {
  if (!is_well_formed(key_)) return refuse(400, "invalid_idempotency_key");
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    exchange_.take_back_answer();
    std::unique_ptr<Transaction> whole;
    if (!claim(whole)) return;
    bool is_to_repeat = false;
    run_claimed(handler, std::move(whole), is_to_repeat);
    if (!is_to_repeat) return;
  }
}

void IdempotentCall::run_claimed(const std::function<void()>& handler,
                                 std::unique_ptr<Transaction> whole, bool& is_to_repeat) {
  AmbientTransaction ambient(std::move(whole), isolation_);
  {
    const AmbientTransaction::Scope scope(ambient);
    handler();
  }
  if (ambient.wanted() != isolation_) {
    isolation_ = ambient.wanted();
    is_to_repeat = true;
    return;
  }
  if (!is_settled(exchange_)) return;  // rolled back
  if (!keep_answer(ambient)) return refuse(503, "overloaded", 1);
  ResultSet failure;
  const DbStatus status = ambient.commit(failure);
  if (status != DbStatus::ok) is_to_repeat = tell_failure(status, failure);
}

bool IdempotentCall::claim(std::unique_ptr<Transaction>& whole) {
  const auto give_up_at = MonotonicClock::now() + kWaitMax;
  auto pause = kPauseMin;
  while (true) {
    DbStatus status = database_.begin({isolation_, false}, whole);
    if (status != DbStatus::ok) return tell_failure(status, {}), false;
    const Claim claimed = try_to_claim(*whole);
    if (claimed == Claim::own) return true;
    whole.reset();
    if (claimed == Claim::settled) return false;
    if (MonotonicClock::now() >= give_up_at || sleep_for(pause) != WaitStatus::ready) {
      return refuse(409, "idempotency_key_in_use", 1), false;
    }
    pause = std::min(pause * 2, kPauseMax);
  }
}

IdempotentCall::Claim IdempotentCall::try_to_claim(Transaction& whole) {
  const std::string number = std::to_string(lock_number(key_hash_));
  const std::string hash = bytea_text(key_hash_);
  const std::array<Parameter, 1> lock{number};
  const std::array<Parameter, 1> find{hash};
  const std::array<Statement, 2> statements{{{kLock, lock}, {kFind, find}}};
  std::vector<ResultSet> results;
  const DbStatus status = whole.run(work_context(), statements, results);
  if (status != DbStatus::ok) {
    tell_failure(status, {});
    return Claim::settled;
  }
  if (!results[1].empty()) {
    return settle_by_kept(*results[1].value(0, 0), *results[1].value(0, 1));
  }
  return results[0].value(0, 0) == "t" ? Claim::own : Claim::busy;
}

IdempotentCall::Claim IdempotentCall::settle_by_kept(std::string_view fingerprint_hex,
                                                     std::string_view sealed_hex) {
  const auto fingerprint = bytes_of_hex(fingerprint_hex);
  const bool is_same =
      std::equal(fingerprint.begin(), fingerprint.end(), fingerprint_.begin(), fingerprint_.end(),
                 [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
  if (!is_same) {
    refuse(422, "idempotency_key_reused");
    return Claim::settled;
  }
  const auto answer = unseal(bytes_of_hex(sealed_hex), key_, fingerprint_);
  if (answer) {
    replay(exchange_, *answer);
  } else {
    refuse(500, "internal");
  }
  return Claim::settled;
}

bool IdempotentCall::keep_answer(AmbientTransaction& ambient) {
  const auto answer = exchange_.whole_answer();
  if (!answer) return true;
  const std::string sealed = bytea_text(seal(copy_of(*answer), key_, fingerprint_));
  const std::string hash = bytea_text(key_hash_);
  const std::string fingerprint = bytea_text(fingerprint_);
  const std::string hours = std::to_string(kKeptHours);
  const std::array<Parameter, 4> values{hash, fingerprint, sealed, hours};
  const Statement statement{kKeep, values};
  return ambient.whole().run_later(work_context(), {&statement, 1});
}

bool IdempotentCall::tell_failure(DbStatus status, const ResultSet& failure) {
  exchange_.take_back_answer();
  const std::string_view sqlstate = failure.sqlstate();
  const bool is_retryable =
      status == DbStatus::sql_error && (sqlstate == "40001" || sqlstate == "40P01");
  if (status == DbStatus::sql_error && !is_retryable) {
    log::error("the commit of a request with an Idempotency-Key was refused",
               {{"route", exchange_.route().label},
                {"request_id", exchange_.request_id()},
                {"error", failure.error_message()}});
    refuse(500, "internal");
  } else if (status == DbStatus::timed_out) {
    refuse(504, "deadline_exceeded");
  } else {
    refuse(503, status == DbStatus::overloaded ? "overloaded" : "unavailable", 1);
  }
  return is_retryable;
}

void IdempotentCall::refuse(std::uint16_t status, std::string_view code,
                            std::uint32_t retry_after_s) {
  exchange_.take_back_answer();
  Problem problem;
  problem.http_status = status;
  problem.code = code;
  problem.retry_after_s = retry_after_s;
  exchange_.fail(problem);
}

}  // namespace calixo::host
