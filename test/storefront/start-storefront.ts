import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createLog } from "../../app/platform/log.server.ts";
import type { Sql } from "../../app/platform/db.server.ts";
import { type FeedbackMessage, feedbackMessageSchema } from "../../app/recommendation/feedback/feedback-message.ts";
import type { Arm, Person } from "../../app/recommendation/holdout/arm.ts";
import type { ShownProduct } from "../../app/recommendation/list.ts";
import { createProxyDoor } from "../../app/recommendation/proxy-door.server.ts";
import { isProxySigned } from "../../app/recommendation/proxy-signature.server.ts";
import { settingsSchema } from "../../app/recommendation/settings.ts";
import type { ShopLists } from "../../app/recommendation/shop-lists.ts";
import { metafieldsOf, NO_PRODUCT } from "../../app/recommendation/storefront/metafields.ts";
import { APP_INSTALLATION_ID, metafieldName } from "../sandbox/admin/admin-graphql.ts";
import { createCatalogue } from "../sandbox/shopify/catalogue.ts";
import { createShopWindow, type ThemeProduct } from "../sandbox/storefront/shop-window.ts";
import { createStorefront } from "../sandbox/storefront/storefront.ts";

export interface RunningStorefront {
  url: string;
  products: readonly ThemeProduct[];
  /** Feedback as it came to the app: signed, and of a shape that it takes. */
  told: { customerId: string; message: FeedbackMessage }[];
  /** Who lists were asked for, where that was told. */
  asked: Person[];
  /** The arm everybody is in. */
  arm: Arm | null;
  close(): void;
}

const SHOP = "kontor.myshopify.com";
const SECRET = "hush";
const EXTENSION = join(import.meta.dirname, "../../extensions/storefront");

/**
 * The sandbox store's storefront with lists as the app writes them, and behind its proxy the app's own door. Beside product k stand the
 * eight after it; popular are the first ones, without caps unless they are given; customer 3 is recommended the last ones, and nobody what they said is not for them. No database: lists are told to the door.
 * @param settings of the blocks
 */
export async function startStorefront(
  settings: Record<string, unknown> = {},
  caps = { perVendor: 99, perType: 99 },
): Promise<RunningStorefront> {
  const facts = createCatalogue(() => new Date("2026-01-01T00:00:00Z")).map(({ product }) => product);
  const metafields = new Map<string, string>();
  const window = createShopWindow({ name: "Kontor", currency: "EUR" }, facts, metafields);
  const shown = (place: number, reason: ShownProduct["reason"]): ShownProduct => {
    const { id, title, url } = window.products[place % window.products.length] ?? missing();
    return { id: String(id), title, url, image: null, price: "10.00", reason };
  };
  const beside = (place: number): ShownProduct[] =>
    Array.from({ length: 8 }, (_, step) =>
      shown(place + step + 1, { kind: "bought_together", productId: "1", title: "x", both: 41 - step, of: 230 }),
    );
  const popular = Array.from({ length: 12 }, (_, place) => shown(place, { kind: "popular", orders: 9 }));
  const personal = Array.from({ length: 8 }, (_, place) => shown(119 - place, { kind: "again", times: 2 }));

  const tell = (productId: string, items: readonly ShownProduct[]): void => {
    for (const { ownerId, namespace, key, value } of metafieldsOf(productId, items, APP_INSTALLATION_ID, caps)) {
      metafields.set(metafieldName(ownerId, namespace, key), value);
    }
  };
  window.products.forEach(({ id }, place) => tell(String(id), beside(place)));
  tell(NO_PRODUCT, popular);

  const lists: Pick<ShopLists, "forProduct" | "forVisitor" | "forCustomer" | "atLeast"> = {
    atLeast: () => lists,
    forProduct: (id, _cart, who = null) =>
      wantedBy(who, beside(window.products.findIndex((product) => String(product.id) === id))),
    forVisitor: (viewed, _cart, who = null) => wantedBy(who, viewed.length > 0 ? beside(60) : popular),
    forCustomer: (id, _cart, heldOut = false) => {
      const isPersonal = id === "3" && !heldOut;
      return { personal: isPersonal, confidence: 0.9, items: isPersonal ? personal : popular };
    },
  };
  const told: RunningStorefront["told"] = [];
  const wantedBy = (who: string | null, items: ShownProduct[]): ShownProduct[] => {
    const own = told.filter(({ customerId }) => customerId === who).flatMap(({ message }) => message.events);
    const unwanted = own.filter(({ kind }) => kind === "not_for_me").map((event) => event.product);
    return items.filter(({ id }) => !unwanted.includes(id));
  };
  const asked: Person[] = [];
  const app = createServer(
    createApp(told, {
      recommender: { listsOf: () => lists as ShopLists },
      secrets: [SECRET],
      log: createLog("silent"),
      armOf: (_, person) => {
        asked.push(person);
        return Promise.resolve(running.arm);
      },
      settingsOf: () => Promise.resolve(settingsSchema.parse({})),
      sql: { query: () => Promise.resolve({ rows: [{ id: 1, domain: SHOP, currency: "EUR" }] }) } as unknown as Sql,
    }),
  );
  const store = createServer(
    createStorefront({
      shop: SHOP,
      apiSecret: SECRET,
      window,
      extension: EXTENSION,
      settings,
      appUrl: await listening(app),
    }),
  );
  const running: RunningStorefront = {
    url: await listening(store),
    products: window.products,
    told,
    asked,
    arm: "treated",
    close() {
      for (const server of [app, store]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
  return running;
}

type DoorOptions = Parameters<typeof createProxyDoor>[0];

function createApp(told: RunningStorefront["told"], options: DoorOptions): Parameters<typeof createServer>[1] {
  const door = createProxyDoor(options);
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://app.invalid");
    if (pathname === "/proxy/recommendations") return door(request, response);
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const message = feedbackMessageSchema.safeParse(JSON.parse(body));
      const isGood = message.success && isProxySigned(searchParams, options.secrets, new Date());
      if (isGood) told.push({ customerId: searchParams.get("logged_in_customer_id") ?? "", message: message.data });
      response.writeHead(isGood ? 204 : 400).end();
    });
  };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function missing(): never {
  throw new Error("the catalogue is empty");
}
