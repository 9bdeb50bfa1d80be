// What calixo_add_plugin builds: one exported symbol, migrations byte for byte.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

#include <fstream>
#include <iterator>

namespace calixo::test {
namespace {

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

class AddPlugin : public ::testing::Test {
 protected:
  // Never closed, as in the host: its functions are the plugin's.
  void* library = dlopen(EMBEDDING_LIBRARY, RTLD_NOW | RTLD_LOCAL);
};

TEST_F(AddPlugin, EmbedsMigrationsByteForByte) {
  ASSERT_NE(library, nullptr) << dlerror();
  const auto entry = reinterpret_cast<calixo_entry_fn>(dlsym(library, CALIXO_ENTRY_SYMBOL));
  ASSERT_NE(entry, nullptr);
  testing::FakeHost host;
  host.load(entry());
  ASSERT_EQ(host.migrations.size(), 2u);
  EXPECT_EQ(host.migrations[0].first, 1u);
  EXPECT_EQ(host.migrations[0].second, bytes_of(EMBEDDING_FOLDER "/0001_odd_bytes.sql"));
  EXPECT_EQ(host.migrations[1].first, 2u);
  EXPECT_EQ(host.migrations[1].second, "");
}

TEST_F(AddPlugin, ExportsNothingButTheEntry) {
  ASSERT_NE(library, nullptr) << dlerror();
  EXPECT_EQ(dlsym(library, "calixo_embedded_migrations"), nullptr);
}

}  // namespace
}  // namespace calixo::test
