// The pool and the one table, as an application with Drizzle has them.
import { sql as part } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { boolean, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import postgres from "postgres";

export const client = postgres({
  host: process.env.DATABASE_SOCKET,
  database: process.env.DATABASE_NAME,
  username: "postgres",
  connection: { "request.jwt.claims": '{"role":"service_role"}' }, // the ledger asks who posts
  max: 32,
});

export const db = drizzle(client);

// Runs statements whose places are $1, $2, … through Drizzle: db, or the handle of a transaction.
export function runner(handle) {
  return (text, values) => {
    const chunks = text.split(/(\$\d+)/).map((chunk) =>
      /^\$\d+$/.test(chunk) ? part`${values[Number(chunk.slice(1)) - 1]}` : part.raw(chunk));
    return handle.execute(part.join(chunks));
  };
}

export const profiles = pgTable("profiles", {
  user_id: uuid("user_id").primaryKey(),
  display_name: text("display_name"),
  avatar_energy: integer("avatar_energy").notNull(),
  is_private: boolean("is_private").notNull(),
  created_at: timestamp("created_at", { withTimezone: true }).notNull(),
  locale: text("locale").notNull(),
  time_zone: text("time_zone").notNull(),
});

export const users = pgTable("users", {
  id: uuid("id").primaryKey(),
  email: text("email"),
  created_at: timestamp("created_at", { withTimezone: true }).notNull(),
  updated_at: timestamp("updated_at", { withTimezone: true }).notNull(),
  email_confirmed_at: timestamp("email_confirmed_at", { withTimezone: true }),
  last_sign_in_at: timestamp("last_sign_in_at", { withTimezone: true }),
  app_metadata: jsonb("app_metadata").notNull(),
  user_metadata: jsonb("user_metadata").notNull(),
});
