#include "provider_settings.hpp"

#include <array>
#include <stdexcept>

#include "redirects.hpp"

namespace calixo::auth {
namespace {

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

bool is_safe_url(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(host)) continue;
    const std::string_view rest = url.substr(host.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') return true;
  }
  return false;
}

ProviderSettings::ProviderSettings(Plugin& plugin)
    : github_api_url_(plugin.key<std::string>("auth.oauth.github.api_url", "https://api.github.com")
                          .max(512)
                          .describe("Base of GitHub's API; of an own GitHub Enterprise: its "
                                    "address with /api/v3")
                          .setting()) {
  constexpr std::array<Preset, 4> kPresets{{
      {"google", "https://accounts.google.com", "openid email profile"},
      {"github", "https://github.com", "read:user user:email"},
      {"apple", "https://appleid.apple.com", "openid email name"},
      {"oidc", "", "openid email profile"},
  }};
  for (const Preset& preset : kPresets) providers_.push_back(keys_of(plugin, preset));
}

ProviderSettings::Keys ProviderSettings::keys_of(Plugin& plugin, const Preset& preset) {
  const std::string name(preset.name);
  const std::string key = "auth.oauth." + name + ".";
  const std::string secret_note =
      name == "apple" ? "; Apple's is a JWT that its owner signs and renews" : "";
  return {
      name,
      plugin.key<bool>(key + "enabled", false)
          .describe("Whether people may sign in with " + name +
                    ", which has to be told of http.public_url with /auth/v1/callback")
          .setting(),
      plugin.key<std::string>(key + "issuer", std::string(preset.issuer))
          .max(512)
          .describe("Address that the provider calls itself; what it can do is read below it")
          .setting(),
      plugin.key<std::string>(key + "client_id")
          .max(1024)
          .describe("What the provider calls this server; further ones, comma-separated, are "
                    "applications whose ID tokens are taken as well")
          .setting(),
      plugin.key<std::string>(key + "client_secret")
          .max(4096)
          .describe("What this server proves itself with to the provider" + secret_note)
          .secret()
          .setting(),
      plugin.key<std::string>(key + "scopes", std::string(preset.scopes))
          .max(512)
          .describe("What the provider is asked for, separated by blanks")
          .setting(),
  };
}

Provider ProviderSettings::made_of(const Keys& keys) const {
  return {keys.name,
          keys.name != "github",
          without_slash(keys.issuer.get()),
          without_slash(github_api_url_.get()),
          comma_separated(keys.client_id.get()),
          keys.client_secret.get(),
          keys.scopes.get()};
}

std::optional<Provider> ProviderSettings::find(std::string_view name) const {
  for (const Keys& keys : providers_) {
    if (keys.name == name && keys.enabled.get()) return made_of(keys);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, bool>> ProviderSettings::all() const {
  std::vector<std::pair<std::string, bool>> named;
  for (const Keys& keys : providers_) named.emplace_back(keys.name, keys.enabled.get());
  return named;
}

void ProviderSettings::check() const {
  for (const Keys& keys : providers_) {
    if (!keys.enabled.get()) continue;
    const Provider provider = made_of(keys);
    const std::string key = "auth.oauth." + keys.name + ".";
    if (provider.client_ids.empty()) {
      throw std::runtime_error(key + "client_id is empty, but " + key + "enabled is true");
    }
    if (!is_safe_url(provider.issuer)) {
      throw std::runtime_error(key + "issuer has to begin with https://, or be on this machine");
    }
    if (!provider.is_oidc && !is_safe_url(provider.api_url)) {
      throw std::runtime_error(key + "api_url has to begin with https://, or be on this machine");
    }
  }
}

}  // namespace calixo::auth
