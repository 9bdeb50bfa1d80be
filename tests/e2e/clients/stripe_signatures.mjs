// Deliveries signed by Stripe's own package: stripe_signatures.mjs stripe BASE SECRET OTHER_SECRET
// Ends with a line of JSON, the ids that were accepted; an assertion that fails ends it with 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const [name, base, secret, other] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, "package.json"));
const required = require(name);
const Stripe = required.default ?? required;
const { webhooks } = new Stripe("sk_test_unused");
const now = () => Math.floor(Date.now() / 1000);
const accepted = [];
let number = 0;

const event = (more = {}) => {
  const id = `evt_npm_${process.pid}_${++number}`;
  return { id, object: "event", type: "product.created", created: now(), data: { object: {} }, ...more };
};
const sign = (payload, more = {}) => webhooks.generateTestHeaderString({ payload, secret, ...more });

async function post(payload, header) {
  const headers = { "content-type": "application/json; charset=utf-8" };
  if (header !== undefined) headers["stripe-signature"] = header;
  const answer = await fetch(`${base}/api/stripe/webhook`, { method: "POST", headers, body: payload });
  return { status: answer.status, body: await answer.json() };
}

async function passes(what, payload, header) {
  const answer = await post(payload, header);
  assert.equal(answer.status, 200, `${what}: ${JSON.stringify(answer)}`);
  accepted.push(JSON.parse(payload).id);
}

const refusals = new Set();
async function fails(what, payload, header) {
  const answer = await post(payload, header);
  assert.equal(answer.status, 400, `${what}: ${JSON.stringify(answer)}`);
  delete answer.body.request_id;
  delete answer.body.instance;
  refusals.add(JSON.stringify(answer.body));
}

const plain = JSON.stringify(event());
await passes("plain", plain, sign(plain));
const letters = JSON.stringify(event({ name: "Ñandú, 漢字, 🌵, \u2028" }));
await passes("UTF-8", letters, sign(letters));
const lines = JSON.stringify(event(), null, 2).replaceAll("\n", "\r\n") + "\r\n";
await passes("CRLF", lines, sign(lines));
const rotated = JSON.stringify(event());
await passes("the other secret", rotated, sign(rotated, { secret: other }));
const several = JSON.stringify(event());
const wrong = sign(several, { secret: "whsec_wrong" }).split(",")[1];
await passes("several v1", several, `${sign(several)},${wrong}`);
const late = JSON.stringify(event());
const right = sign(late).split(",");
await passes("several v1, the right one last", late, `${right[0]},${wrong},${right[1]}`);
const old = JSON.stringify(event());
await passes("a little old", old, sign(old, { timestamp: now() - 290 }));
const early = JSON.stringify(event());
await passes("a little early", early, sign(early, { timestamp: now() + 290 }));

const refused = JSON.stringify(event({ name: "Ñ" }));
for (const at of [0, 10, refused.length - 1]) {
  const changed = refused.slice(0, at) + String.fromCharCode(refused.charCodeAt(at) ^ 1) + refused.slice(at + 1);
  await fails(`byte ${at} changed`, changed, sign(refused));
}
await fails("a line end added", `${refused}\n`, sign(refused));
await fails("unsigned", refused, undefined);
await fails("empty", refused, "");
await fails("a wrong secret", refused, sign(refused, { secret: "whsec_wrong" }));
await fails("a part of the secret", refused, sign(refused, { secret: secret.slice("whsec_".length) }));
await fails("the wrong scheme", refused, sign(refused, { scheme: "v0" }));
await fails("too old", refused, sign(refused, { timestamp: now() - 400 }));
await fails("from the future", refused, sign(refused, { timestamp: now() + 400 }));
await fails("another's stamp", refused, sign(refused).replace(/t=\d+/, `t=${now() - 1}`));
assert.equal(refusals.size, 1, `whoever is refused learns nothing: ${[...refusals].join("\n")}`);

console.log(JSON.stringify({ accepted }));
