#include "app/validate/exported_symbols.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace calixo::host {
namespace {

// An ELF file that is always there.
std::string own_bytes() {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

class ExportedSymbols : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    const std::filesystem::path file = testing::TempDir() + "/exported_symbols_test.so";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return file;
  }
};

TEST_F(ExportedSymbols, AFileThatIsNoLibraryIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("#!/bin/sh\n"), std::string(64, '\0'),
                                   std::string("\x7f"
                                               "ELF")}) {
    EXPECT_THROW(exported_symbols(write(bytes)), std::runtime_error);
  }
  EXPECT_THROW(exported_symbols("/nowhere"), std::runtime_error);
}

TEST_F(ExportedSymbols, ADamagedFileIsReadWithinItsBounds) {
  const std::string whole = own_bytes();
  std::mt19937 random(7);
  // The headers, at both ends of the file, damaged one byte at a time; refused or read, no more.
  const std::size_t ends = 8192;
  for (int i = 0; i < 300; ++i) {
    std::string head = whole.substr(0, ends) + whole.substr(whole.size() - ends);
    head[random() % 64] = static_cast<char>(random());
    try {
      exported_symbols(write(head));
    } catch (const std::runtime_error&) {
    }
  }
}

}  // namespace
}  // namespace calixo::host
