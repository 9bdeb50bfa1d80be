#include <gmock/gmock.h>

#include <calixo/signals.hpp>
#include <calixo/testing/fake_host.hpp>

#include <optional>

namespace calixo {
namespace {

using testing::FakeHost;

TEST(Signals, AreHeardAndSentWithTheTransaction) {
  FakeHost host;
  std::optional<Signal> changes;
  int heard = 0;
  host.load([&](Plugin& plugin) { changes.emplace(plugin, "changes", [&] { ++heard; }); });
  host.hear("changes");
  EXPECT_EQ(heard, 1);
  changes->send();
  host.plugin().service_transaction([&](Transaction& tx) { changes->send(tx); });
  ASSERT_EQ(host.work.sent.size(), 2u);
  EXPECT_FALSE(host.work.sent[0].is_in_transaction);
  EXPECT_TRUE(host.work.sent[1].is_in_transaction);
  const auto failing = [&](Transaction& tx) {
    changes->send(tx);
    throw std::runtime_error("no");
  };
  EXPECT_THROW(host.plugin().service_transaction(failing), std::runtime_error);
  EXPECT_EQ(host.work.sent.size(), 2u);
}

TEST(Signals, WhatTheirHearerThrowsIsLogged) {
  FakeHost host;
  std::optional<Signal> changes;
  host.load([&](Plugin& plugin) {
    changes.emplace(plugin, "changes", [] { throw std::runtime_error("no table"); });
  });
  host.hear("changes");
  EXPECT_TRUE(host.has_logged("signal not heard"));
}

TEST(Signals, ThatTheHostRefusesStopTheStart) {
  FakeHost host;
  host.registry_status = CALIXO_INVALID;
  EXPECT_THROW(host.load([](Plugin& plugin) { const Signal refused(plugin, "Not A Name", [] {}); }),
               std::runtime_error);
}

}  // namespace
}  // namespace calixo
