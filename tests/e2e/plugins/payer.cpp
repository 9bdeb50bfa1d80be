// A plugin that pays and takes through the wallet, as features that reward or sell do.
#include <calixo/plugin.hpp>
#include <calixo/wallet.hpp>

#include <string>
#include <vector>

namespace {

struct Wanted {
  std::string user_id;
  std::int64_t amount = 1;
  std::string reason = "challenge";
  std::string source = "attempt:1";
  std::int64_t hold_id = 0;
  bool rolls_back = false;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (user_id, amount, reason, source, hold_id, rolls_back))

struct Payments {
  std::vector<Wanted> payments;
};
BOOST_DESCRIBE_STRUCT(Payments, (), (payments))

struct Answer {
  std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (value))

class Payer {
 public:
  explicit Payer(calixo::Plugin& plugin) : wallet_(plugin, calixo::Need::required) {
    add(plugin, "credit", [this](calixo::Transaction& tx, const Wanted& wanted) -> std::int64_t {
      wallet_.credit(tx, movement(wanted));
      return wallet_.balance(tx, wanted.user_id);
    });
    // Nothing follows in the transaction: what waits goes with the commit.
    add(plugin, "credit-last", [this](calixo::Transaction& tx, const Wanted& wanted) {
      wallet_.credit(tx, movement(wanted));
      return std::int64_t{0};
    });
    plugin.post("/probe/wallet/credit-each",
                [this](calixo::Context& context, const Payments& wanted) {
                  context.transaction([&](calixo::Transaction& tx) {
                    for (const Wanted& one : wanted.payments) wallet_.credit(tx, movement(one));
                  });
                  return Answer{static_cast<std::int64_t>(wanted.payments.size())};
                });
    add(plugin, "debit", [this](calixo::Transaction& tx, const Wanted& wanted) {
      return wallet_.debit(tx, movement(wanted));
    });
    add(plugin, "hold", [this](calixo::Transaction& tx, const Wanted& wanted) {
      return wallet_.hold(tx, movement(wanted));
    });
    add(plugin, "capture", [this](calixo::Transaction& tx, const Wanted& wanted) {
      wallet_.capture(tx, wanted.hold_id);
      return std::int64_t{0};
    });
    add(plugin, "release", [this](calixo::Transaction& tx, const Wanted& wanted) {
      wallet_.release(tx, wanted.hold_id);
      return std::int64_t{0};
    });
    add(plugin, "take-back", [this](calixo::Transaction& tx, const Wanted& wanted) {
      return wallet_.take_back(tx, movement(wanted));
    });
    add(plugin, "balance", [this](calixo::Transaction& tx, const Wanted& wanted) {
      return wallet_.balance(tx, wanted.user_id);
    });
  }

 private:
  static calixo::Movement movement(const Wanted& wanted) {
    return {.user_id = wanted.user_id,
            .amount = wanted.amount,
            .reason = wanted.reason,
            .source = wanted.source};
  }

  // A refusal that the wallet names by a status alone is told as 409 status_N.
  template <class Call>
  static void add(calixo::Plugin& plugin, const std::string& word, Call call) {
    plugin.post("/probe/wallet/" + word, [call](calixo::Context& context, const Wanted& wanted) {
      try {
        return context.transaction([&](calixo::Transaction& tx) {
          const Answer answer{call(tx, wanted)};
          if (wanted.rolls_back) throw calixo::conflict("rolled_back");
          return answer;
        });
      } catch (const calixo::HostFailure& failure) {
        throw calixo::conflict("status_" + std::to_string(failure.status()));
      }
    });
  }

  calixo::Wallet wallet_;
};

}  // namespace

CALIXO_PLUGIN("probe_payer", "1.0.0", plugin) { plugin.own<Payer>(plugin); }
