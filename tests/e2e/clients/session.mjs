// The life of a session by an unmodified client of Supabase Auth: session.mjs PACKAGE BASE EMAIL
// "auth-js of PACKAGE" is the auth-js that this package brings along, alone and at /api/auth.
// Ends with a line of JSON; an assertion that fails ends it with 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const [name, base, email] = process.argv.slice(2);
const isAlone = name.startsWith("auth-js of ");
const packageFile = isAlone ? `node_modules/${name.slice("auth-js of ".length)}/package.json` : "package.json";
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, packageFile));
const { AuthClient, createClient } = require(isAlone ? "@supabase/auth-js" : name);
const password = "media hora sin pantalla";
const auth = { persistSession: false, autoRefreshToken: false };

// Without a realtime channel, for which this Node has no WebSocket.
const newClient = () =>
  isAlone
    ? { auth: new AuthClient({ url: `${base}/api/auth`, ...auth }) }
    : createClient(base, "anon-key", { auth, realtime: { transport: class {} } });

async function signsUp() {
  const client = newClient();
  const { data, error } = await client.auth.signUp({ email, password, options: { data: { name: "Ana" } } });
  assert.equal(error, null);
  assert.equal(data.user.email, email);
  assert.equal(data.user.user_metadata.name, "Ana");
  assert.deepEqual(data.user.identities.map((one) => one.provider), ["email"]);
  assert.deepEqual(data.user.app_metadata.providers, ["email"]);
  assert.equal(data.session.token_type, "bearer");
  const again = await newClient().auth.signUp({ email, password });
  assert.equal(again.error.code, "user_already_exists");
  return client;
}

async function verifiesLocally(client) {
  const { data, error } = await client.auth.getClaims();
  assert.equal(error, null);
  assert.equal(data.header.alg, "ES256");
  assert.equal(data.claims.email, email);
  assert.equal(data.claims.aal, "aal1");
  assert.equal(data.claims.amr[0].method, "password");
}

async function signsIn() {
  const client = newClient();
  const wrong = await client.auth.signInWithPassword({ email, password: "another one" });
  assert.equal(wrong.error.code, "invalid_credentials");
  assert.equal(wrong.error.status, 400);
  const weak = await client.auth.signUp({ email: `weak.${email}`, password: "short" });
  assert.equal(weak.error.name, "AuthWeakPasswordError");
  assert.deepEqual(weak.error.reasons, ["length"]);
  const { data, error } = await client.auth.signInWithPassword({ email, password });
  assert.equal(error, null);
  assert.equal((await client.auth.getUser()).data.user.id, data.user.id);
  return client;
}

async function refreshes(client) {
  const before = (await client.auth.getSession()).data.session;
  const { data, error } = await client.auth.refreshSession();
  assert.equal(error, null);
  assert.notEqual(data.session.refresh_token, before.refresh_token);
  const lost = newClient();  // that never heard the answer, and asks once more
  const again = await lost.auth.refreshSession(before);
  assert.equal(again.error, null);
  assert.equal(again.data.session.refresh_token, data.session.refresh_token);
  const unknown = await newClient().auth.refreshSession({ refresh_token: "unknown" });
  assert.equal(unknown.error.code, "refresh_token_not_found");
}

async function ends(first, second) {
  const third = await signsIn();
  await first.auth.signOut({ scope: "local" });
  assert.notEqual((await second.auth.getUser()).data.user, null);
  assert.equal((await second.auth.signOut({ scope: "others" })).error, null);
  const gone = await third.auth.refreshSession();
  assert.equal(gone.error.code, "refresh_token_not_found");
  const { access_token } = (await second.auth.getSession()).data.session;
  assert.equal((await second.auth.signOut({ scope: "global" })).error, null);
  const after = await newClient().auth.getUser(access_token);
  assert.equal(after.error.name, "AuthSessionMissingError");
}

const first = await signsUp();
await verifiesLocally(first);
const second = await signsIn();
await refreshes(second);
await ends(first, second);
console.log(JSON.stringify({ done: true }));
