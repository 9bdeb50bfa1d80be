// Completing and listing challenges, as both Node peers do it: the same statements and checks, on the same tables. A
// peer brings `run(text, values)` of its database library, inside of one transaction for complete().
import { createRemoteJWKSet, jwtVerify } from "jose";

let keys; // at the first request: a build has no address yet

export async function callerOf(authorization) {
  keys ??= createRemoteJWKSet(new URL(process.env.JWKS_URL));
  const token = (authorization ?? "").replace(/^Bearer /, "");
  const { payload } = await jwtVerify(token, keys, { algorithms: ["ES256"], audience: "authenticated" });
  return payload.sub;
}

const SETTINGS = { rewardMin: 0, rewardMax: 1000, energy: 10, experience: 20, perDay: 10000, energyAtStart: 100000, decay: 10 };
const LEVELS = "{0,100,300,600,1000,1500,2100,2800,3600,4500}";

const LOCK = `
  select a.id, a.challenge_id, a.user_id, c.type, coalesce(a.offered_reward, c.reward) as offered_reward, a.energy,
         a.experience, a.started_at, clock_timestamp() as now, a.expires_at, a.state::text as state,
         coalesce(a.rules, c.rules)::text as rules, person_time_zone(a.user_id) as time_zone
  from user_challenges a join challenges c on c.id = a.challenge_id
  where a.id = $1::integer and a.user_id = $2::uuid and a.status = 'pending' for update of a`;

const COMPLETE = `
  with person as (
    insert into streaks as s (user_id, current_days, best_days, last_date, last_zone, completions_count, completions_until)
    values ($1::uuid, 1, 1, ($2::timestamptz at time zone $3)::date, $3, 1, challenges_day_ends_at($2::timestamptz, $3))
    on conflict (user_id) do update set
      (current_days, best_days, last_date, last_zone) = (
        select days_after, best_after, date_after, zone_after
        from challenges_streak_after(s.current_days, s.best_days, s.last_date, s.last_zone, $2::timestamptz, $3)),
      completions_count = case when s.completions_until > $2::timestamptz then s.completions_count + 1 else 1 end,
      completions_until = case when s.completions_until > $2::timestamptz then s.completions_until
                               else challenges_day_ends_at($2::timestamptz, $3) end
    where s.completions_until is null or s.completions_until <= $2::timestamptz or s.completions_count < $4::bigint
    returning s.current_days),
  a as (
    update user_challenges set status = 'completed', completed_at = greatest($2::timestamptz, started_at),
      reward = $5::integer, is_paid = true from person
    where id = $6::integer and status = 'pending' returning user_challenges.*, person.current_days)
  select a.id, a.challenge_id, a.status, a.started_at, a.completed_at, a.reward, a.current_days as streak_days,
         json_build_object('id', c.id, 'slug', c.slug, 'type', c.type, 'title', c.title, 'description', c.description,
                           'reward', a.offered_reward, 'rules', c.rules) as challenge
  from a join challenges c on c.id = a.challenge_id`;

const PAY = "select outcome, balance from ledger_move($1::uuid, $2::bigint, 1, 'challenge', $3, null, false)";

const FEED = `
  with fed as (
    insert into avatar_feedings (user_id, source, energy, experience)
    values ($1::uuid, $2, $3::integer, $4::integer) on conflict (user_id, source) do nothing returning user_id),
  before as (select streak_best from avatars where user_id = $1::uuid),
  after as (
    insert into avatars as a (user_id, energy, experience, streak_best)
    select user_id, least(100000, $6::integer + $3::integer * 1000), $4::integer, $5::integer from fed
    on conflict (user_id) do update set
      energy = least(100000, avatar_energy(a.energy, a.energy_at, now(), $7::integer) + $3::integer * 1000),
      energy_at = greatest(a.energy_at, now()), experience = a.experience + $4::integer,
      streak_best = greatest(a.streak_best, $5::integer)
    returning user_id, streak_best, told_level, width_bucket(experience, $8::bigint[]) as level)
  insert into avatar_customizations (user_id, category, item_id)
  select after.user_id, i.category, i.item_id from after left join before on true
  join avatar_items i on i.is_active and (i.unlock_level <= after.level or i.unlock_streak <= after.streak_best)
  where after.level > after.told_level or after.streak_best > coalesce(before.streak_best, 0)
  on conflict (user_id, category, item_id) do nothing`;

const PUBLISH = `
  with event as (
    insert into outbox_events (topic, key, payload, publisher) values ('challenge.completed', $1, $2::text::json, 'peer') returning id)
  insert into outbox_deliveries (event_id, subscriber, key)
  select event.id, s.name, $1 from event, outbox_subscribers s where s.topic = 'challenge.completed'`;

// Throws { status, code }. The body is the request's.
export async function complete(run, userId, body) {
  const id = Number(body?.user_challenge_id);
  if (!Number.isInteger(id) || id < 1) throw { status: 422, code: "validation_failed" };
  const [open] = await run(LOCK, [id, userId]);
  if (!open) throw { status: 409, code: "attempt_not_open" };
  const now = new Date(open.now);
  if (open.expires_at && new Date(open.expires_at) <= now) throw { status: 409, code: "attempt_expired" };
  if (open.type !== "daily") throw { status: 409, code: "challenge_type_unavailable" };
  const reward = Math.min(Math.max(open.offered_reward, SETTINGS.rewardMin), SETTINGS.rewardMax);
  const source = `attempt:${id}`;
  const [ended] = await run(COMPLETE, [userId, now.toISOString(), open.time_zone, SETTINGS.perDay, reward, id]);
  if (!ended) throw { status: 429, code: "completions_per_day_exceeded" };
  await run(PAY, [userId, reward, source]);
  await run(FEED, [userId, source, open.energy ?? SETTINGS.energy, open.experience ?? SETTINGS.experience,
    ended.streak_days, SETTINGS.energyAtStart, SETTINGS.decay, LEVELS]);
  await run(PUBLISH, [userId, JSON.stringify({ attempt_id: id, challenge_id: open.challenge_id, user_id: userId,
    type: open.type, reward, completed_at: ended.completed_at, streak_days: ended.streak_days })]);
  return ended;
}

const LIST = `
  select c.id, c.slug, c.type, c.title, c.description, c.reward, c.rules, c.difficulty, c.schedule from challenges c
  where c.is_active and c.schedule = 'always' and (c.available_from is null or c.available_from <= now())
    and (c.available_until is null or c.available_until > now()) and c.id > $1::integer and c.type = any($2::text[])
  order by c.id limit $3::integer`;

export async function list(run, query) {
  const limit = Number(query.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw { status: 422, code: "validation_failed" };
  const rows = [...await run(LIST, [0, "{daily,focus,social}", limit + 1])];
  const next = rows.length > limit ? String(rows[limit - 1].id) : null;
  return { items: rows.slice(0, limit), next };
}
