// What mails say, and that no value of theirs becomes markup, a header or a placeholder.
#include "mail/mail_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mail/mail_message.hpp"

namespace calixo::auth {
namespace {

using testing::HasSubstr;
using testing::Not;

const MailValues kValues{"https://a.test/verify?token=x&type=signup", "123456", "ana@calixo.test",
                         "eva@calixo.test", "https://calixo.test"};

TEST(MailText, SpeaksBothLanguagesForEveryPurpose) {
  for (const char* purpose :
       {"signup", "invite", "magiclink", "recovery", "email_change", "reauthentication"}) {
    const MailText es = with_values(built_in_text(purpose, "es"), kValues);
    const MailText en = with_values(built_in_text(purpose, "en"), kValues);
    EXPECT_NE(es.subject, en.subject) << purpose;
    for (const MailText& text : {es, en}) {
      EXPECT_THAT(text.subject + text.text + text.html, Not(HasSubstr("{{"))) << purpose;
      EXPECT_THAT(text.text, HasSubstr("123456")) << purpose;
      EXPECT_THAT(text.html, HasSubstr("123456")) << purpose;
    }
  }
  EXPECT_THROW(built_in_text("newsletter", "en"), std::logic_error);
}

TEST(MailText, HasALinkWhereItsPurposeHasOne) {
  EXPECT_THAT(with_values(built_in_text("signup", "en"), kValues).text, HasSubstr(kValues.link));
  EXPECT_THAT(with_values(built_in_text("signup", "en"), kValues).html,
              HasSubstr("href=\"https://a.test/verify?token=x&amp;type=signup\""));
  MailValues without = kValues;
  without.link.clear();
  EXPECT_THAT(with_values(built_in_text("reauthentication", "en"), without).html,
              Not(HasSubstr("href")));
}

TEST(MailText, EscapesValuesInHtmlAndThereAlone) {
  MailValues values = kValues;
  values.site_url = "\"><script>'&";
  const MailText text = with_values({"s", "{{site_url}}", "<a title=\"{{site_url}}\">"}, values);
  EXPECT_EQ(text.text, values.site_url);
  EXPECT_EQ(text.html, "<a title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">");
}

TEST(MailText, KeepsTheSubjectOnOneLine) {
  MailValues values = kValues;
  values.site_url = "x\r\nBcc: all@calixo.test\r\n";
  EXPECT_EQ(with_values({"Hello {{site_url}}\n", "", ""}, values).subject,
            "Hello x  Bcc: all@calixo.test");
}

TEST(MailText, PutsValuesInOnce) {
  MailValues values = kValues;
  values.site_url = "{{code}}";
  EXPECT_EQ(with_values({"", "{{site_url}} {{unknown}} {{ code }} {{code", ""}, values).text,
            "{{code}} {{unknown}} {{ code }} {{code");
}

TEST(MailText, GivesWayToTheOperatorsFiles) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("calixo-mail-text-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "signup.en.subject") << "Welcome, {{email}}\n";
  const MailText text = with_values(text_of(folder.string(), "signup", "en"), kValues);
  EXPECT_EQ(text.subject, "Welcome, ana@calixo.test");
  EXPECT_EQ(text.text, with_values(built_in_text("signup", "en"), kValues).text);
  EXPECT_EQ(text_of(folder.string(), "signup", "es").subject,
            built_in_text("signup", "es").subject);
  std::ofstream(folder / "signup.en.txt") << std::string(300 * 1024, 'x');
  EXPECT_THROW(text_of(folder.string(), "signup", "en"), std::runtime_error);
  std::filesystem::remove_all(folder);
}

TEST(MailMessage, HasBothPartsAndEncodesItsSubject) {
  const std::string text = message_text({"Calixó <noreply@calixo.test>",
                                         "ana@calixo.test",
                                         {"Contraseña", "Hola, ñandú\n", "<p>Hola</p>"}},
                                        "1@calixo.test", MailBody::plain);
  EXPECT_THAT(text, HasSubstr("To: <ana@calixo.test>\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Type: multipart/alternative;"));
  EXPECT_THAT(text, HasSubstr("Message-ID: <1@calixo.test>\r\n"));
  EXPECT_THAT(text, HasSubstr("Hola, ñandú"));
  EXPECT_THAT(text, Not(HasSubstr("Subject: Contraseña")));
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?"));
}

TEST(MailMessage, EndsEveryLineAsMailServersExpect) {
  for (const MailBody body : {MailBody::plain, MailBody::quoted_printable}) {
    const std::string text =
        message_text({"a@calixo.test", "b@calixo.test", {"s", "one\n.\r\ntwo\rthree\n", "<p>\n"}},
                     "1@calixo.test", body);
    EXPECT_THAT(text, HasSubstr("one\r\n.\r\ntwo\r\nthree\r\n"));
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        EXPECT_EQ(text[i - 1], '\r') << i;
      }
    }
  }
}

TEST(MailMessage, TakesNoSenderThatWouldEndItsHeader) {
  EXPECT_EQ(address_within("Calixo <noreply@calixo.test>"), "noreply@calixo.test");
  EXPECT_EQ(address_within("noreply@calixo.test"), "noreply@calixo.test");
  for (const char* from : {"", "Calixo", "Calixo <noreply>", "Calixo <a@calixo.test",
                           "Calixo\r\nBcc: b@calixo.test <a@calixo.test>"}) {
    EXPECT_THROW(address_within(from), std::invalid_argument) << from;
  }
}

}  // namespace
}  // namespace calixo::auth
