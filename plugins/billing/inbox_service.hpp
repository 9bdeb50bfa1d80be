// Stripe's events: stored before they are acknowledged, many in one go where many come, and applied
// by a job, each exactly once.
#pragma once

#include <calixo/gathering.hpp>
#include <calixo/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "facts.hpp"
#include "inbox_store.hpp"
#include "projection_service.hpp"

namespace calixo::billing {

// All that is open.
struct Inbox {};
BOOST_DESCRIBE_STRUCT(Inbox, (), ())

struct EventRef {
  std::string event_id;
};
BOOST_DESCRIBE_STRUCT(EventRef, (), (event_id))

class InboxService {
 public:
  InboxService(Plugin& plugin, const ProjectionService& projection);

  // When it returns the event will be applied, whatever happens; one that is there already is left
  // alone. [fiber, suspends]
  void keep(const Context& context, EventHead head, std::string_view body);
  // Has an event applied once more. False where there is none whose body is kept.
  // [fiber, suspends]
  bool replay(const std::string& event_id) const;

 private:
  void store(const std::vector<Delivery*>& deliveries) const;
  void apply_open(JobContext& job) const;
  void apply_each(JobContext& job, const std::vector<std::string>& event_ids) const;
  void apply(Transaction& tx, const std::vector<OpenEvent>& open) const;

  Plugin& plugin_;
  const ProjectionService& projection_;
  Job<Inbox> apply_open_;
  Job<EventRef> apply_one_;
  Gathering<Delivery> deliveries_;
};

}  // namespace calixo::billing
