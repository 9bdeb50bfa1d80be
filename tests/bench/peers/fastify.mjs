// Fastify and postgres.js on two workers: fastify.mjs PORT, the database from DATABASE_SOCKET, DATABASE_NAME.
import cluster from "node:cluster";
import Fastify from "fastify";
import postgres from "postgres";
import { callerOf, complete, list } from "./economy.mjs";

const workers = 2;

if (cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
  process.on("SIGTERM", () => process.exit(0));
} else {
  const sql = postgres({
    host: process.env.DATABASE_SOCKET,
    database: process.env.DATABASE_NAME,
    username: "postgres",
    connection: { "request.jwt.claims": '{"role":"service_role"}' }, // the ledger asks who posts
    max: 32,
  });
  const app = Fastify({ logger: false });
  app.get("/json", async () => ({ message: "hello", n: 42 }));
  app.get("/row", async (request, reply) => {
    const rows = await sql`
      select user_id, display_name, avatar_energy, is_private, created_at, locale, time_zone
      from profiles where user_id = ${request.query.id}`;
    return rows[0] ?? reply.code(404).send({ code: "not_found" });
  });
  app.setErrorHandler((error, request, reply) => reply.code(error.status ?? 500).send({ code: error.code ?? "internal" }));
  app.get("/challenges", async (request) => {
    await callerOf(request.headers.authorization);
    return list((text, values) => sql.unsafe(text, values, { prepare: true }), request.query);
  });
  app.post("/complete", async (request) => {
    const userId = await callerOf(request.headers.authorization);
    return sql.begin((tx) => complete((text, values) => tx.unsafe(text, values, { prepare: true }), userId, request.body));
  });
  await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
}
