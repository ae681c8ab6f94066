import { z } from "zod";
import type { Catalogue } from "./queue.ts";

const shopId = z.number().int().positive();

/** Every job there is. A payload only says where to look: what is to be done stands in the database. */
export const catalogue = {
  /** Read a shop's waiting deliveries into facts. */
  ingest: { payload: z.object({ shop: z.string() }), attempts: 5, backoffMs: 500 },
  /** Recompute waiting profiles of a shop and decide their segments. */
  profiles: { payload: z.object({ shopId }), attempts: 5, backoffMs: 500 },
  /** Look up whose waiting browsers of a shop are. */
  visitors: { payload: z.object({ shopId }), attempts: 5, backoffMs: 500 },
  /** Switch a shop's web pixel on. */
  pixel: { payload: z.object({ shopId }), attempts: 5, backoffMs: 10_000 },
  /** Decide segments whose rule or clocks are new for everybody. */
  segments: { payload: z.object({ shopId }), attempts: 5, backoffMs: 500 },
  /** Work out a rule over the past. */
  backtest: { payload: z.object({ shopId, backtestId: z.string() }), attempts: 3, backoffMs: 2_000 },
  /** Publish rules of a shop whose moment has come. */
  schedules: { payload: z.object({ shopId }), attempts: 5, backoffMs: 1_000 },
  /** Write down what the shop's segments were like, and look for what is worth a second look. */
  watch: { payload: z.object({ shopId }), attempts: 3, backoffMs: 5_000 },
  /** Take the timers that are due, of all shops. */
  timers: { payload: z.object({}), attempts: 5, backoffMs: 500 },
  /** Send an audience's waiting changes to its destination; once a day, read it back and mend what differs. */
  sync: { payload: z.object({ shopId, audienceId: z.number().int() }), attempts: 5, backoffMs: 1_000 },
  /** Build the next parts of a file of a segment. */
  "segment-export": { payload: z.object({ shopId, exportId: z.string() }), attempts: 5, backoffMs: 2_000 },
  /** Try a paused connection again, and go on where it works. */
  connection: { payload: z.object({ shopId, destinationId: z.number().int() }), attempts: 3, backoffMs: 5_000 },
  /** Do what an automation has to do because somebody entered or left its segment. */
  automations: { payload: z.object({ shopId, automationId: z.number().int() }), attempts: 5, backoffMs: 1_000 },
  /** Read what people did with a platform's mails. */
  engagement: { payload: z.object({ shopId, destinationId: z.number().int() }), attempts: 5, backoffMs: 2_000 },
  /** Have a platform call us when somebody decides something there, or end it. */
  hook: { payload: z.object({ shopId, destinationId: z.number().int() }), attempts: 3, backoffMs: 5_000 },
  /** Take in what platforms called about. */
  calls: { payload: z.object({ shopId }), attempts: 5, backoffMs: 1_000 },
  /** Tell the shop and the platforms what they have to hear of consent, and have platforms forget people. */
  errands: { payload: z.object({ shopId }), attempts: 5, backoffMs: 2_000 },
  /** Read what happened in a shop before the installation. */
  "back-fill": { payload: z.object({ shopId }), attempts: 5, backoffMs: 1_000 },
  /** Compare a shop with Shopify and read again what no delivery told of. */
  drift: { payload: z.object({ shopId }), attempts: 3, backoffMs: 5_000 },
  /** Do what a shop's privacy requests ask for. */
  privacy: { payload: z.object({ shopId }), attempts: 5, backoffMs: 2_000 },
  /** Make the recommendations of waiting customers and of the products they touch. */
  recommendations: { payload: z.object({ shopId }), attempts: 5, backoffMs: 1_000 },
  /** Tell Shopify which lists its theme blocks are to render. */
  storefront: { payload: z.object({ shopId }), attempts: 5, backoffMs: 5_000 },
  /** Look up whose the names are that the merchant's own systems use, and orders that name no customer. */
  names: { payload: z.object({ shopId }), attempts: 5, backoffMs: 500 },
  /** Look at the data of all profiles of a shop for what is doubtful. */
  quality: { payload: z.object({ shopId }), attempts: 3, backoffMs: 5_000 },
  /** Compare the customers of a shop who changed with the others, and once a day all with one another. */
  duplicates: { payload: z.object({ shopId }), attempts: 3, backoffMs: 5_000 },
  /** Find rows whose job was lost. */
  sweep: { payload: z.object({}), attempts: 1, backoffMs: 1_000 },
} as const satisfies Catalogue;

export type Jobs = typeof catalogue;
