// The server's own problem codes in Spanish and English, and RFC 9457 documents.
#include "http/problems.hpp"

#include "http/json_text.hpp"
#include "http/status_text.hpp"

namespace calixo::host {
namespace {

struct Text {
  const char* code;
  const char* es;
  const char* en;
};

constexpr Text kTexts[] = {
    {"malformed_request", "La petición no es HTTP válido.", "The request is not valid HTTP."},
    {"head_too_large", "La cabecera de la petición es demasiado grande.",
     "The head of the request is too large."},
    {"body_too_large", "El cuerpo de la petición es demasiado grande.",
     "The body of the request is too large."},
    {"uri_too_long", "La dirección de la petición es demasiado larga.",
     "The address of the request is too long."},
    {"not_found", "No existe nada en esta dirección.", "There is nothing at this address."},
    {"method_not_allowed", "Esta dirección no admite ese método.",
     "This address does not take that method."},
    {"not_implemented", "El servidor no ofrece ese método.",
     "The server does not offer that method."},
    {"not_acceptable", "La respuesta no existe en ninguno de los formatos aceptados.",
     "The answer does not exist in any of the accepted formats."},
    {"unsupported_media_type", "El cuerpo no está en el formato que esta dirección espera.",
     "The body is not in the format that this address takes."},
    {"authentication_required", "Inicia sesión para continuar.", "Sign in to continue."},
    {"session_not_found", "La sesión ya no existe.", "The session has ended."},
    {"invalid_token", "El token de acceso no es válido.", "The access token is not valid."},
    {"token_expired", "El token de acceso ha caducado.", "The access token has expired."},
    {"forbidden", "No tienes permiso para hacer esto.", "You are not allowed to do this."},
    {"overloaded", "El servidor está ocupado. Inténtalo de nuevo en un momento.",
     "The server is busy. Try again in a moment."},
    {"unavailable", "El servicio no está disponible. Inténtalo de nuevo en un momento.",
     "The service is unavailable. Try again in a moment."},
    {"deadline_exceeded", "La petición tardó demasiado. Inténtalo de nuevo.",
     "The request took too long. Try again."},
    {"request_timeout", "La petición no llegó completa a tiempo.",
     "The request did not arrive in full in time."},
    {"internal", "Algo ha fallado en el servidor.", "Something failed in the server."},
    {"no_answer", "El servidor no dio respuesta.", "The server gave no answer."},
    {"answer_too_large", "La respuesta es demasiado grande.", "The answer is too large."},
    {"plugin_quarantined", "Esta función está fuera de servicio por ahora.",
     "This feature is out of service for now."},
    {"validation_failed", "Hay campos que no son válidos.", "Some fields are not valid."},
    {"malformed_json", "El cuerpo no es JSON válido.", "The body is not valid JSON."},
    {"expectation_failed", "El servidor no puede cumplir lo que pide la cabecera Expect.",
     "The server can't meet what the Expect field asks for."},
    {"http_version_not_supported", "El servidor solo habla HTTP/1.0 y HTTP/1.1.",
     "The server speaks HTTP/1.0 and HTTP/1.1 only."},
    {"conflict", "La petición choca con el estado actual.",
     "The request conflicts with the present state."},
    {"invalid_idempotency_key",
     "La cabecera Idempotency-Key debe tener de 1 a 255 caracteres visibles.",
     "The header Idempotency-Key must have 1 to 255 visible characters."},
    {"idempotency_key_reused", "Esta Idempotency-Key ya se usó con otra petición.",
     "This Idempotency-Key was used with another request."},
    {"idempotency_key_in_use", "Una petición con esta Idempotency-Key está en curso.",
     "A request with this Idempotency-Key is under way."},
    {"too_many_requests", "Demasiadas peticiones. Espera un momento.",
     "Too many requests. Wait a moment."},
};

}  // namespace

ProblemCatalogue& ProblemCatalogue::instance() {
  static ProblemCatalogue catalogue;
  return catalogue;
}

ProblemCatalogue::ProblemCatalogue() {
  for (const Text& text : kTexts) {
    add(text.code, "es", text.es);
    add(text.code, "en", text.en);
  }
}

void ProblemCatalogue::add(std::string_view code, std::string_view language,
                           std::string_view text) {
  texts_[std::string(code)].insert_or_assign(std::string(language), std::string(text));
}

std::string_view ProblemCatalogue::text(std::string_view code, std::string_view language) const {
  const auto languages = texts_.find(code);
  if (languages == texts_.end()) return code;
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    const auto text = languages->second.find(wanted);
    if (text != languages->second.end()) return text->second;
  }
  return code;
}

std::string problem_document(const Problem& problem, std::string_view language,
                             std::string_view request_id) {
  const std::string_view message = problem.message.empty()
                                       ? ProblemCatalogue::instance().text(problem.code, language)
                                       : std::string_view(problem.message);
  std::string document;
  document.reserve(200 + message.size() + problem.errors_json.size());
  document.append(R"({"type":"about:blank","title":)");
  append_json_text(document, status_text(problem.http_status));
  document.append(R"(,"status":)").append(std::to_string(problem.http_status));
  document.append(R"(,"code":)");
  append_json_text(document, problem.code);
  document.append(R"(,"message":)");
  append_json_text(document, message);
  document.append(R"(,"request_id":)");
  append_json_text(document, request_id);
  document.append(R"(,"errors":)");
  document.append(problem.errors_json.empty() ? "[]" : problem.errors_json).append("}");
  return document;
}

}  // namespace calixo::host
