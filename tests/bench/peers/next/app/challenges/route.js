// The challenges on offer, by Drizzle.
import { callerOf, list } from "../../../economy.mjs";
import { db, runner } from "../../database.js";

export const dynamic = "force-dynamic";

export async function GET(request) {
  await callerOf(request.headers.get("authorization"));
  return Response.json(await list(runner(db), Object.fromEntries(new URL(request.url).searchParams)));
}
