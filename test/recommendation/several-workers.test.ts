import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Facts, noFacts, type OrderFact, type ProductFact } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { type Db, openDatabase } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { erasePersonStep } from "../../app/privacy/erase-person.server.ts";
import { openRequests, recordMerchantRequest } from "../../app/privacy/privacy-requests-store.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { trimChanges } from "../../app/recommendation/changes-store.server.ts";
import { enqueueRecommendations, waitingCustomers } from "../../app/recommendation/lists-store.server.ts";
import { createRecommender, type Recommender } from "../../app/recommendation/recommender.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop, readShop } from "../../app/shopify/shop-store.server.ts";
import { createOnServer, SERVER_TEMPLATE } from "../support/database.ts";
import { postgresUrl } from "../support/services.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const PRODUCTS = 24;
const CUSTOMERS = 40;
/** Of these the change is told by a transaction that ends long after later ones. */
const LATE_CUSTOMER = 1_000;
/** The catalogue is looked at every five seconds; the machine may have other things to do. */
const WITHIN = { timeout: 15_000, interval: 100 };

const server = await postgresUrl("several workers of one shop");

describe.skipIf(server === undefined)("two workers of one shop", () => {
  let dbs: Db[] = [];
  let db: Db;
  let shop: ShopId;
  let workers: Recommender[] = [];
  let drop: () => Promise<void>;
  let following = () => Promise.resolve();
  const logged: string[] = [];
  const log = createLog("warn", { write: (line) => logged.push(line) });
  let versions = 0;
  let titled = 0;
  const version = () => ({
    updatedAt: new Date(NOW.getTime() + versions++),
    triggeredAt: NOW,
    delivery: String(versions),
  });
  const worker = (own: Db): Recommender => createRecommender({ db: own, log, now: () => NOW, onTrained: () => {} });

  beforeAll(async () => {
    const database = await createOnServer(server ?? "", process.env[SERVER_TEMPLATE]);
    const connect = () => openDatabase({ url: database.url, dataDir: "", onError: () => {} });
    dbs = [await connect(), await connect()];
    drop = database.drop;
    [db] = dbs as [Db];
    shop = (await ensureShop(db, "one.myshopify.com")).id;
    workers = dbs.map(worker);
    const orders = Array.from({ length: 120 }, (_, k) =>
      order(1 + k, 1 + (k % CUSTOMERS), k % 4 === 0 ? [1, 2] : [3 + (k % 7), 10 + ((k * 7) % 10)]),
    );
    await bring({ products: Array.from({ length: PRODUCTS }, (_, id) => product(id)), orders });
    for (const one of workers) await one.refresh(shop);
    await workers[0]?.idle();
  }, 120_000);

  afterEach(() => following());

  afterAll(async () => {
    for (const one of workers) one.close();
    for (const one of dbs) await one.close();
    await drop();
  });

  it("show the same personal lists once one of them has trained", async () => {
    for (const one of workers) await one.refresh(shop);
    const [one, other] = workers.map((each) => each.listsOf(shop)?.forCustomer("3"));
    expect(one?.confidence).not.toBeNull();
    expect(other).toEqual(one);
  });

  it.each([1, 2])(
    "after any orders, refunds and views show the lists of a rebuild within seconds (%i)",
    async (seed) => {
      const random = seededRandom(seed);
      const any = (below: number): number => Math.floor(random() * below);
      following = startFollowing();
      const orders: OrderFact[] = [];
      const late: (() => Promise<void>)[] = [];
      for (let step = 0; step < 45; step++) {
        const kind = any(10);
        const known = orders[any(Math.max(1, orders.length))];
        const bought = () => [any(PRODUCTS), any(PRODUCTS), any(4)].slice(0, 1 + any(3));
        if (kind < 4 || !known) {
          const made = order(seed * 1_000 + step, 1 + any(CUSTOMERS), bought());
          orders.push(made);
          await bring({ orders: [made] });
        } else if (kind === 4) {
          await bring({ orders: [{ ...known, cancelledAt: NOW, version: version() }] });
        } else if (kind === 5) {
          const line = {
            id: String(seed * 1_000 + step),
            refundId: "1",
            orderId: known.id,
            lineId: known.lines[0]?.id ?? "",
          };
          await bring({ refundLines: [{ ...line, quantity: 1 }], orders: [{ ...known, version: version() }] });
        } else if (kind < 8) {
          late.push(await held((tx) => look(tx, `${seed}-${step}`, bought())));
          // More than is read again anyway, by the time it ends.
          await fill(`${seed}-${step}`);
        } else {
          const customer = LATE_CUSTOMER + seed * 100 + step;
          await db.tx((tx) =>
            mergeFacts(tx, shop, { ...noFacts(), orders: [order(seed * 1_000 + step, customer, bought())] }),
          );
          late.push(await held((tx) => enqueueRecommendations(tx, shop, [String(customer)], NOW)));
        }
        if (late.length > 2) await late.splice(any(late.length), 1)[0]?.();
        await workers[any(2)]?.refresh(shop);
      }
      for (const end of late) await end();
      await renameProduct();
      await workers[any(2)]?.refresh(shop);
      expect(await waitingCustomers(db, shop, 1)).toEqual([]);
      await expect.poll(ofWorkers, WITHIN).toEqual(await ofRebuild());
      expect(logged).toEqual([]);
    },
    60_000,
  );

  it("of two that find a training due one trains, and the other shows what it learned; a dead one's turn ends", async () => {
    const lines: string[] = [];
    const own = dbs.map((each) =>
      createRecommender({
        db: each,
        log: createLog("info", { write: (line) => lines.push(line) }),
        now: () => NOW,
        onTrained: () => {},
      }),
    );
    const trained = () => lines.filter((line) => line.includes("recommendations trained")).length;
    const bothRefresh = async (): Promise<void> => {
      await Promise.all(own.map((one) => one.refresh(shop)));
      await Promise.all(own.map((one) => one.idle()));
    };
    const due = () =>
      db.query("UPDATE recommendation_models SET trained_at = to_timestamp(0) WHERE shop_id = $1", [shop]);
    const turn = (until: string) =>
      db.query("UPDATE recommendation_trainings SET taken_until = now() + $2::interval WHERE shop_id = $1", [
        shop,
        until,
      ]);
    await due();
    await bothRefresh();
    expect(trained()).toBe(1);
    await bothRefresh();
    expect(trained()).toBe(1);
    const confidences = own.map((one) => one.listsOf(shop)?.forCustomer("3").confidence);
    expect(confidences[0]).not.toBeNull();
    expect(confidences[1]).toBe(confidences[0]);
    for (const one of own) one.close();
    // One begins anew while another that was killed still has its turn, and once that is over.
    await due();
    await turn("20 seconds");
    const last = createRecommender({
      db,
      log: createLog("info", { write: (line) => lines.push(line) }),
      now: () => NOW,
      onTrained: () => {},
    });
    await last.refresh(shop);
    await last.idle();
    expect(trained()).toBe(1);
    await turn("-1 second");
    await last.refresh(shop);
    await last.idle();
    expect(trained()).toBe(2);
    last.close();
  }, 60_000);

  it("whoever is erased leaves the memory of every worker within seconds, their orders count as nobody's", async () => {
    const erased = 31;
    const client = "browser-of-31";
    await bring({ orders: [order(9_101, erased, [22, 23]), order(9_102, erased, [22, 9])] });
    await db.query(
      `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, customer_id, product_id, properties)
       SELECT $1, 'storefront.product_viewed', 'pixel', 'seen-' || id, $2::timestamptz, $2, $3, $4, id, '{}' FROM unnest(ARRAY[4, 5, 6]) id`,
      [shop, NOW, client, erased],
    );
    following = startFollowing();
    await workers[0]?.refresh(shop);
    const known = () =>
      workers.map((one) => {
        const lists = one.listsOf(shop);
        return [lists?.people().includes(String(erased)), lists?.visitors().includes(client)];
      });
    await expect.poll(known, WITHIN).toEqual([
      [true, true],
      [true, true],
    ]);
    const people = workers[0]?.listsOf(shop)?.people().length ?? 0;
    await db.tx((tx) => recordMerchantRequest(tx, shop, "customer_redact", String(erased), NOW));
    const [request] = await openRequests(db, shop);
    const { marks } = createCrypto([Buffer.alloc(32, 1).toString("base64")]);
    const whole = await readShop(db, shop);
    if (!request || !whole) throw new Error("no request");
    const step = await erasePersonStep({ db, shop: whole, marks, now: () => new Date() }, request);
    expect(step).toEqual({ outcome: "done" });
    await expect.poll(known, { timeout: 5_000, interval: 50 }).toEqual([
      [false, false],
      [false, false],
    ]);
    for (const one of workers) {
      expect(one.listsOf(shop)?.people()).toHaveLength(people - 1);
      expect(one.listsOf(shop)?.forCustomer(String(erased)).kind).toBeNull();
    }
    const { rows } = await db.query("SELECT FROM recommendation_changes WHERE shop_id = $1 AND customer_id = $2", [
      shop,
      erased,
    ]);
    expect(rows).toEqual([]);
    await renameProduct();
    await expect.poll(ofWorkers, WITHIN).toEqual(await ofRebuild());
    // One of those orders is somebody else's now, say a guest's who became a customer: it counts once.
    await db.query("UPDATE orders SET customer_id = 5 WHERE shop_id = $1 AND id = 9101", [shop]);
    await enqueueRecommendations(db, shop, ["5"], NOW);
    await renameProduct();
    await expect.poll(ofWorkers, WITHIN).toEqual(await ofRebuild());
    expect(logged).toEqual([]);
  }, 60_000);

  it("who was away longer than changes are kept reads everything anew", async () => {
    await bring({ orders: [order(9_001, 5, [20, 21]), order(9_002, 6, [20, 21])] });
    await workers[0]?.refresh(shop);
    await trimChanges(db, shop, new Date(Date.now() + 60_000));
    await renameProduct();
    following = startFollowing();
    await expect.poll(ofWorkers, WITHIN).toEqual(await ofRebuild());
    expect(logged).toEqual([]);
  }, 30_000);

  /** What is popular is counted again when the catalogue changes. */
  async function renameProduct(): Promise<void> {
    for (const one of workers) await one.follow(() => Promise.resolve(true));
    await bring({ products: [product(0, `Product, ${++titled}`)] });
  }

  /** What both should show. */
  async function ofRebuild() {
    const anew = worker(db);
    await anew.refresh(shop);
    const rebuilt = shown(anew);
    anew.close();
    return [rebuilt, rebuilt];
  }

  const ofWorkers = () => workers.map(shown);

  /** Beside each product, to anybody and to one customer, and after what somebody looked at. */
  function shown(one: Recommender) {
    const lists = one.listsOf(shop);
    return Array.from({ length: PRODUCTS }, (_, id) => [
      lists?.forProduct(String(id)),
      lists?.forProduct(String(id), [], String(1 + id)),
      lists?.forVisitor([String(id), String((id * 5) % PRODUCTS)]),
    ]);
  }

  /** Both look for what the other did, as their processes do. @returns what ends that */
  function startFollowing(): () => Promise<void> {
    let goesOn = true;
    const loops = workers.map(async (one) => {
      while (goesOn) {
        await one.follow(() => Promise.resolve(true));
        await wait(50);
      }
    });
    return async () => {
      goesOn = false;
      await Promise.all(loops);
    };
  }

  /** In a transaction that does not end before it is told to. */
  async function held(work: Parameters<Db["tx"]>[0]): Promise<() => Promise<void>> {
    const done = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const transaction = db.tx(async (tx) => {
      await work(tx);
      done.resolve();
      await end.promise;
    });
    await Promise.race([done.promise, transaction]);
    return async () => {
      end.resolve();
      await transaction;
    };
  }

  async function bring(facts: Partial<Facts>): Promise<void> {
    await db.tx(async (tx) => {
      await enqueueProfiles(tx, shop, await mergeFacts(tx, shop, { ...noFacts(), ...facts }), NOW);
    });
    while ((await recompute(db, shop, { limit: 100, now: NOW, coalesceMs: 0 })).taken > 0);
  }

  async function look(tx: Pick<Db, "query">, client: string, products: number[]): Promise<void> {
    await tx.query(
      `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, product_id, properties)
       SELECT $1, 'storefront.product_viewed', 'pixel', $3 || '-' || n || '-' || id, $2::timestamptz + n * interval '1 second', $2, $3 || '-' || n, id, '{}'
       FROM generate_series(1, 4) n, unnest($4::bigint[]) id`,
      [shop, NOW, client, [...new Set(products)]],
    );
  }

  async function fill(name: string): Promise<void> {
    await db.query(
      `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, properties)
       SELECT $1, 'order.created', 'webhook', $3 || '-' || n, $2::timestamptz, $2, '{}' FROM generate_series(1, 600) n`,
      [shop, NOW, name],
    );
    await look(db, `${name}-after`, [1, 2]);
  }

  function product(id: number, title = `Product ${id}`): ProductFact {
    const told = { title, handle: `product-${id}`, vendor: null, productType: id < 10 ? "Jackets" : "Hats" };
    const rest = { status: "active", tags: [], imageUrl: null, price: "10.00", category: null, createdAt: null };
    return { id: String(id), ...told, ...rest, publishedAt: NOW, version: version() };
  }

  function order(id: number, customer: number, products: readonly number[]): OrderFact {
    const nobody = { name: null, email: null, phone: null, sourceName: null, appId: null, locationId: null };
    const lines = products.map((one, at) => ({ id: String(id * 100 + at), productId: String(one), variantId: null }));
    return {
      id: String(id),
      customerId: String(customer),
      ...nobody,
      currency: "EUR",
      grossMinor: 1_000n,
      orderedAt: new Date(NOW.getTime() - (60 - (id % 60)) * 86_400_000),
      cancelledAt: null,
      test: false,
      discountCodes: [],
      tags: [],
      cartToken: null,
      checkoutToken: null,
      lines: lines.map((line) => ({ ...line, title: null, vendor: null, quantity: 1, priceMinor: 1_000n })),
      version: version(),
    };
  }
});
