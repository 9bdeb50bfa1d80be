import { eq } from "drizzle-orm";
import { db, profiles } from "../../database.js";

export const dynamic = "force-dynamic";

export async function GET(request) {
  const id = request.nextUrl.searchParams.get("id");
  const rows = await db.select().from(profiles).where(eq(profiles.user_id, id));
  if (rows.length === 0) return Response.json({ code: "not_found" }, { status: 404 });
  return Response.json(rows[0]);
}
