# calixo_add_plugin(NAME SOURCES ... [MIGRATIONS folder] [LIBRARIES ...])
function(calixo_add_plugin name)
endfunction()
