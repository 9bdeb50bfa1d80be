// The words of the built-in mails. Values. [any-thread]
#pragma once

#include <string_view>

namespace calixo::auth {

// Of one purpose in one language; {{…}} as in mail_text.hpp. HTML and text share them, so none has
// a character that HTML reserves.
struct MailPhrases {
  std::string_view subject;
  std::string_view reason;  // why it comes
  std::string_view button;  // what the link does; empty: there is no link
};

// Of every mail in one language.
struct SharedPhrases {
  std::string_view code_too;    // before the code, beside a link
  std::string_view code_alone;  // before the code, without one
  std::string_view unasked;     // for those who did not ask for it
};

// Throws std::logic_error for a purpose that no mail has.
const MailPhrases& phrases_of(std::string_view purpose, std::string_view language);
const SharedPhrases& shared_phrases(std::string_view language);

}  // namespace calixo::auth
