// A Supabase project's database as an import reads it: the schema auth, and profiles where the
// project has them. Read only; whatever version of Supabase laid it out. Blocks; used by one
// thread.
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

typedef struct pg_conn PGconn;

namespace calixo::auth {

// What went wrong, for the operator; never a password.
class SourceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class SupabaseSource {
 public:
  // url: whatever libpq takes. Throws SourceError where it can't be reached or is no Supabase.
  explicit SupabaseSource(const std::string& url);

  std::int64_t user_count();

  // The users after this id, by id: {"user": row of auth.users, "identities": [rows],
  // "profile": row or null, "factors": how many are verified}.
  std::vector<Json> users_after(const std::string& id, std::int64_t count_max);

 private:
  struct Closer {
    void operator()(PGconn* connection) const;
  };

  std::vector<std::string> column(const std::string& sql,
                                  const std::vector<std::string>& parameters = {});
  void require_layout();

  std::unique_ptr<PGconn, Closer> connection_;
  std::string profile_key_;  // the column of public.profiles that holds the user's id; empty: none
};

}  // namespace calixo::auth
