# How everything is compiled: warnings are errors, sanitizers by cache variable, ccache and mold
# where they are installed.

add_library(calixo_flags INTERFACE)
target_compile_options(calixo_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Werror -fno-omit-frame-pointer -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(calixo_flags INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  target_compile_options(calixo_flags INTERFACE -fstack-protector-strong)
endif()
target_link_options(calixo_flags INTERFACE -Wl,-z,relro,-z,now)

if(CALIXO_SANITIZE)
  add_compile_options(-fsanitize=${CALIXO_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CALIXO_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # false positives inside <regex> and std::function, up to GCC 13
    target_compile_options(calixo_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

find_program(CALIXO_CCACHE ccache)
if(CALIXO_CCACHE)
  # Paths below the tree count as relative, so that checkouts in other places share the cache.
  set(launcher env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CALIXO_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
find_program(CALIXO_MOLD mold)
if(CALIXO_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
