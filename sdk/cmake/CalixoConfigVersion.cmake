# The SDK's version is the plugin contract's, as its header says: a plugin that asks for 1.x builds with
# every later 1.y.
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/../include/calixo/abi/base.h) # the source tree
  set(calixo_base ${CMAKE_CURRENT_LIST_DIR}/../include/calixo/abi/base.h)
else()
  set(calixo_base ${CMAKE_CURRENT_LIST_DIR}/../../../include/calixo/abi/base.h)
endif()
file(STRINGS ${calixo_base} calixo_lines REGEX "^#define CALIXO_ABI_(MAJOR|MINOR) ")
string(REGEX REPLACE ".*CALIXO_ABI_MAJOR ([0-9]+).*" "\\1" calixo_major "${calixo_lines}")
string(REGEX REPLACE ".*CALIXO_ABI_MINOR ([0-9]+).*" "\\1" calixo_minor "${calixo_lines}")

set(PACKAGE_VERSION ${calixo_major}.${calixo_minor})
set(PACKAGE_VERSION_COMPATIBLE FALSE)
set(PACKAGE_VERSION_EXACT FALSE)
if(PACKAGE_FIND_VERSION_MAJOR EQUAL calixo_major AND PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
