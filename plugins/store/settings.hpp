// The keys of the store plugin.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>

namespace calixo::store {

struct Settings {
  explicit Settings(Plugin& plugin)
      : price_max(plugin.key<std::int64_t>("store.price_max", 100'000)
                      .min(1)
                      .max(1'000'000'000)
                      .describe("Highest price that an administrator may give an item")
                      .runtime()),
        adjustment_max(plugin.key<std::int64_t>("store.adjustment_max", 100'000)
                           .min(1)
                           .max(1'000'000'000)
                           .describe("Most that an administrator may pay or take by one adjustment")
                           .runtime()),
        purchases_per_minute_max(
            plugin.key<std::int64_t>("store.purchases_per_minute_max", 60)
                .min(1)
                .max(10'000)
                .describe("How many purchases and gifts one person may make within a minute")
                .runtime()
                .is_public()) {}

  Setting<std::int64_t> price_max;
  Setting<std::int64_t> adjustment_max;
  Setting<std::int64_t> purchases_per_minute_max;
};

}  // namespace calixo::store
