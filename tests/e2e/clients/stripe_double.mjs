// The double speaks what Stripe speaks, by Stripe's own package: stripe_double.mjs stripe PORT KEY
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const [name, port, key] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CALIXO_TEST_NODE, "package.json"));
const required = require(name);
const Stripe = required.default ?? required;
const options = { host: "127.0.0.1", port: Number(port), protocol: "http", maxNetworkRetries: 2 };
const stripe = new Stripe(key, options);

const person = { email: "ana+ñ@example.org", metadata: { user_id: "17 & 18" } };
const customer = await stripe.customers.create(person, { idempotencyKey: "one" });
assert.equal(customer.object, "customer");
assert.equal(customer.email, person.email);
assert.equal(customer.metadata.user_id, "17 & 18");
assert.equal((await stripe.customers.create(person, { idempotencyKey: "one" })).id, customer.id);
await assert.rejects(stripe.customers.create({ email: "b@example.org" }, { idempotencyKey: "one" }), {
  type: "StripeIdempotencyError",
});

const wanted = { id: "ours_1", percent_off: 25, duration: "once", name: "VERANO & MÁS" };
const coupon = await stripe.coupons.create(wanted);
assert.deepEqual([coupon.object, coupon.id, coupon.percent_off, coupon.duration], ["coupon", "ours_1", 25, "once"]);
assert.equal((await stripe.coupons.retrieve("ours_1")).name, wanted.name);
await assert.rejects(stripe.coupons.create(wanted), { code: "resource_already_exists", statusCode: 400 });

const session = await stripe.checkout.sessions.create({
  mode: "subscription",
  customer: customer.id,
  client_reference_id: "17",
  line_items: [{ price: "price_month", quantity: 1 }],
  subscription_data: { metadata: { user_id: "17" } },
  discounts: [{ coupon: coupon.id }],
  metadata: { calixo_coupon_id: "1" },
  success_url: "https://calixo.test/thanks?a=1&b=2",
  cancel_url: "https://calixo.test/",
});
assert.equal(session.customer, customer.id);
assert.match(session.url, /^https:/);
assert.equal((await stripe.checkout.sessions.retrieve(session.id)).success_url, "https://calixo.test/thanks?a=1&b=2");
const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: "https://calixo.test/" });
assert.match(portal.url, /^https:/);
await assert.rejects(stripe.subscriptions.retrieve("sub_none"), { code: "resource_missing", statusCode: 404 });
await assert.rejects(new Stripe("sk_wrong", options).customers.list(), { type: "StripeAuthenticationError" });

for (let i = 0; i < 5; ++i) await stripe.customers.create({ metadata: { i } });
const seen = [];
for await (const one of stripe.customers.list({ limit: 2 })) seen.push(one.id);
assert.equal(seen.length, 6);
assert.equal(new Set(seen).size, 6);
assert.equal(seen.at(-1), customer.id);
console.log(JSON.stringify({ customer: customer.id }));
