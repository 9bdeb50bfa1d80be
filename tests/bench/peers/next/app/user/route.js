// The caller's account: the token verified with jose, the row read with Drizzle.
import { eq } from "drizzle-orm";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { db, users } from "../../database.js";

export const dynamic = "force-dynamic";

let keys; // at the first request: the build has no address yet

export async function GET(request) {
  const token = (request.headers.get("authorization") ?? "").replace(/^Bearer /, "");
  keys ??= createRemoteJWKSet(new URL(process.env.JWKS_URL));
  const { payload } = await jwtVerify(token, keys, { algorithms: ["ES256"], audience: "authenticated" });
  const rows = await db.select().from(users).where(eq(users.id, payload.sub));
  if (rows.length === 0) return Response.json({ code: "session_not_found" }, { status: 403 });
  return Response.json(rows[0]);
}
