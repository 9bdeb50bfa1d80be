// A plugin's part of an export and of an erasure, as the owner of accounts calls it.
#include <calixo/personal_data.hpp>

#include <gmock/gmock.h>

#include <calixo/testing/fake_host.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace calixo {
namespace {

using ::testing::ElementsAre;
using testing::FakeHost;
using ::testing::HasSubstr;

const calixo_str kPerson = detail::to_abi("00000000-0000-4000-8000-000000000001");

void put(void* sink, calixo_str json) {
  static_cast<std::string*>(sink)->assign(json.data, json.size);
}

class PersonalDataPart : public ::testing::Test {
 protected:
  PersonalDataPart() {
    host_.db.on_statement = [this](const testing::Statement& statement) {
      statements_.push_back(statement.sql);
      testing::Answer answer;
      answer.columns = {"rows"};
      answer.rows = {{R"([{"steps": 7}])"}};
      return answer;
    };
  }

  template <class Describe>
  const calixo_personal_data_v1& part(Describe describe) {
    host_.load([&](Plugin& plugin) { describe(plugin.personal_data("walks")); });
    EXPECT_EQ(host_.extensions.front().point, CALIXO_PERSONAL_DATA_ID);
    EXPECT_EQ(host_.extensions.front().name, "walks");
    return *static_cast<const calixo_personal_data_v1*>(host_.extensions.front().table);
  }

  FakeHost host_;
  std::vector<std::string> statements_;
};

TEST_F(PersonalDataPart, ExportsEachQueryUnderItsName) {
  const auto& table = part([](PersonalDataBuilder data) {
    data.table("days", "select steps from days where user_id = $1")
        .table("walks", "select steps from walks where user_id = $1");
  });
  std::string json;
  ASSERT_EQ(table.export_data(table.user, kPerson, nullptr, &put, &json), CALIXO_OK);
  EXPECT_EQ(json, R"({"days":[{"steps": 7}],"walks":[{"steps": 7}]})");
  EXPECT_THAT(statements_, ElementsAre(HasSubstr("from days"), HasSubstr("from walks")));
}

TEST_F(PersonalDataPart, ErasesByStatementsThenHooks) {
  std::string seen;
  const auto& table = part([&](PersonalDataBuilder data) {
    data.erase("update sums set user_id = null where user_id = $1")
        .on_erase([&](Database&, std::string_view user_id) { seen = user_id; });
  });
  ASSERT_EQ(table.erase(table.user, kPerson, nullptr), CALIXO_OK);
  EXPECT_THAT(statements_, ElementsAre(HasSubstr("update sums")));
  EXPECT_EQ(seen, detail::view(kPerson));
}

TEST_F(PersonalDataPart, TellsAFailureAndLetsNoExceptionOut) {
  const auto& table = part([](PersonalDataBuilder data) {
    data.on_erase([](Database&, std::string_view) { throw std::runtime_error("bucket is away"); });
  });
  EXPECT_EQ(table.erase(table.user, kPerson, nullptr), CALIXO_INTERNAL);
}

}  // namespace
}  // namespace calixo
