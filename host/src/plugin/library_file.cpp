#include "plugin/library_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::host {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kOwnMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kOwnMachine = EM_AARCH64;
#else
#error "the plugin contract is defined for x86_64 and aarch64"
#endif
static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kInstallAgain = "; its copy was interrupted: install it again";
constexpr std::string_view kNameALibrary = "; name a plugin's .so file in plugins.enabled";

std::string machine_text(Elf64_Half machine) {
  static constexpr std::pair<Elf64_Half, const char*> kNames[] = {
      {EM_X86_64, "x86_64"}, {EM_AARCH64, "aarch64"}, {EM_386, "i386"}, {EM_ARM, "arm"},
      {EM_RISCV, "riscv"},   {EM_PPC64, "ppc64"},     {EM_S390, "s390"}};
  for (const auto& [known, name] : kNames) {
    if (known == machine) return name;
  }
  return "machine " + std::to_string(machine);
}

// An open file; closed at the end.
class OpenFile {
 public:
  // Not blocking: a FIFO without a writer opens at once.
  explicit OpenFile(const char* name)
      : descriptor_(::open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }
  bool stat(struct stat& status) const { return ::fstat(descriptor_, &status) == 0; }
  // False where the file does not have so many bytes there.
  bool read(void* into, std::size_t size, std::uint64_t offset) const {
    return ::pread(descriptor_, into, size, static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(size);
  }

 private:
  int descriptor_;
};

std::string unreadable(int error) {
  std::string fault = "can't be read: " + std::string(std::strerror(error));
  if (error == EACCES || error == EPERM) {
    return fault + "; give the server's user (id " + std::to_string(::geteuid()) +
           ") read access to it and its folders";
  }
  if (error == ENOENT) return fault + "; it is a link to nothing: install the plugin again";
  return fault + "; install the plugin again";
}

std::string wrong_kind(mode_t mode) {
  const char* kind = S_ISDIR(mode)    ? "a folder"
                     : S_ISFIFO(mode) ? "a named pipe"
                     : S_ISSOCK(mode) ? "a socket"
                                      : "a device";
  return "is " + std::string(kind) + ", no library" + std::string(kNameALibrary);
}

std::string cut_short(std::uint64_t size, std::uint64_t needed) {
  return "is cut short: " + std::to_string(size) + " bytes of at least " + std::to_string(needed) +
         std::string(kInstallAgain);
}

std::string damaged(std::string_view what) {
  return "is damaged: " + std::string(what) + "; install it again";
}

// The end of a run of bytes; no wrap-around.
std::uint64_t end_of(std::uint64_t offset, std::uint64_t size) {
  return offset > UINT64_MAX - size ? UINT64_MAX : offset + size;
}

std::string fault_of_start(std::string_view start, std::uint64_t size) {
  if (size == 0) return "is empty" + std::string(kInstallAgain);
  if (start.starts_with("#!")) return "is a script, no library" + std::string(kNameALibrary);
  const std::string_view magic(ELFMAG, SELFMAG);
  if (!start.starts_with(magic.substr(0, start.size()))) {
    return "is no library: it does not begin as an ELF file does" + std::string(kNameALibrary);
  }
  if (start.size() < sizeof(Elf64_Ehdr)) return cut_short(size, sizeof(Elf64_Ehdr));
  return {};
}

std::string fault_of_machine(const Elf64_Ehdr& header) {
  const std::string own = machine_text(kOwnMachine);
  const std::string way_out = "; install the plugin's build for " + own;
  if (header.e_ident[EI_DATA] != ELFDATA2LSB) return "is for big-endian machines" + way_out;
  const std::string built_for = machine_text(header.e_machine);
  if (header.e_ident[EI_CLASS] != ELFCLASS64) {
    return "is a 32-bit library (" + built_for + "), this server is 64-bit" + way_out;
  }
  if (header.e_machine != kOwnMachine) {
    return "is built for " + built_for + ", this server runs on " + own + way_out;
  }
  if (header.e_type == ET_DYN) return {};
  const char* kind = header.e_type == ET_EXEC   ? "a program"
                     : header.e_type == ET_REL  ? "an object file"
                     : header.e_type == ET_CORE ? "a core dump"
                                                : "no library";
  return "is " + std::string(kind) + ", not a shared library; link it with -shared";
}

// Whether all that the header tables name lies inside of the file.
std::string fault_of_extent(const OpenFile& file, const Elf64_Ehdr& header, std::uint64_t size) {
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 ||
      header.e_phnum == PN_XNUM) {
    return damaged("its program headers are malformed");
  }
  const std::uint64_t table_bytes = std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
  const std::uint64_t sections_end =
      header.e_shoff == 0
          ? 0
          : end_of(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize);
  std::uint64_t needed = std::max(end_of(header.e_phoff, table_bytes), sections_end);
  if (needed > size) return cut_short(size, needed);
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!file.read(segments.data(), table_bytes, header.e_phoff)) return cut_short(size, needed);
  bool is_dynamic = false;
  bool is_loadable = false;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_NULL) continue;
    needed = std::max(needed, end_of(segment.p_offset, segment.p_filesz));
    is_dynamic |= segment.p_type == PT_DYNAMIC;
    is_loadable |= segment.p_type == PT_LOAD;
    if (segment.p_type == PT_LOAD && segment.p_filesz > segment.p_memsz) {
      return damaged("a segment is larger in the file than in memory");
    }
  }
  if (needed > size) return cut_short(size, needed);
  if (!is_loadable || !is_dynamic) return damaged("it has nothing to load");
  return {};
}

}  // namespace

std::string library_file_fault(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable(errno);
  if (!S_ISREG(status.st_mode)) return wrong_kind(status.st_mode);
  const OpenFile file(path.c_str());
  if (!file.is_open()) return unreadable(errno);
  if (!file.stat(status) || !S_ISREG(status.st_mode)) return wrong_kind(status.st_mode);
  const auto size = static_cast<std::uint64_t>(status.st_size);

  std::array<char, sizeof(Elf64_Ehdr)> start{};
  const std::size_t start_bytes = std::min<std::uint64_t>(size, start.size());
  if (!file.read(start.data(), start_bytes, 0)) return unreadable(EIO);
  if (std::string fault = fault_of_start({start.data(), start_bytes}, size); !fault.empty()) {
    return fault;
  }
  const auto header = std::bit_cast<Elf64_Ehdr>(start);
  if (std::string fault = fault_of_machine(header); !fault.empty()) return fault;
  return fault_of_extent(file, header, size);
}

}  // namespace calixo::host
