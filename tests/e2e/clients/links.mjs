// Invitations and links handed out by an administrator, by an unmodified client of Supabase Auth with a
// service key: links.mjs PACKAGE BASE SERVICE_KEY MAIL_FOLDER PREFIX
// Ends with a line of JSON; an assertion that fails ends it with 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

import { follow, nextMail, tokenOf } from "../mailbox.mjs";

const [name, base, serviceKey, folder, prefix] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, "package.json"));
const { createClient } = require(name);
const page = "http://127.0.0.1:3999/welcome";
const password = "media hora sin pantalla";

// Without a realtime channel, for which this Node has no WebSocket.
const newClient = (key = "anon") =>
  createClient(base, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} },
  }).auth;
const admin = newClient(serviceKey).admin;
let count = 0;
const newEmail = () => `${prefix}.${++count}@example.org`;

function right({ data, error }) {
  assert.equal(error, null, error && `${error.code}: ${error.message}`);
  return data;
}

function wrong({ error }, status, code) {
  assert.deepEqual([error?.status, error?.code], [status, code], error?.message);
}

/** A confirmed account, and its address. */
async function account() {
  const email = newEmail();
  right(await admin.createUser({ email, password, email_confirm: true }));
  return email;
}

/** A link as it has to be; the client takes its properties out of the user. */
async function link(parameters, type = parameters.type) {
  const data = right(await admin.generateLink({ options: { redirectTo: page }, ...parameters }));
  const { action_link, email_otp, hashed_token, redirect_to, verification_type } = data.properties;
  assert.equal(verification_type, type);
  assert.equal(redirect_to, page);
  assert.match(email_otp, /^\d{6}$/);
  const query = new URL(action_link).searchParams;
  assert.ok(action_link.startsWith(`${base}/auth/v1/verify?`), action_link);
  assert.equal(query.get("token"), hashed_token);
  assert.equal(query.get("type"), type.startsWith("email_change") ? "email_change" : type);
  assert.equal(query.get("redirect_to"), page);
  for (const property of Object.keys(data.properties)) assert.ok(!(property in data.user), property);
  assert.ok(data.user.id && data.user.aud === "authenticated");
  return { ...data.properties, user: data.user };
}

/** Who comes in where the link leads to. */
async function enter({ action_link }, type) {
  const { target, fragment } = await follow({ link: action_link });
  assert.equal(target.origin + target.pathname, page);
  assert.equal(fragment.get("error_code"), null);
  assert.equal(fragment.get("type"), type);
  const client = newClient();
  const tokens = { access_token: fragment.get("access_token"), refresh_token: fragment.get("refresh_token") };
  return { client, user: right(await client.setSession(tokens)).user };
}

async function isUsedUp({ action_link, hashed_token, email_otp }, email, type) {
  assert.equal((await follow({ link: action_link })).fragment.get("error_code"), "otp_expired");
  wrong(await newClient().verifyOtp({ token_hash: hashed_token, type }), 403, "otp_expired");
  wrong(await newClient().verifyOtp({ email, token: email_otp, type }), 403, "otp_expired");
}

async function invites() {
  const email = newEmail();
  const { user } = right(await admin.inviteUserByEmail(email, { data: { name: "Ana" }, redirectTo: page }));
  assert.equal(user.email, email);
  assert.ok(user.invited_at && user.confirmation_sent_at);
  assert.equal(user.email_confirmed_at, null);
  assert.equal(user.user_metadata.name, "Ana");
  assert.deepEqual(user.identities.map((one) => one.provider), ["email"]);
  const mail = await nextMail(folder, email);
  assert.equal(new URL(mail.link).searchParams.get("type"), "invite");
  const come = await enter({ action_link: mail.link }, "invite");
  assert.equal(come.user.id, user.id);
  assert.notEqual(come.user.email_confirmed_at, null);
  right(await come.client.updateUser({ password }));
  right(await newClient().signInWithPassword({ email, password }));
  wrong(await newClient().verifyOtp({ token_hash: tokenOf(mail), type: "invite" }), 403, "otp_expired");
  wrong(await admin.inviteUserByEmail(email), 422, "email_exists");
  wrong(await admin.inviteUserByEmail("nobody"), 400, "validation_failed");
  wrong(await admin.inviteUserByEmail(newEmail(), { data: { much: "x".repeat(5000) } }), 400, "validation_failed");
}

async function invitesByCode() {
  const email = newEmail();
  right(await admin.inviteUserByEmail(email));
  const mail = await nextMail(folder, email);
  wrong(await newClient().verifyOtp({ email, token: mail.code, type: "magiclink" }), 403, "otp_expired");
  const { user, session } = right(await newClient().verifyOtp({ email, token: mail.code, type: "invite" }));
  assert.equal(user.email, email);
  assert.ok(session.refresh_token);
}

async function signsUp() {
  const email = newEmail();
  const made = await link({ type: "signup", email, password, options: { data: { name: "Eva" }, redirectTo: page } });
  assert.equal(made.user.user_metadata.name, "Eva");
  assert.equal(made.user.email_confirmed_at, null);
  wrong(await newClient().signInWithPassword({ email, password }), 400, "email_not_confirmed");
  const { user } = right(await newClient().verifyOtp({ token_hash: made.hashed_token, type: "signup" }));
  assert.equal(user.id, made.user.id);
  right(await newClient().signInWithPassword({ email, password }));
  await isUsedUp(made, email, "signup");
  wrong(await admin.generateLink({ type: "signup", email, password }), 422, "email_exists");
  wrong(await admin.generateLink({ type: "signup", email: newEmail() }), 400, "validation_failed");
  const weak = await admin.generateLink({ type: "signup", email: newEmail(), password: "short" });
  assert.equal(weak.error.name, "AuthWeakPasswordError");
}

async function invitesByLink() {
  const email = newEmail();
  const made = await link({ type: "invite", email });
  assert.ok(made.user.invited_at);
  assert.equal((await enter(made, "invite")).user.id, made.user.id);
  await isUsedUp(made, email, "invite");
  wrong(await admin.generateLink({ type: "invite", email }), 422, "email_exists");
}

async function signsIn() {
  const email = await account();
  const made = await link({ type: "magiclink", email });
  assert.equal((await enter(made, "magiclink")).user.email, email);
  await isUsedUp(made, email, "magiclink");
  right(await newClient().signInWithPassword({ email, password })); // it stays
  const byCode = await link({ type: "magiclink", email });
  right(await newClient().verifyOtp({ email, token: byCode.email_otp, type: "email" }));

  const unknown = newEmail(); // the format calls it a sign-up then
  const first = await link({ type: "magiclink", email: unknown }, "signup");
  assert.equal((await enter(first, "signup")).user.email, unknown);
}

async function recovers() {
  const email = await account();
  const made = await link({ type: "recovery", email });
  const { client } = await enter(made, "recovery");
  right(await client.updateUser({ password: "otra media hora" }));
  right(await newClient().signInWithPassword({ email, password: "otra media hora" }));
  await isUsedUp(made, email, "recovery");
  wrong(await admin.generateLink({ type: "recovery", email: newEmail() }), 404, "user_not_found");
}

async function changesAddresses() {
  const email = await account();
  const newOne = newEmail();
  const current = await link({ type: "email_change_current", email, newEmail: newOne });
  const fresh = await link({ type: "email_change_new", email, newEmail: newOne });
  assert.equal(fresh.user.new_email, newOne);
  const half = await follow({ link: current.action_link });
  assert.ok(half.fragment.get("message"));
  const come = await enter(fresh, "email_change");
  assert.deepEqual([come.user.email, come.user.new_email], [newOne, null]);
  right(await newClient().signInWithPassword({ email: newOne, password }));
  wrong(await newClient().signInWithPassword({ email, password }), 400, "invalid_credentials");

  const another = await link({ type: "email_change_new", email: newOne, newEmail: newEmail() });
  await link({ type: "email_change_new", email: newOne, newEmail: newEmail() }); // voids the one before
  wrong(await newClient().verifyOtp({ token_hash: another.hashed_token, type: "email_change" }), 403, "otp_expired");
  const taken = await account();
  wrong(await admin.generateLink({ type: "email_change_new", email: newOne, newEmail: taken }), 422, "email_exists");
  wrong(await admin.generateLink({ type: "email_change_new", email: newOne, newEmail: "x" }), 400, "validation_failed");
  wrong(await admin.generateLink({ type: "email_change_new", email: newEmail(), newEmail: newEmail() }), 404,
    "user_not_found");
}

async function isRefused() {
  wrong(await admin.generateLink({ type: "sms", email: newEmail() }), 400, "validation_failed");
  wrong(await admin.generateLink({ type: "magiclink", email: "nobody" }), 400, "validation_failed");
  assert.equal((await newClient().admin.generateLink({ type: "magiclink", email: newEmail() })).error.status, 401);
}

await invites();
await invitesByCode();
await signsUp();
await invitesByLink();
await signsIn();
await recovers();
await changesAddresses();
await isRefused();
console.log(JSON.stringify({ done: true }));
