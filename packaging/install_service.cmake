# Run by `cmake --install`: the configuration, which is the operator's once it is there, and the systemd
# unit, with the prefix that the server stands under.
set(etc ${CMAKE_INSTALL_PREFIX}/etc/calixo)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc /etc/calixo)
endif()
if(NOT EXISTS "$ENV{DESTDIR}${etc}/calixo.properties")
  file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/../config/calixo.properties DESTINATION ${etc})
endif()

file(READ ${CMAKE_CURRENT_LIST_DIR}/calixo.service unit)
string(REPLACE /opt/calixo ${CMAKE_INSTALL_PREFIX} unit "${unit}")
string(REPLACE " /etc/calixo/" " ${etc}/" unit "${unit}")
set(file $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/systemd/system/calixo.service)
message(STATUS "Installing: ${file}")
file(WRITE ${file} "${unit}")
