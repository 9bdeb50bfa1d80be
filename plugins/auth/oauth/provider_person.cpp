#include "provider_person.hpp"

#include <boost/json/parse.hpp>

#include "account.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t kUserBytesMax = 4096;
constexpr std::size_t kNamePartBytesMax = 99;

// A text that can be stored and shown, or none.
std::string short_text(const json::object& of, std::string_view name, std::size_t bytes_max) {
  const json::value* value = of.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return {};
  std::string text(value->get_string().data(), value->get_string().size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return {};
  }
  return text.size() <= bytes_max ? text : std::string();
}

// Apple writes it as a text.
bool is_true(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) return false;
  return value->is_bool() ? value->get_bool() : value->is_string() && *value == "true";
}

}  // namespace

ProviderPerson person_of_claims(const std::string& provider, const json::object& claims) {
  ProviderPerson person;
  person.provider = provider;
  person.subject = short_text(claims, "sub", 255);
  person.email = normal_email(short_text(claims, "email", 254));
  person.is_email_verified = person.email && is_true(claims, "email_verified");
  person.name = short_text(claims, "name", 200);
  person.avatar_url = short_text(claims, "picture", 1000);
  return person;
}

std::string name_of_first_visit(std::string_view user_json) {
  if (user_json.size() > kUserBytesMax) return {};
  json::error_code error;
  const json::value user = json::parse(user_json, error);
  if (error || !user.is_object()) return {};
  const json::value* name = user.get_object().if_contains("name");
  if (name == nullptr || !name->is_object()) return {};
  const std::string first = short_text(name->get_object(), "firstName", kNamePartBytesMax);
  const std::string last = short_text(name->get_object(), "lastName", kNamePartBytesMax);
  return first.empty() || last.empty() ? first + last : first + " " + last;
}

json::object identity_data_of(const ProviderPerson& person, const std::string& issuer) {
  json::object data{{"sub", person.subject},
                    {"provider_id", person.subject},
                    {"iss", issuer},
                    {"email_verified", person.is_email_verified},
                    {"phone_verified", false}};
  if (person.email) data["email"] = *person.email;
  if (!person.name.empty()) data["name"] = data["full_name"] = person.name;
  if (!person.avatar_url.empty()) data["picture"] = data["avatar_url"] = person.avatar_url;
  return data;
}

}  // namespace calixo::auth
