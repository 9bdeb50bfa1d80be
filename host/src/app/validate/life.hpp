// One life of the plugin under validation, on the real host: load and describe with the first line,
// the rest as the check goes. Many may follow each other in one process. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "app/engine.hpp"
#include "app/validate/check.hpp"

namespace calixo::host {

// The command's configuration with the plugins and the database of a check.
Sources sources_of_check(const CheckInput& input);

class Life {
 public:
  // Opens the library and those beside it, describes and resolves them.
  explicit Life(const CheckInput& input);
  ~Life();

  // Why the plugin can't be used so far; empty: it can.
  std::string failure() const;
  const PluginInstance& plugin() const;
  Installation& installation() { return installation_; }
  const Installation& installation() const { return installation_; }
  Engine& engine() { return *engine_; }

  // Configures, migrates and starts, with one event loop. Why it can't; empty: it has started.
  std::string start();
  // Drains and stops. Idempotent.
  void stop();

 private:
  const CheckInput& input_;
  Installation installation_;
  std::unique_ptr<Engine> engine_;
};

// Everything the plugin told of itself: two lives are compared by it.
std::string registrations_text(const PluginInstance& plugin);

}  // namespace calixo::host
