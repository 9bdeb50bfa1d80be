// How topics, subscriptions, jobs and signals are registered: the startup half of calixo.events/1,
// calixo.jobs/1 and calixo.signals/1, which calixo-manifest shows a plugin as well.
#pragma once

#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/signals.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace calixo::host {

// All [startup], from describe.
calixo_status declare_topic(const calixo_host* host, const calixo_topic* wanted);
calixo_status subscribe(const calixo_host* host, const calixo_subscription* wanted);
calixo_status declare_job(const calixo_host* host, const calixo_job* wanted);
calixo_status declare_signal(const calixo_host* host, const calixo_signal* wanted);

// nullptr: none has this name.
template <class Registered>
const Registered* find_by_name(const std::vector<Registered>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace calixo::host
