// Stripe's events in the database: SQL and nothing else. Every call suspends its fiber and wants a
// database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts.hpp"

namespace calixo::billing {

enum class EventState { stored, applied, refused };
BOOST_DESCRIBE_ENUM(EventState, stored, applied, refused)

// What an operator sees of an event.
struct StoredEvent {
  std::string id;
  std::string type;
  EventState state = EventState::stored;
  bool is_live = false;
  Timestamp created_at;
  Timestamp received_at;
  std::optional<Timestamp> finished_at;
  std::optional<std::string> customer_id;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(StoredEvent, (),
                      (id, type, state, is_live, created_at, received_at, finished_at, customer_id,
                       error))

struct EventFilter {
  std::optional<EventState> state;
  std::optional<std::string> type;
  std::optional<std::string> customer_id;
  std::optional<std::string> before_id;  // those received before this one
  std::int64_t limit = 50;
};

// An event as it came.
struct Delivery {
  EventHead head;
  std::string body;
};

// Those that are there already stay as they are.
void store_events(Database& service, const std::vector<Delivery*>& deliveries);

struct OpenEvent {
  std::string id;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(OpenEvent, (), (id, body))

// Those that came first, without those set apart and those that another has locked; locked to the
// end of the transaction.
std::vector<OpenEvent> lock_open_events(Database& service, std::int64_t limit);
bool has_open_events(Database& service);
// The one, if it is not finished.
std::vector<OpenEvent> lock_open_event(Database& service, std::string_view id);
// It is passed over by lock_open_events from here on.
void set_apart(Database& service, std::string_view id);
// customer_ids: of each, or empty.
void mark_applied(Database& service, const std::vector<std::string>& ids,
                  const std::vector<std::string>& customer_ids);
// It stays as a dead letter, with what was wrong.
void mark_refused(Database& service, std::string_view id, std::string_view error);

std::vector<StoredEvent> list_events(Database& service, const EventFilter& filter);
std::optional<StoredEvent> find_event(Database& service, std::string_view id);
// Empty where it was forgotten.
std::string body_of(Database& service, std::string_view id);
// Opens it again; false where there is none whose body is kept.
bool reopen_event(Database& service, std::string_view id);
// How many bodies of applied events, at most `limit`.
std::int64_t forget_bodies(Database& service, std::int64_t older_than_days, std::int64_t limit);

}  // namespace calixo::billing
