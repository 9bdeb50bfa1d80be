// What a mail says: the built-in texts in Spanish and English, an operator's own in their place,
// and the values that are put into either.
#pragma once

#include <string>
#include <string_view>

namespace calixo::auth {

// A mail's three parts, before or after its values are put in.
struct MailText {
  std::string subject;
  std::string text;
  std::string html;
};

// What stands for {{link}}, {{code}}, {{email}}, {{new_email}} and {{site_url}}.
struct MailValues {
  std::string link;  // empty where the mail has a code alone
  std::string code;
  std::string email;
  std::string new_email;  // of a change of address
  std::string site_url;
};

// purpose: signup, invite, magiclink, recovery, email_change or reauthentication. language: "es" or
// "en". Throws std::logic_error for another purpose. [any-thread]
MailText built_in_text(std::string_view purpose, std::string_view language);

// The same with each part that stands in the folder as <purpose>.<language>.{subject,txt,html};
// empty: there is none. Throws std::runtime_error where such a file can't be read. [blocks]
MailText text_of(const std::string& folder, std::string_view purpose, std::string_view language);

// Values are put in once: what looks like a placeholder within one stays as it is. In the HTML part
// they are escaped; the subject becomes one line. [any-thread]
MailText with_values(const MailText& text, const MailValues& values);

}  // namespace calixo::auth
