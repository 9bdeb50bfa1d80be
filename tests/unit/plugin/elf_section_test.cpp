// The section reader on files that mean harm.
#include "plugin/elf_section.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "plugin/manifest.hpp"

namespace calixo::host {
namespace {

using testing::HasSubstr;

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class ElfSection : public testing::Test {
 protected:
  ~ElfSection() override { std::filesystem::remove(file); }

  std::optional<std::string> read(const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return read_elf_section(file, kManifestSection, kManifestBytesMax);
  }
  std::string reason(const std::string& bytes) {
    try {
      return read(bytes) ? "it was read" : "it has none";
    } catch (const ElfError& error) {
      return error.what();
    }
  }

  const std::string whole = bytes_of(std::string(CALIXO_FIXTURES) + "/libplain.so");
  const std::string file = testing::TempDir() + "/elf_" + std::to_string(::getpid());
};

TEST_F(ElfSection, IsReadWholly) {
  const auto text = read(whole);
  ASSERT_TRUE(text);
  EXPECT_EQ(parse_manifest(*text).id, "plain");
}

TEST_F(ElfSection, IsAbsentFromALibraryWithoutIt) {
  EXPECT_EQ(reason(bytes_of(std::string(CALIXO_FIXTURES) + "/libbare.so")), "it has none");
}

TEST_F(ElfSection, NamesWhatTheFileIs) {
  EXPECT_THAT(reason(""), HasSubstr("cut short"));
  EXPECT_THAT(reason("no library at all"), HasSubstr("no ELF file"));
  EXPECT_THAT(reason(whole.substr(0, 40)), HasSubstr("cut short"));
  EXPECT_THAT(reason(whole.substr(0, whole.size() - 1)), HasSubstr("cut short"));
  std::string changed = whole;
  changed[4] = 1;  // ELFCLASS32
  EXPECT_THAT(reason(changed), HasSubstr("another kind of machine"));
  changed = whole;
  changed[16] = 1;  // ET_REL
  EXPECT_THAT(reason(changed), HasSubstr("no shared library"));
  EXPECT_THROW(read_elf_section("/nowhere/at/all.so", "x", 1), ElfError);
  EXPECT_THROW(read_elf_section(testing::TempDir(), "x", 1), ElfError);
  EXPECT_THROW(read_elf_section("/dev/zero", "x", 1), ElfError);
}

TEST_F(ElfSection, IsRefusedBeyondItsLimit) {
  read(whole);
  EXPECT_THROW(read_elf_section(file, kManifestSection, 10), ElfError);
}

TEST_F(ElfSection, AnswersAnyBytesByAValueOrAnError) {
  const unsigned seed = std::random_device()();
  std::mt19937_64 random(seed);
  std::uint64_t sections = 0;  // where the table of sections is
  std::memcpy(&sections, whole.data() + 40, sizeof sections);
  for (int round = 0; round < 1500; ++round) {
    std::string changed = whole;
    for (int change = 0; change < 2; ++change) {
      const bool in_header = random() % 3 == 0;
      const std::size_t span = in_header ? 64 : whole.size() - sections;
      const std::size_t at = (in_header ? 0 : sections) + random() % span;
      const std::uint64_t value =
          random() % 2 == 0 ? ~std::uint64_t{0} >> (random() % 64) : random();
      std::memcpy(changed.data() + at, &value, std::min(sizeof value, changed.size() - at));
    }
    if (round % 10 == 0) changed.resize(random() % changed.size());
    const std::string said = reason(changed);
    EXPECT_FALSE(said.empty()) << "seed " << seed << " round " << round;
  }
}

}  // namespace
}  // namespace calixo::host
