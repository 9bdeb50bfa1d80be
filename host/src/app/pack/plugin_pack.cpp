#include "app/pack/plugin_pack.hpp"

#include <Poco/DateTime.h>
#include <Poco/Exception.h>
#include <Poco/Path.h>
#include <Poco/Zip/Compress.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "db/sha256.hpp"

namespace calixo::host {

namespace fs = std::filesystem;
namespace zip = Poco::Zip;

namespace {

constexpr std::size_t kFilesMax = 16;
constexpr std::size_t kFileBytesMax = 256 << 20;
constexpr std::size_t kNameBytesMax = 200;
constexpr const char* kSums = "SHA256SUMS";

bool is_plain(const std::string& name) {
  const auto is_plain_byte = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kNameBytesMax && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_plain_byte);
}

std::string read_entry(std::istream& in, const zip::ZipLocalFileHeader& header) {
  zip::ZipInputStream entry(in, header, true);
  std::string content;
  std::array<char, 65536> part;
  for (;;) {
    entry.read(part.data(), part.size());
    if (entry.gcount() <= 0) return content;
    content.append(part.data(), static_cast<std::size_t>(entry.gcount()));
    if (content.size() > kFileBytesMax) {
      throw PackError(header.getFileName() + " is larger than 256 MiB, which no plugin is");
    }
  }
}

// The end record of a zip without a comment, which a file that was cut off has not.
bool has_end(std::istream& in) {
  constexpr std::streamoff kEndBytes = 22;  // APPNOTE.TXT 4.3.16
  std::array<char, 4> mark{};
  in.seekg(-kEndBytes, std::ios::end);
  in.read(mark.data(), mark.size());
  in.clear();
  in.seekg(0);
  return std::string_view(mark.data(), mark.size()) == "PK\5\6";
}

PackFiles read_files(std::istream& in) {
  if (!has_end(in)) throw PackError("it is no plugin's pack, or damaged: get it again");
  PackFiles files;
  const zip::ZipArchive archive(in);
  for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
    const std::string name = entry->second.getFileName();
    if (!is_plain(name)) {
      throw PackError("it holds a file named \"" + name +
                      "\": a pack's names are plain, without "
                      "folders; don't use this file");
    }
    if (files.size() == kFilesMax) throw PackError("it holds more files than a pack does");
    in.clear();
    files[name] = read_entry(in, entry->second);
  }
  return files;
}

// "<64 hex digits>  name"
std::map<std::string, std::string> read_sums(const std::string& text) {
  std::map<std::string, std::string> sums;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::size_t kDigits = 64;
    if (line.size() <= kDigits + 2) throw PackError("its SHA256SUMS is damaged");
    sums[line.substr(kDigits + 2)] = line.substr(0, kDigits);
  }
  return sums;
}

void verify(const PackFiles& files) {
  const auto listed = files.find(kSums);
  if (listed == files.end()) throw PackError("it has no SHA256SUMS: it is no plugin's pack");
  const auto sums = read_sums(listed->second);
  for (const auto& [name, sum] : sums) {
    if (!files.contains(name)) throw PackError("it lacks " + name + ", which its SHA256SUMS names");
  }
  for (const auto& [name, content] : files) {
    if (name == kSums) continue;
    const auto sum = sums.find(name);
    if (sum == sums.end()) throw PackError(name + " is not in its SHA256SUMS; don't use this file");
    if (sum->second != sha256_hex(content)) {
      throw PackError(name + " is not what its SHA256SUMS says: damaged or changed; get it again");
    }
  }
}

std::string library_name(const PackFiles& files) {
  std::string found;
  for (const auto& [name, content] : files) {
    if (!name.ends_with(".so")) continue;
    if (!found.empty()) throw PackError("it holds more than one library");
    found = name;
  }
  if (found.empty()) throw PackError("it holds no library");
  return found;
}

}  // namespace

void write_pack(const PackFiles& files, const fs::path& pack) {
  std::ofstream out(pack, std::ios::binary | std::ios::trunc);
  try {
    zip::Compress compress(out, true);
    const Poco::DateTime same_for_all(1980, 1, 1);  // the least that a zip can say
    for (const auto& [name, content] : files) {
      std::istringstream in(content);
      compress.addFile(in, same_for_all, Poco::Path(name), zip::ZipCommon::CM_DEFLATE,
                       zip::ZipCommon::CL_MAXIMUM);
    }
    compress.close();
  } catch (const Poco::Exception& error) {
    throw PackError("can't write " + pack.string() + ": " + error.displayText());
  }
  out.close();
  if (!out)
    throw PackError("can't write " + pack.string() + ": is its folder there, and not full?");
}

PackFiles read_pack(const fs::path& pack) {
  std::ifstream in(pack, std::ios::binary);
  if (!in) throw PackError(pack.string() + " can't be read");
  try {
    PackFiles files = read_files(in);
    verify(files);
    library_name(files);
    return files;
  } catch (const PackError& error) {
    throw PackError(pack.string() + ": " + error.what());
  } catch (const std::exception& error) {  // Poco's, of a file that is no zip
    throw PackError(pack.string() + ": it is no plugin's pack, or damaged: get it again");
  }
}

fs::path install_pack(const PackFiles& files, const fs::path& folder) {
  const std::string name = library_name(files);
  std::error_code fault;
  fs::create_directories(folder, fault);
  fs::path target = folder / name;
  const fs::path unfinished = folder / ("." + name + ".unfinished");
  std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
  out << files.at(name);
  out.close();
  if (!out)
    throw PackError("can't write into " + folder.string() + ": may you, and is there room?");
  fs::permissions(unfinished, fs::perms(0644), fault);
  fs::rename(unfinished, target, fault);
  if (fault) throw PackError("can't put " + target.string() + " in place: " + fault.message());
  return target;
}

}  // namespace calixo::host
