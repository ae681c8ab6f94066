import { z } from "zod";
import type { Place } from "../destination.ts";
import type { Transport } from "../http.ts";

const lists = z.object({ lists: z.array(z.object({ id: z.string(), name: z.string() })) });

/** More audiences than any plan of Mailchimp allows; also its largest page. */
const MOST_AUDIENCES = 1_000;

/** The audiences of a Mailchimp account, in whose one the merchant's segments will be. Throws the retry classes. */
export async function listAudiences(options: {
  transport: Transport;
  baseUrl: string;
  /** The value of the header. */
  authorization: string;
}): Promise<Place[]> {
  const url = `${options.baseUrl}/3.0/lists?fields=lists.id,lists.name&count=${MOST_AUDIENCES}`;
  const headers = { authorization: options.authorization };
  return (await options.transport.call({ method: "GET", url, headers, answer: lists })).answer.lists;
}
