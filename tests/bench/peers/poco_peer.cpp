// What a thread-per-connection C++ server does with the same work: Poco::Net::HTTPServer with 128
// threads, each with a libpq connection of its own and a prepared statement.
// poco_peer PORT CONNINFO; GET /json, GET /row?id=UUID.
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/ThreadPool.h>
#include <libpq-fe.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

constexpr int kThreads = 128;
std::string conninfo;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

class Connection {
 public:
  Connection() : connection_(PQconnectdb(conninfo.c_str())) {
    constexpr const char* kSql =
        "select user_id, display_name, avatar_energy, is_private, created_at, locale, time_zone "
        "from profiles where user_id = $1";
    const Result prepared(PQprepare(connection_, "row", kSql, 1, nullptr), PQclear);
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) {
      std::fputs(PQerrorMessage(connection_), stderr);
      std::_Exit(1);
    }
  }
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result row(const std::string& id) {
    const char* values[] = {id.c_str()};
    return {PQexecPrepared(connection_, "row", 1, values, nullptr, nullptr, 0), PQclear};
  }

 private:
  PGconn* connection_;
};

// The catalogue's texts hold nothing to escape but quotes and backslashes.
void append_text(std::string& json, const char* text) {
  json += '"';
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\') json += '\\';
    json += *text;
  }
  json += '"';
}

std::string json_of(const PGresult* result) {
  std::string json = "{";
  for (int column = 0; column < PQnfields(result); ++column) {
    if (column > 0) json += ',';
    append_text(json, PQfname(result, column));
    json += ':';
    const char* value = PQgetvalue(result, 0, column);
    if (PQgetisnull(result, 0, column) != 0) {
      json += "null";
    } else if (PQftype(result, column) == 16) {  // bool
      json += *value == 't' ? "true" : "false";
    } else if (PQftype(result, column) == 23) {  // int4
      json += value;
    } else {
      append_text(json, value);
    }
  }
  return json += '}';
}

class Handler : public Poco::Net::HTTPRequestHandler {
  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override {
    const std::string& target = request.getURI();
    response.setContentType("application/json");
    if (target == "/json") return send(response, R"({"message":"hello","n":42})");
    if (const auto at = target.find("?id="); at != std::string::npos) {
      thread_local Connection connection;
      const Result result = connection.row(target.substr(at + 4));
      if (PQntuples(result.get()) == 1) return send(response, json_of(result.get()));
    }
    response.setStatusAndReason(Poco::Net::HTTPResponse::HTTP_NOT_FOUND);
    send(response, R"({"code":"not_found"})");
  }

  static void send(Poco::Net::HTTPServerResponse& response, const std::string& body) {
    response.sendBuffer(body.data(), body.size());
  }
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new Handler;
  }
};

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 3) return 2;
  conninfo = arguments[2];
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Poco::ThreadPool threads(kThreads, kThreads);
  Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
  params->setMaxThreads(kThreads);
  params->setMaxQueued(4096);
  params->setKeepAlive(true);
  params->setMaxKeepAliveRequests(0);
  const auto port = static_cast<Poco::UInt16>(std::atoi(arguments[1]));
  Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", port), 1024);
  Poco::Net::HTTPServer server(new Factory, threads, socket, params);
  server.start();
  int received = 0;
  sigwait(&signals, &received);
  std::_Exit(0);  // its threads hold connections that need no farewell
}
