#include "app/docs_page.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calixo API</title>
<style>
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
  h1 { margin: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
  details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  summary { cursor: pointer; display: flex; gap: .75rem; align-items: baseline; }
  summary code { overflow-wrap: anywhere; }
  .method { font: 600 .8rem ui-monospace, monospace; min-width: 4rem; }
  .GET { color: #0a7d3c; } .POST { color: #0b62c4; } .PATCH, .PUT { color: #a65f00; } .DELETE { color: #c22; }
  pre { background: color-mix(in srgb, currentColor 7%, transparent); padding: .75rem; overflow: auto; font-size: .85rem; }
  table { border-collapse: collapse; width: 100%; font-size: .9rem; } td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
  .quiet { opacity: .7; }
</style>
</head>
<body>
<h1>Calixo API</h1>
<p class="quiet" id="about">Reading the API document…</p>
<main id="routes"></main>
<script>
"use strict";
const make = (tag, text, name) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (name) element.className = name;
  return element;
};
const block = (title, value) => {
  const part = make("div");
  part.append(make("h4", title), make("pre", JSON.stringify(value, null, 2)));
  return part;
};
const table = (rows) => {
  const element = make("table");
  for (const cells of rows) {
    const row = make("tr");
    for (const cell of cells) row.append(make("td", cell));
    element.append(row);
  }
  return element;
};
const schemaOf = (content) => content && Object.values(content)[0].schema;
const drawOperation = (path, method, operation) => {
  const details = make("details");
  const summary = make("summary");
  const needsToken = !operation.security.some((one) => Object.keys(one).length === 0);
  summary.append(make("span", method.toUpperCase(), "method " + method.toUpperCase()),
                 make("code", path), make("span", operation.summary + (needsToken ? " (token)" : ""), "quiet"));
  details.append(summary);
  if (operation.parameters) {
    details.append(make("h4", "Parameters"), table(operation.parameters.map((one) =>
      [one.name, one.in, one.schema.type || "", (one.required ? "required. " : "") + (one.description || "")])));
  }
  if (operation.requestBody) details.append(block("Body", schemaOf(operation.requestBody.content)));
  details.append(make("h4", "Answers"), table(Object.entries(operation.responses).map(
    ([status, response]) => [status, response.description])));
  const success = Object.entries(operation.responses).find(([status]) => status < 300);
  if (success && success[1].content) details.append(block("Answer " + success[0], schemaOf(success[1].content)));
  return details;
};
fetch("/api/openapi.json").then((response) => response.json()).then((api) => {
  document.getElementById("about").textContent = api.info.title + " " + api.info.version + ", OpenAPI " + api.openapi;
  const chapters = new Map(api.tags.map((tag) => [tag.name, make("section")]));
  for (const [name, section] of chapters) section.append(make("h2", name));
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      chapters.get(operation.tags[0]).append(drawOperation(path, method, operation));
    }
  }
  document.getElementById("routes").append(...chapters.values());
}).catch((error) => { document.getElementById("about").textContent = "The API document could not be read: " + error; });
</script>
</body>
</html>
)html";

}  // namespace

std::string_view docs_page() { return kPage; }

std::string_view docs_page_policy() {
  return "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
         "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace calixo::host
