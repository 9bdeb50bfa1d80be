// Takes a delivery of Stripe's as its package's manual has it: verified on the raw body, stored once.
import Stripe from "stripe";
import { client } from "../../database.js";

export const dynamic = "force-dynamic";

const stripe = new Stripe("sk_test_unused");

export async function POST(request) {
  const body = await request.text();
  let event;
  try {
    event = stripe.webhooks.constructEvent(body, request.headers.get("stripe-signature"), process.env.WEBHOOK_SECRET);
  } catch {
    return Response.json({ code: "delivery_refused" }, { status: 400 });
  }
  await client`
    insert into stripe_events (id, type, api_version, is_live, created_at, body)
    values (${event.id}, ${event.type}, ${event.api_version}, ${event.livemode}, to_timestamp(${event.created}), ${body})
    on conflict (id) do nothing`;
  return Response.json({ received: true });
}
