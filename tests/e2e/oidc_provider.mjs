// An OpenID Connect provider on loopback, npm's oidc-provider: PORT CALLBACK_URL. Who logs in as
// "ana@example.org" is that verified person, as "unverified:ana@example.org" one whose address is
// not. POST /sign answers ID tokens with the claims and the header that a test wants, by the
// provider's true key; GET /fetched tells how often its keys were asked for.
import http from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Provider } from "oidc-provider";

const [port, callback] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(privateKey)), kid: "rsa-1", alg: "RS256", use: "sig" };
let keysFetched = 0;

function person(login) {
  const verified = !login.startsWith("unverified:");
  const email = login.replace("unverified:", "");
  return { sub: `sub-of-${login}`, email, email_verified: verified, name: email.split("@")[0] };
}

const provider = new Provider(issuer, {
  clients: [{ client_id: "calixo", client_secret: "se/cret: 1", redirect_uris: [callback],
    grant_types: ["authorization_code", "refresh_token"] }],
  issueRefreshToken: () => true,
  jwks: { keys: [jwk] },
  claims: { email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["for tests"] },
  pkce: { required: () => true },
  findAccount: (_context, login) => ({
    accountId: login,
    claims: () => person(login),
  }),
});
const handle = provider.callback();

async function readBody(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

http
  .createServer(async (request, response) => {
    if (request.url === "/jwks") ++keysFetched;
    if (request.url === "/fetched") return response.end(String(keysFetched));
    if (request.url !== "/sign") return handle(request, response);
    const { claims, header } = JSON.parse(await readBody(request));
    const signer = new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "rsa-1", ...header });
    response.end(await signer.sign(privateKey));
  })
  .listen(Number(port), "127.0.0.1", () => console.log("ready"));
