#include "plugin/elf_section.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <vector>

namespace calixo::host {
namespace {

constexpr std::size_t kNameTableBytesMax = 1u << 20;

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif
constexpr unsigned char kByteOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
      const std::string reason = std::generic_category().message(errno);
      close();
      throw ElfError("it can't be read: " + reason);
    }
    if (!S_ISREG(status.st_mode)) {
      close();
      throw ElfError("it is no regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Throws ElfError where the range is not wholly in the file; `what` names it.
  void read(std::uint64_t offset, void* target, std::uint64_t size, const char* what) const {
    if (offset > size_ || size > size_ - offset) {
      throw ElfError(std::string("it is cut short or damaged: ") + what +
                     " lies beyond its end; copy it anew");
    }
    auto* bytes = static_cast<char*>(target);
    while (size > 0) {
      const ssize_t got = ::pread(descriptor_, bytes, size, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw ElfError("it can't be read, or shrank meanwhile");
      bytes += got;
      offset += static_cast<std::uint64_t>(got);
      size -= static_cast<std::uint64_t>(got);
    }
  }

 private:
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  int descriptor_;
  std::uint64_t size_ = 0;
};

Elf64_Ehdr read_header(const File& file) {
  Elf64_Ehdr header{};
  file.read(0, header.e_ident, SELFMAG, "the ELF header");
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    throw ElfError("it is no ELF file, and so no library");
  }
  file.read(0, &header, sizeof header, "the ELF header");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != kByteOrder ||
      header.e_machine != kMachine) {
    throw ElfError("it is built for another kind of machine; install a build for this one");
  }
  if (header.e_type != ET_DYN) throw ElfError("it is no shared library");
  return header;
}

std::vector<Elf64_Shdr> read_section_headers(const File& file, const Elf64_Ehdr& header) {
  if (header.e_shoff == 0 || header.e_shnum == 0) return {};  // stripped of all sections
  if (header.e_shentsize != sizeof(Elf64_Shdr)) {
    throw ElfError("its section headers are of a size that ELF64 does not have");
  }
  std::vector<Elf64_Shdr> sections(header.e_shnum);  // at most 65535
  file.read(header.e_shoff, sections.data(), sections.size() * sizeof(Elf64_Shdr),
            "the table of sections");
  return sections;
}

// The table of names: NUL-terminated texts.
std::string read_names(const File& file, const Elf64_Ehdr& header,
                       const std::vector<Elf64_Shdr>& sections) {
  if (header.e_shstrndx >= sections.size()) throw ElfError("its sections have no names");
  const Elf64_Shdr& table = sections[header.e_shstrndx];
  if (table.sh_type != SHT_STRTAB || table.sh_size > kNameTableBytesMax) {
    throw ElfError("its table of section names is damaged");
  }
  std::string names(table.sh_size, '\0');
  file.read(table.sh_offset, names.data(), names.size(), "the table of section names");
  return names;
}

bool has_name(const std::string& names, std::uint32_t offset, std::string_view wanted) {
  if (offset >= names.size()) return false;
  const std::string_view rest = std::string_view(names).substr(offset);
  return rest.substr(0, rest.find('\0')) == wanted && rest.find('\0') != std::string_view::npos;
}

}  // namespace

std::optional<std::string> read_elf_section(const std::filesystem::path& path,
                                            std::string_view name, std::size_t bytes_max) {
  const File file(path);
  const Elf64_Ehdr header = read_header(file);
  const std::vector<Elf64_Shdr> sections = read_section_headers(file, header);
  if (sections.empty()) return std::nullopt;
  const std::string names = read_names(file, header, sections);
  std::optional<std::string> found;
  for (const Elf64_Shdr& section : sections) {
    if (!has_name(names, section.sh_name, name)) continue;
    if (found) throw ElfError("it has the section " + std::string(name) + " twice");
    if (section.sh_size > bytes_max) {
      throw ElfError("its section " + std::string(name) + " is larger than " +
                     std::to_string(bytes_max) + " bytes");
    }
    if (section.sh_type == SHT_NOBITS) throw ElfError("its section has no bytes");
    found.emplace(section.sh_size, '\0');
    file.read(section.sh_offset, found->data(), found->size(), "the section");
  }
  return found;
}

}  // namespace calixo::host
