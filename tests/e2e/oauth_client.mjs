// @supabase/supabase-js, unmodified, told by lines of JSON what to call: {call, ...arguments} on standard
// input, one line of JSON back. PACKAGE names the version. GET redirects are the test's to follow.
import readline from "node:readline";

const [url, packageName] = process.argv.slice(2);
const { createClient } = await import(packageName);
const kept = new Map();
const storage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
const client = createClient(url, "anon-key", {
  auth: { storage, flowType: "pkce", autoRefreshToken: false, detectSessionInUrl: false },
  realtime: { transport: class {} }, // older Nodes have no WebSocket, which this needs none of
});
const auth = client.auth;

const calls = {
  signUp: ({ email, password }) => auth.signUp({ email, password }),
  signInAnonymously: () => auth.signInAnonymously(),
  signIn: ({ email, password }) => auth.signInWithPassword({ email, password }),
  signInWithOAuth: ({ provider, redirectTo }) =>
    auth.signInWithOAuth({ provider, options: { redirectTo, skipBrowserRedirect: true } }),
  exchangeCode: ({ code }) => auth.exchangeCodeForSession(code),
  signInWithIdToken: (credentials) => auth.signInWithIdToken(credentials),
  linkIdentity: ({ provider, redirectTo }) =>
    auth.linkIdentity({ provider, options: { redirectTo, skipBrowserRedirect: true } }),
  identities: () => auth.getUserIdentities(),
  unlinkIdentity: ({ identity }) => auth.unlinkIdentity(identity),
  getUser: () => auth.getUser(),
  getSession: () => auth.getSession(),
  refresh: () => auth.refreshSession(),
  enroll: (parameters) => auth.mfa.enroll({ factorType: "totp", ...parameters }),
  challenge: ({ factorId }) => auth.mfa.challenge({ factorId }),
  verify: (parameters) => auth.mfa.verify(parameters),
  challengeAndVerify: (parameters) => auth.mfa.challengeAndVerify(parameters),
  unenroll: ({ factorId }) => auth.mfa.unenroll({ factorId }),
  factors: () => auth.mfa.listFactors(),
  level: () => auth.mfa.getAuthenticatorAssuranceLevel(),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { call, ...parameters } = JSON.parse(line);
  let answer;
  try {
    const { data, error } = await calls[call](parameters);
    answer = { data, error: error && { code: error.code, status: error.status, message: error.message } };
  } catch (thrown) {
    answer = { thrown: String(thrown) };
  }
  console.log(JSON.stringify(answer));
}
