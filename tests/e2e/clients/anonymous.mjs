// An anonymous account by an unmodified client of Supabase Auth, and how it gets an address:
// anonymous.mjs PACKAGE BASE SERVICE_KEY EMAIL
// Ends with a line of JSON; an assertion that fails ends it with 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const [name, base, serviceKey, email] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, "package.json"));
const { createClient } = require(name);

// Without a realtime channel, for which this Node has no WebSocket.
const newClient = (key) =>
  createClient(base, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} },
  });

const client = newClient("anon-key");
const { data, error } = await client.auth.signInAnonymously({ options: { data: { theme: "dark" } } });
assert.equal(error, null);
assert.equal(data.user.is_anonymous, true);
assert.equal(data.user.email, "");
assert.equal(data.user.user_metadata.theme, "dark");
assert.deepEqual(data.user.identities, []);
const { claims } = (await client.auth.getClaims()).data;
assert.equal(claims.is_anonymous, true);
assert.equal(claims.role, "authenticated");
assert.equal(claims.amr[0].method, "anonymous");

const admin = newClient(serviceKey).auth.admin;
const upgraded = await admin.updateUserById(data.user.id, { email, email_confirm: true });
assert.equal(upgraded.error, null);
assert.equal(upgraded.data.user.is_anonymous, false);
assert.deepEqual(upgraded.data.user.identities.map((one) => one.provider), ["email"]);
const refreshed = await client.auth.refreshSession();
assert.equal(refreshed.error, null);
assert.equal(refreshed.data.user.is_anonymous, false);
assert.equal(refreshed.data.user.id, data.user.id);
assert.equal((await client.auth.getClaims()).data.claims.is_anonymous, false);

// By their own hand, where sign-up needs no proof of an address.
const own = newClient("anon-key").auth;
const before = (await own.signInAnonymously()).data.user;
const address = `own.${email}`;
const permanent = await own.updateUser({ email: address, password: "media hora sin pantalla" });
assert.equal(permanent.error, null);
assert.deepEqual([permanent.data.user.id, permanent.data.user.email], [before.id, address]);
assert.equal(permanent.data.user.is_anonymous, false);
const entered = await newClient("anon-key").auth.signInWithPassword({ email: address, password: "media hora sin pantalla" });
assert.equal(entered.data.user?.id, before.id);
const taken = newClient("anon-key").auth;
await taken.signInAnonymously();
assert.equal((await taken.updateUser({ email: address })).error.code, "email_exists");
console.log(JSON.stringify({ done: true }));
