// The entry of the one binary.
#include "app/application.hpp"

int main(int argc, char** argv) { return calixo::host::run_application(argc, argv); }
