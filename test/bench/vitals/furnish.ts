import type { PlayedShop } from "../../demo/play-shop.ts";
import { type Delivery, triggeredAt } from "../../sandbox/shopify/delivery.ts";
import { createPoster } from "../../sandbox/shopify/post-delivery.ts";

const STAFF = "bench";

/** What no history brings along: an automation at every segment, a block, a request for an export, and a delivery that cannot be read. */
export async function furnish({ app: { muster, shop }, deliverTo }: PlayedShop): Promise<void> {
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
  const poster = createPoster({ ...deliverTo, connections: 1 });
  try {
    if (!(await poster.post(unreadable(new Date())))) throw new Error("The delivery that cannot be read was refused.");
  } finally {
    await poster.close();
  }
}

const unreadable = (at: Date): Delivery => ({
  topic: "orders/create",
  webhookId: "unreadable",
  eventId: "unreadable",
  triggeredAt: triggeredAt(at, 0),
  at,
  body: () => '{"id":',
});
