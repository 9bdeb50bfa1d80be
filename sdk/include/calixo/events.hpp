// Events: what happened in one plugin, told to others after the commit, at least once, in order for
// each key.
//
//   struct Completed { Uuid user_id; std::int64_t challenge_id; };
//   BOOST_DESCRIBE_STRUCT(Completed, (), (user_id, challenge_id))
//
//   auto completed = plugin.event<Completed>("challenge.completed");      // in the one
//   completed.publish(tx, key, {user_id, challenge_id});
//
//   plugin.on<Completed>("challenge.completed", "pay_reward", &pay);       // in the other
//   void pay(calixo::EventContext& event, const Completed& completed);
#pragma once

#include <calixo/detail/work_records.hpp>
#include <calixo/json.hpp>
#include <calixo/transaction.hpp>
#include <calixo/work_context.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace calixo {

// One event on its way to one subscriber. Views live as long as the delivery.
class EventContext : public WorkContext {
 public:
  // Made by the SDK, one an attempt.
  EventContext(const detail::Host& host, calixo_tx* tx, const calixo_event& event)
      : WorkContext(host, tx, event.attempt), event_(event) {}

  std::int64_t event_id() const { return event_.id; }  // the same at every attempt
  // Its name.
  std::string_view topic() const { return detail::view(event_.topic); }
  // What orders it among others; or empty.
  std::string_view key() const { return detail::view(event_.key); }
  // By the database's clock.
  Timestamp published_at() const { return {event_.published_at_us}; }

 private:
  const calixo_event& event_;
};

// A topic that this plugin publishes on. A small value: copy it.
template <detail::Bindable Payload>
class Topic {
 public:
  Topic() = default;
  // Made by Plugin::event().
  explicit Topic(const detail::TopicRecord& record) : record_(&record) {}

  // With the commit of tx, or never. Events of one key come in the order of their commits; an empty
  // key promises no order. Throws DbError (the transaction can then only be rolled back) and
  // HostFailure: CALIXO_LIMIT where the payload is too long. [fiber, suspends]
  void publish(const Transaction& tx, std::string_view key, const Payload& payload) const {
    send(tx.handle(), key, payload);
  }
  // With the attempt's success, where it is one transaction; else at once.
  void publish(const WorkContext& attempt, std::string_view key, const Payload& payload) const {
    send(attempt.handle(), key, payload);
  }
  // At once, in a transaction of its own.
  void publish(std::string_view key, const Payload& payload) const { send(nullptr, key, payload); }

 private:
  void send(calixo_tx* tx, std::string_view key, const Payload& payload) const {
    if (record_ == nullptr) throw std::logic_error("a Topic that belongs to no plugin");
    detail::publish(*record_->host, tx, record_->name, key, to_json(payload));
  }
  const detail::TopicRecord* record_ = nullptr;
};

// What is said of a subscription beside its handler. [startup]
class SubscriptionBuilder {
 public:
  // Made by Plugin::on().
  explicit SubscriptionBuilder(detail::SubscriptionRecord& record) : record_(&record) {}

  // Attempts before it becomes a dead letter; events.attempts_max where it is not said.
  SubscriptionBuilder& attempts_max(std::uint32_t attempts) {
    record_->attempts_max = attempts;
    return *this;
  }
  // Time for one attempt; events.timeout_ms where it is not said.
  SubscriptionBuilder& timeout(std::chrono::milliseconds limit) {
    record_->timeout_ms = static_cast<std::uint32_t>(limit.count());
    return *this;
  }
  // For handlers that call other systems: a delivery is then no transaction, holds no connection,
  // and may be repeated after it had succeeded.
  SubscriptionBuilder& outside_transaction() {
    record_->flags &= ~static_cast<std::uint32_t>(CALIXO_SUBSCRIPTION_IN_TRANSACTION);
    return *this;
  }

 private:
  detail::SubscriptionRecord* record_;
};

namespace detail {

inline calixo_status SubscriptionRecord::deliver(void* user, const calixo_event* event,
                                                 calixo_tx* tx, char* error,
                                                 std::size_t error_size) {
  auto& subscription = *static_cast<SubscriptionRecord*>(user);
  return guarded_attempt(error, error_size, [&] {
    EventContext context(*subscription.host, tx, *event);
    subscription.handle(context, view(event->payload));
  });
}

// Reads the payload, then calls the handler.
template <class Payload, class Handler>
auto reading_event(Handler handler) {
  return [handler = std::move(handler)](EventContext& context, std::string_view json) mutable {
    handler(context, read_payload<Payload>(json));
  };
}

}  // namespace detail
}  // namespace calixo
