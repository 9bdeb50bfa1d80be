// Which providers people may sign in with, by configuration: presets for Google, GitHub and Apple,
// and one of the operator's own that speaks OpenID Connect.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

// One provider as it stands at this moment.
struct Provider {
  std::string name;
  bool is_oidc = true;  // else it is GitHub, which speaks OAuth alone
  std::string issuer;
  std::string api_url;                  // GitHub's
  std::vector<std::string> client_ids;  // the first asks; an ID token may be for any
  std::string client_secret;
  std::string scopes;
};

class ProviderSettings {
 public:
  explicit ProviderSettings(Plugin& plugin);

  // Nothing where nobody knows it, or the operator has not enabled it.
  std::optional<Provider> find(std::string_view name) const;
  // Name and whether it is enabled, of all.
  std::vector<std::pair<std::string, bool>> all() const;
  // Throws std::runtime_error naming the key that an enabled provider lacks. [startup]
  void check() const;

 private:
  struct Keys {
    std::string name;
    Setting<bool> enabled;
    Setting<std::string> issuer;
    Setting<std::string> client_id;
    Setting<std::string> client_secret;
    Setting<std::string> scopes;
  };
  struct Preset {
    std::string_view name, issuer, scopes;
  };
  static Keys keys_of(Plugin& plugin, const Preset& preset);
  Provider made_of(const Keys& keys) const;

  std::vector<Keys> providers_;
  Setting<std::string> github_api_url_;
};

// Whether secrets may travel to this URL: TLS, or the machine itself.
bool is_safe_url(std::string_view url);

}  // namespace calixo::auth
