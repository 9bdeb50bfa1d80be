#include "plugin/library_file.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "plugin/plugin_manager.hpp"

namespace calixo::host {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSound = CALIXO_FIXTURES "/libplain.so";

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A folder of its own for each test.
class LibraryFile : public testing::Test {
 protected:
  LibraryFile() { std::filesystem::create_directories(folder_); }
  ~LibraryFile() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string written(const std::string& bytes) const {
    const std::string file = path("libtried.so");
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return file;
  }
  // The sound library with its header changed.
  template <class Change>
  std::string changed(Change change) const {
    std::string bytes = bytes_of(kSound);
    change(*reinterpret_cast<Elf64_Ehdr*>(bytes.data()));
    return written(bytes);
  }
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  ("library_file_" + std::to_string(::getpid()) + "_" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(LibraryFile, TakesAWholeLibrary) { EXPECT_THAT(library_file_fault(kSound), IsEmpty()); }

TEST_F(LibraryFile, RefusesEveryShorterLength) {
  const std::string whole = bytes_of(kSound);
  for (std::size_t size = 0; size < whole.size(); size += size < 256 ? 1 : 61) {
    const std::string fault = library_file_fault(written(whole.substr(0, size)));
    ASSERT_THAT(fault, AllOf(HasSubstr(size == 0 ? "is empty" : "is cut short"),
                             HasSubstr("install it again")))
        << size << " of " << whole.size() << " bytes";
  }
  EXPECT_THAT(library_file_fault(written(whole.substr(0, whole.size() - 1))),
              HasSubstr("is cut short"));
}

TEST_F(LibraryFile, NamesTheMachineOfAForeignLibrary) {
  EXPECT_THAT(library_file_fault(changed([](auto& header) {
                header.e_machine = header.e_machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
              })),
              AllOf(HasSubstr("is built for "), HasSubstr("this server runs on"),
                    HasSubstr("install the plugin's build for")));
  EXPECT_THAT(library_file_fault(changed([](auto& header) {
                header.e_ident[EI_CLASS] = ELFCLASS32;
                header.e_machine = EM_386;
              })),
              HasSubstr("is a 32-bit library (i386)"));
  EXPECT_THAT(
      library_file_fault(changed([](auto& header) { header.e_ident[EI_DATA] = ELFDATA2MSB; })),
      HasSubstr("big-endian"));
}

TEST_F(LibraryFile, NamesWhatIsNoSharedLibrary) {
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_type = ET_REL; })),
              HasSubstr("an object file"));
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_type = ET_EXEC; })),
              HasSubstr("a program"));
  EXPECT_THAT(library_file_fault(written("#!/bin/sh\nexit 0\n")), HasSubstr("is a script"));
  EXPECT_THAT(library_file_fault(written("no library")), HasSubstr("does not begin as an ELF"));
}

TEST_F(LibraryFile, RefusesTablesThatPointOutOfTheFile) {
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_phoff = UINT64_MAX - 8; })),
              HasSubstr("is cut short"));
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_shoff = UINT64_MAX; })),
              HasSubstr("is cut short"));
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_phnum = 0xfffe; })),
              HasSubstr("is cut short"));
  EXPECT_THAT(library_file_fault(changed([](auto& header) { header.e_phentsize = 1; })),
              HasSubstr("is damaged"));
}

TEST_F(LibraryFile, WaitsForNoKindOfFile) {
  ASSERT_EQ(::mkfifo(path("fifo.so").c_str(), 0600), 0);
  EXPECT_THAT(library_file_fault(path("fifo.so")), HasSubstr("is a named pipe"));
  std::filesystem::create_directory(path("folder.so"));
  EXPECT_THAT(library_file_fault(path("folder.so")), HasSubstr("is a folder"));
  EXPECT_THAT(library_file_fault("/dev/zero"), HasSubstr("is a device"));
  std::filesystem::create_symlink("nowhere", path("link.so"));
  EXPECT_THAT(library_file_fault(path("link.so")), HasSubstr("is a link to nothing"));
}

TEST_F(LibraryFile, NamesTheRightThatIsMissing) {
  const std::string file = written(bytes_of(kSound));
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  if (::geteuid() == 0) {  // nothing is unreadable to root: as nobody, it is
    ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const std::string fault = library_file_fault(file);
  ASSERT_EQ(::seteuid(::getuid()), 0);
  EXPECT_THAT(fault, AllOf(HasSubstr("Permission denied"), HasSubstr("read access")));
}

// Bytes changed at random: whatever the answer is, it comes. Only what the check lets through
// reaches the loader, and that is not tried here: code that was tampered with is code.
TEST_F(LibraryFile, AnswersForAnyHeader) {
  const std::string sound = bytes_of(kSound);
  std::uint32_t state = 2463534242;
  const auto next = [&state] {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
  };
  for (int round = 0; round < 500; ++round) {
    std::string bytes = sound;
    for (std::uint32_t changes = next() % 8 + 1; changes > 0; --changes) {
      bytes[next() % 1024] = static_cast<char>(next());
    }
    (void)library_file_fault(written(bytes));
  }
}

TEST_F(LibraryFile, KeepsACutFileFromTheLoader) {
  HostContext context;
  PluginManager manager{context};
  const std::string whole = bytes_of(kSound);
  const std::string file = written(whole.substr(0, whole.size() / 2));
  manager.load({file}, "");
  EXPECT_THAT(manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("plugin tried: " + file), HasSubstr("is cut short"))));
}

}  // namespace
}  // namespace calixo::host
