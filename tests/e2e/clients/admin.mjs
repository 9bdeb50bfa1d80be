// Administration by an unmodified client of Supabase Auth, with a service key:
// admin.mjs PACKAGE BASE SERVICE_KEY PREFIX
// Ends with a line of JSON; an assertion that fails ends it with 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const [name, base, serviceKey, prefix] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, "package.json"));
const { createClient } = require(name);
const password = "media hora sin pantalla";

// Without a realtime channel, for which this Node has no WebSocket.
const newClient = (key) =>
  createClient(base, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} },
  });
const admin = newClient(serviceKey).auth.admin;

async function creates() {
  const email = `${prefix}.made@example.org`;
  const { data, error } = await admin.createUser({
    email,
    password,
    email_confirm: true,
    user_metadata: { name: "Ana" },
    app_metadata: { plan: "trial", role: "moderator" },
  });
  assert.equal(error, null);
  assert.equal(data.user.email, email);
  assert.notEqual(data.user.email_confirmed_at, null);
  assert.equal(data.user.user_metadata.name, "Ana");
  assert.equal(data.user.app_metadata.plan, "trial");
  assert.equal(data.user.app_metadata.role, "moderator");
  assert.deepEqual(data.user.identities.map((one) => one.provider), ["email"]);
  const again = await admin.createUser({ email, password });
  assert.equal(again.error.code, "email_exists");
  assert.equal(again.error.status, 422);
  const weak = await admin.createUser({ email: `weak.${email}`, password: "short" });
  assert.equal(weak.error.name, "AuthWeakPasswordError");
  assert.equal((await admin.createUser({ password })).error.code, "validation_failed");
  assert.equal((await newClient("anon").auth.signInWithPassword({ email, password })).error, null);
  return data.user;
}

async function reads(user) {
  const { data, error } = await admin.getUserById(user.id);
  assert.equal(error, null);
  assert.deepEqual(data.user.id, user.id);
  const unknown = await admin.getUserById("00000000-0000-4000-8000-000000000000");
  assert.equal(unknown.error.code, "user_not_found");
  assert.equal(unknown.error.status, 404);
}

async function lists() {
  for (let number = 0; number < 4; ++number) {
    const made = await admin.createUser({ email: `${prefix}.${number}@example.org` });
    assert.equal(made.error, null);
  }
  const first = await admin.listUsers({ page: 1, perPage: 2 });
  assert.equal(first.error, null);
  assert.equal(first.data.users.length, 2);
  assert.equal(first.data.aud, "authenticated");
  assert.equal(first.data.nextPage, 2);
  assert.equal(first.data.lastPage, Math.ceil(first.data.total / 2));
  const seen = new Set();
  for (let page = 1; page <= first.data.lastPage; ++page) {
    const { data } = await admin.listUsers({ page, perPage: 2 });
    data.users.forEach((user) => seen.add(user.id));
  }
  assert.equal(seen.size, first.data.total);
}

async function changes(user) {
  const client = newClient("anon");
  await client.auth.signInWithPassword({ email: user.email, password });
  const moved = await admin.updateUserById(user.id, {
    email: `moved.${user.email}`,
    user_metadata: { name: null, city: "Vigo" },
    app_metadata: { role: "user" },
  });
  assert.equal(moved.error, null);
  assert.equal(moved.data.user.email, `moved.${user.email}`);
  assert.equal(moved.data.user.identities[0].email, `moved.${user.email}`);
  assert.equal(moved.data.user.user_metadata.name, undefined);
  assert.equal(moved.data.user.user_metadata.city, "Vigo");
  assert.equal(moved.data.user.app_metadata.plan, "trial");
  assert.equal(moved.data.user.app_metadata.role, "user");

  assert.notEqual((await client.auth.getUser()).data.user, null);
  assert.equal((await admin.updateUserById(user.id, { password: "otra media hora" })).error, null);
  assert.equal((await client.auth.getUser()).error.name, "AuthSessionMissingError");
  const old = await newClient("anon").auth.signInWithPassword({ email: moved.data.user.email, password });
  assert.equal(old.error.code, "invalid_credentials");
  return moved.data.user;
}

async function bans(user) {
  const client = newClient("anon");
  const entry = { email: user.email, password: "otra media hora" };
  assert.equal((await client.auth.signInWithPassword(entry)).error, null);
  const banned = await admin.updateUserById(user.id, { ban_duration: "24h" });
  assert.equal(banned.error, null);
  const hours = (new Date(banned.data.user.banned_until) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours < 24.1);
  assert.equal((await client.auth.getUser()).error.name, "AuthSessionMissingError");
  assert.equal((await newClient("anon").auth.signInWithPassword(entry)).error.code, "user_banned");
  assert.equal((await admin.updateUserById(user.id, { ban_duration: "soon" })).error.code, "validation_failed");
  const lifted = await admin.updateUserById(user.id, { ban_duration: "none" });
  assert.ok(!lifted.data.user.banned_until);
  assert.equal((await newClient("anon").auth.signInWithPassword(entry)).error, null);
}

async function erases(user) {
  assert.equal((await admin.deleteUser(user.id)).error, null);
  assert.equal((await admin.deleteUser(user.id)).error.code, "user_not_found");
  assert.equal((await admin.getUserById(user.id)).error.code, "user_not_found");
}

async function isRefused() {
  const nobody = await newClient("anon-key").auth.admin.listUsers();
  assert.equal(nobody.error.status, 401);
  const client = newClient("anon");
  const { data } = await client.auth.signUp({ email: `${prefix}.nobody@example.org`, password });
  const plain = createClient(base, data.session.access_token, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} },
  });
  const refused = await plain.auth.admin.listUsers();
  assert.equal(refused.error.code, "not_admin");
  assert.equal(refused.error.status, 403);
}

const made = await creates();
await reads(made);
await lists();
const moved = await changes(made);
await bans(moved);
await erases(moved);
await isRefused();
console.log(JSON.stringify({ done: true }));
