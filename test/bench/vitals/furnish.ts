import { insertArrivals } from "../../../app/ingest/inbox-store.server.ts";
import { deliveryDigest } from "../../../app/ingest/signature.server.ts";
import type { DemoApp } from "../../demo/start-app.ts";

const STAFF = "bench";

/** What no history brings along: an automation at every segment, a block, a request for an export, and a delivery that cannot be read. */
export async function furnish({ muster, shop }: DemoApp): Promise<void> {
  const { rows } = await muster.db.query<{ id: number }>("SELECT id FROM segments WHERE shop_id = $1", [shop.id]);
  for (const { id } of rows) {
    await muster.automations.save(
      shop.domain,
      {
        segmentId: id,
        id: null,
        kind: "flow_trigger",
        name: "Greet",
        onEntry: true,
        onExit: false,
        url: "",
        tag: "",
        present: false,
      },
      STAFF,
    );
  }
  const customers = await muster.db.query<{ id: string }>(
    "SELECT min(customer_id) AS id FROM profiles WHERE shop_id = $1",
    [shop.id],
  );
  await muster.actions.requestPrivacy(shop.domain, "data_request", customers.rows[0]?.id ?? "");
  await muster.content.create(shop.domain, {
    name: "Greeting",
    handle: "",
    place: "storefront",
    source: "<p>Hello {{ customer.first_name }}, you have ordered {{ customer.orders_count }} times.</p>",
    fallbacks: {},
    author: STAFF,
  });
  const body = Buffer.from('{"id":');
  const [topic, webhookId, at] = ["orders/create", "unreadable", new Date()];
  await insertArrivals(muster.db, [
    {
      shop: shop.domain,
      topic,
      webhookId,
      eventId: null,
      apiVersion: null,
      triggeredAt: at,
      receivedAt: at,
      digest: deliveryDigest(topic, null, webhookId, body),
      body,
    },
  ]);
}
