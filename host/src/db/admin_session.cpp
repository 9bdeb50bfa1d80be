#include "db/admin_session.hpp"

#include <libpq-fe.h>

#include <charconv>

#include "log/log.hpp"

namespace calixo::host {
namespace {

void note(void*, const PGresult* result) {
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (text != nullptr) log::debug("database notice", {{"message", text}});
}

std::string trimmed(const char* text) {
  std::string line = text == nullptr ? "" : text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

ResultSet checked(PGconn* connection, PGresult* result) {
  ResultSet owned(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) {
    return owned;
  }
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  std::string message = text != nullptr ? text : trimmed(PQerrorMessage(connection));
  if (!owned.detail().empty()) message += " (" + std::string(owned.detail()) + ")";
  std::optional<std::size_t> position;
  if (const char* at = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)) {
    std::size_t number = 0;
    const std::string_view digits(at);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number > 0) position = number;
  }
  throw AdminError(message, std::string(owned.sqlstate()), position);
}

}  // namespace

AdminSession::AdminSession(const std::string& url) {
  const char* const keywords[] = {"dbname", "client_encoding", "fallback_application_name",
                                  nullptr};
  const char* const values[] = {url.c_str(), "UTF8", "calixo migrate", nullptr};
  connection_ = PQconnectdbParams(keywords, values, 1);
  if (PQstatus(connection_) != CONNECTION_OK) {
    const std::string reason = trimmed(PQerrorMessage(connection_));
    PQfinish(connection_);
    throw AdminError("can't reach the database: " + reason, "", std::nullopt);
  }
  PQsetNoticeReceiver(connection_, &note, nullptr);
}

AdminSession::~AdminSession() { PQfinish(connection_); }

void AdminSession::execute(const std::string& sql) {
  checked(connection_, PQexec(connection_, sql.c_str()));
}

ResultSet AdminSession::query(const std::string& sql, const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  return checked(connection_,
                 PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr,
                              values.data(), nullptr, nullptr, 0));
}

void AdminSession::abandon() noexcept {
  if (PQtransactionStatus(connection_) != PQTRANS_IDLE) PQclear(PQexec(connection_, "rollback"));
}

bool AdminSession::is_in_transaction() const {
  return PQtransactionStatus(connection_) == PQTRANS_INTRANS;
}

std::string AdminSession::quote_identifier(std::string_view name) const {
  char* quoted = PQescapeIdentifier(connection_, name.data(), name.size());
  std::string text = quoted == nullptr ? std::string() : quoted;
  PQfreemem(quoted);
  return text;
}

}  // namespace calixo::host
