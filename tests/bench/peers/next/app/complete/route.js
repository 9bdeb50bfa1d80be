// Completes a challenge in one transaction of Drizzle.
import { callerOf, complete } from "../../../economy.mjs";
import { db, runner } from "../../database.js";

export const dynamic = "force-dynamic";

export async function POST(request) {
  const userId = await callerOf(request.headers.get("authorization"));
  const body = await request.json();
  try {
    return Response.json(await db.transaction((tx) => complete(runner(tx), userId, body)));
  } catch (failure) {
    return Response.json({ code: failure.code ?? "internal" }, { status: failure.status ?? 500 });
  }
}
