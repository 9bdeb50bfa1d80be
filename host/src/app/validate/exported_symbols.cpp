#include "app/validate/exported_symbols.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace calixo::host {
namespace {

[[noreturn]] void refuse(const char* why) { throw std::runtime_error(why); }

// The bytes of a file with every read held to its bounds.
class ElfFile {
 public:
  explicit ElfFile(std::string bytes) : bytes_(std::move(bytes)) {
    header_ = at<Elf64_Ehdr>(0);
    if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) refuse("it is no ELF file");
    if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB) {
      refuse("it is no 64-bit, little-endian library");
    }
    if (header_.e_shentsize != sizeof(Elf64_Shdr)) refuse("its sections are damaged");
  }

  template <class T>
  T at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) refuse("it is cut off");
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  std::uint64_t section_count() const { return header_.e_shnum; }
  Elf64_Shdr section(std::uint64_t index) const {
    if (index >= header_.e_shnum) refuse("it names a section it does not have");
    if (header_.e_shoff > bytes_.size()) refuse("it is cut off");
    return at<Elf64_Shdr>(header_.e_shoff + index * sizeof(Elf64_Shdr));
  }
  // A name of a string table.
  std::string name(const Elf64_Shdr& table, std::uint64_t offset) const {
    if (offset >= table.sh_size || table.sh_offset > bytes_.size())
      refuse("a name is out of bounds");
    const std::uint64_t begin = table.sh_offset + offset;
    const std::size_t end = begin < bytes_.size() ? bytes_.find('\0', begin) : std::string::npos;
    if (end == std::string::npos) refuse("a name has no end");
    return bytes_.substr(begin, end - begin);
  }

 private:
  std::string bytes_;
  Elf64_Ehdr header_{};
};

bool is_shown(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

void take_symbols(const ElfFile& file, const Elf64_Shdr& table, std::set<std::string>& into) {
  if (table.sh_entsize != sizeof(Elf64_Sym)) refuse("its symbols are damaged");
  const Elf64_Shdr names = file.section(table.sh_link);
  for (std::uint64_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = file.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    // A version's own name stands among the symbols as an absolute one.
    if (is_shown(symbol) && symbol.st_shndx != SHN_ABS)
      into.insert(file.name(names, symbol.st_name));
  }
}

}  // namespace

std::set<std::string> exported_symbols(const std::filesystem::path& library) {
  std::ifstream in(library, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in) refuse("it can't be read");
  const ElfFile file(std::move(bytes).str());
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < file.section_count(); ++i) {
    const Elf64_Shdr section = file.section(i);
    if (section.sh_type == SHT_DYNSYM) take_symbols(file, section, names);
  }
  return names;
}

}  // namespace calixo::host
