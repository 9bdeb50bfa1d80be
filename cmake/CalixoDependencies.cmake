# What the server is built on; packaging/debian-packages.txt names the packages.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation Util Net NetSSL Crypto JSON Zip Data DataPostgreSQL)
find_package(Boost 1.81 REQUIRED COMPONENTS context filesystem)
find_package(OpenSSL 3 REQUIRED)
find_package(PostgreSQL 15 REQUIRED) # libpq
if(NOT TARGET PostgreSQL::client) # Debian 12's Poco 1.11 links it under this name without defining it
  add_library(PostgreSQL::client INTERFACE IMPORTED)
  target_link_libraries(PostgreSQL::client INTERFACE PostgreSQL::PostgreSQL)
endif()
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
find_library(CALIXO_ZXCVBN zxcvbn REQUIRED) # comes without CMake or pkg-config files
find_library(CALIXO_CRYPT crypt REQUIRED)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode) # second factors, as a code to scan
find_package(GTest REQUIRED)
