// GET /api/user/export and DELETE /api/user: every plugin that holds something about a person has
// its part in both (calixo.personal_data/1), in one transaction.
#pragma once

#include <calixo/abi/personal_data.h>
#include <calixo/plugin.hpp>

#include <string>
#include <string_view>

#include "mail/mail_job.hpp"

namespace calixo::auth {

class PersonalDataService {
 public:
  // mails: whose files of mails are erased as well.
  PersonalDataService(Plugin& plugin, const MailJob& mails);

  // {"user_id", "exported_at", "data": {<part>: {…}}}, as of one moment. Problem 503 unavailable
  // where a part can't be told. [fiber, suspends]
  std::string export_json(std::string_view user_id);

  // Erases the account and all that plugins hold, with the commit of tx. False where there is no
  // such account. Problem 503 unavailable: tx can only be rolled back. [fiber, suspends]
  bool erase(Transaction& tx, std::string_view user_id) const;

 private:
  Plugin& plugin_;
};

}  // namespace calixo::auth
