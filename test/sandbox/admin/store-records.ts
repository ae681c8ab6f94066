import { GraphQLError } from "graphql";
import { customerNode } from "../shopify/nodes/customer.ts";
import { orderNode } from "../shopify/nodes/order.ts";
import { productNode } from "../shopify/nodes/product.ts";
import { refundNode } from "../shopify/nodes/refund.ts";
import type { Records, StorePast } from "../shopify/past.ts";
import { Connection, type Fields } from "./connection.ts";

export type RootKind = "products" | "customers" | "orders";

/** A store's records as the Admin API shows them to one app. */
export interface StoreRecords {
  /** All records of a kind that the app may see, one after the other. */
  each(kind: RootKind): Generator<Fields, void, undefined>;
  /** Those the search finds, in order of their last change. */
  search(kind: RootKind, query: string | null | undefined): Connection;
  /** Of customers' metafields. */
  definitions(): Connection;
  /** By global id; null for what does not exist or must not be seen. */
  find(globalId: string): Fields | null;
}

const SIXTY_DAYS = 60 * 86_400_000;

/** @param allOrders whether the app has read_all_orders: without it, orders older than 60 days are not there */
export function storeRecords(past: StorePast, allOrders: () => boolean): StoreRecords {
  const { settings } = past;
  const isHidden = ({ createdAt }: { createdAt: Date }): boolean =>
    !allOrders() && createdAt.getTime() < Date.now() - SIXTY_DAYS;

  function* each(kind: RootKind): Generator<Fields, void, undefined> {
    if (kind === "products") for (const product of all(past.products)) yield productNode(settings, product);
    if (kind === "customers") for (const customer of all(past.customers)) yield customerNode(settings, customer);
    if (kind !== "orders") return;
    for (const order of all(past.orders)) if (!isHidden(order)) yield orderNode(settings, order);
  }

  /** Of a past in which nothing changes only what is found is made: a look at half a million orders would take seconds. */
  function* changedIn(kind: RootKind, holds: (updatedAt: Date) => boolean): Generator<Fields, void, undefined> {
    if (kind !== "orders" || past.fixed !== true) {
      for (const node of each(kind)) if (holds(new Date(String(node["updatedAt"])))) yield node;
      return;
    }
    orderChanges ??= Float64Array.from({ length: past.orders.length }, (_, place) =>
      past.orders.at(place).updatedAt.getTime(),
    );
    for (const [place, at] of orderChanges.entries()) {
      const order = holds(new Date(at)) ? past.orders.at(place) : null;
      if (order && !isHidden(order)) yield orderNode(settings, order);
    }
  }
  let orderChanges: Float64Array | undefined;

  return {
    each,
    search(kind, query) {
      const holds = readSearch(query ?? "");
      const found = [...changedIn(kind, holds)];
      return new Connection(
        found.sort((left, right) => (String(left["updatedAt"]) < String(right["updatedAt"]) ? -1 : 1)),
      );
    },
    definitions: () =>
      new Connection(
        (past.metafieldDefinitions ?? []).map(({ type, ...named }) => ({ ...named, type: { name: type } })),
      ),
    find(globalId) {
      const [, type, digits] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(globalId) ?? [];
      const id = Number(digits);
      switch (type) {
        case "Product": {
          const product = past.products.find(id);
          return product ? productNode(settings, product) : null;
        }
        case "Customer": {
          const customer = past.customers.find(id);
          return customer ? customerNode(settings, customer) : null;
        }
        case "Order": {
          const order = past.orders.find(id);
          return order && !isHidden(order) ? orderNode(settings, order) : null;
        }
        case "Refund":
          return findRefund(past, id, isHidden);
        default:
          return null;
      }
    },
  };
}

const refundPlaces = new WeakMap<StorePast, Map<number, number>>();

/** Refunds are known by their orders; the way back is made once. */
function findRefund(past: StorePast, id: number, isHidden: (order: { createdAt: Date }) => boolean): Fields | null {
  let places = refundPlaces.get(past);
  if (!places) {
    places = new Map();
    for (let place = 0; place < past.orders.length; place += 1) {
      for (const refund of past.orders.at(place).refunds) places.set(refund.id, place);
    }
    refundPlaces.set(past, places);
  }
  const place = places.get(id);
  if (place === undefined) return null;
  const order = past.orders.at(place);
  const refund = order.refunds.find((one) => one.id === id);
  return refund && !isHidden(order) ? refundNode(past.settings, order, refund) : null;
}

function* all<T>(records: Records<T>): Generator<T, void, undefined> {
  for (let place = 0; place < records.length; place += 1) yield records.at(place);
}

/** Of Shopify's search syntax only bounds on updated_at, joined by AND. */
function readSearch(query: string): (updatedAt: Date) => boolean {
  const terms = query.split(/\s+AND\s+/).filter((term) => term !== "");
  const tests = terms.map((term) => {
    const [, comparator, time = ""] = /^updated_at:(>=|<=|>|<)'([^']+)'$/.exec(term) ?? [];
    const bound = new Date(time).getTime();
    if (comparator === undefined || Number.isNaN(bound)) {
      throw new GraphQLError(`the sandbox does not search by ${JSON.stringify(term)}`);
    }
    return (at: number): boolean =>
      comparator === ">="
        ? at >= bound
        : comparator === "<="
          ? at <= bound
          : comparator === ">"
            ? at > bound
            : at < bound;
  });
  return (updatedAt) => tests.every((test) => test(updatedAt.getTime()));
}
