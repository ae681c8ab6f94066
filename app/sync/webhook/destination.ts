import { z } from "zod";
import { TRY_AGAIN } from "../answers.ts";
import { bisect } from "../bisect.ts";
import type { Addressed, CheckResult, Destination, MemberOutcome, Person } from "../destination.ts";
import { withoutAddresses } from "../http.ts";
import { inBatches } from "../in-batches.ts";
import type { Priority } from "../limits/limiter.ts";
import { CannotRead, PauseAudience, PauseConnection, Refused } from "../retry-classes.ts";
import type { WebhookClient } from "./client.ts";

export interface WebhookDestinationOptions {
  clientFor(priority: Priority): WebhookClient;
  takeCalls: Destination["takeCalls"];
  /** As the merchant and the limits know the receiver. */
  account: { id: string; name: string };
}

const MOST_MEMBERS = 500;
const anything = z.unknown();
const results = z.object({
  results: z
    .array(
      z.object({
        customer_id: z.string(),
        outcome: z.enum(["done", "rejected", "retry"]),
        code: z.string().max(100).default("rejected"),
        message: z.string().default(""),
      }),
    )
    .optional(),
});
const members = z.object({
  members: z.array(z.object({ email: z.string() })).optional(),
  next: z.string().nullish(),
});

/**
 * An audience is what the merchant's own system makes of the messages: README.md has them. Every message says a state and not a step,
 * so that a repetition changes nothing. Whoever it does not name in its answer was taken.
 */
export function createWebhookDestination({ clientFor, takeCalls, account }: WebhookDestinationOptions): Destination {
  const client = clientFor("addition");
  return {
    takeCalls,
    async check(): Promise<CheckResult> {
      try {
        await client.send("ping", {}, anything);
        return { outcome: "ok", account: account.name, accountId: account.id };
      } catch (error) {
        if (error instanceof PauseConnection) {
          const { message: reason, status } = error;
          // It cannot know the secret before the merchant was shown it.
          const isThere = status === 401 || status === 403;
          return { outcome: "refused", reason, ...(isThere && { unproven: { id: account.id, name: account.name } }) };
        }
        if (error instanceof Refused) return { outcome: "refused", reason: `The receiver answered ${error.status}` };
        throw error;
      }
    },
    /** Its id follows from the key, so that one whose answer was lost is saved again and not made twice. */
    async createAudience(name, key) {
      const id = `aud_${key}`;
      await client.send("audience.saved", { audience: { id, name } }, anything);
      return id;
    },
    findAudiences: async () => [],
    listAudiences: async () => [],
    async deleteAudience(id) {
      await client.send("audience.deleted", { audience: { id } }, anything).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    async forgetPerson(email) {
      await client.send("person.forgotten", { email }, anything);
    },
    async apply(audienceId, { removals, additions, urgency }) {
      const removed = await inBatches(removals, { outcome: "done" }, MOST_MEMBERS, (part) =>
        change(clientFor(urgency.removals), audienceId, "removed", part, leaving),
      );
      const malformed = { outcome: "skipped", reason: "malformed_address" } as const;
      const added = await inBatches(additions, malformed, MOST_MEMBERS, (part) =>
        change(clientFor(urgency.additions), audienceId, "added", part, entering),
      );
      return [...removed, ...added];
    },
    // A receiver is told of decisions; what people tell it itself comes in by the API for the merchant's own systems.
    async *readConsents() {},
    async *readEngagement() {},
    async lowerConsent({ address: email }, since) {
      await clientFor("unsubscribe").send("consent.ended", { email, at: since.toISOString() }, anything);
      return "lowered";
    },
    async raiseConsent(email, since) {
      await clientFor("update").send("consent.given", { email, at: since.toISOString() }, anything);
      return { outcome: "done" };
    },
    async *readAudience(audienceId) {
      for (let after: string | null = null; ;) {
        const page = await read(clientFor("back-fill"), audienceId, after);
        if (!page?.members) throw new CannotRead("The receiver does not tell who is in an audience");
        for (const { email } of page.members) yield { email, remoteId: email };
        if (!page.next) return;
        after = page.next;
      }
    },
  };
}

async function read(client: WebhookClient, id: string, after: string | null): Promise<z.infer<typeof members> | null> {
  try {
    return await client.send("audience.read", { audience: { id }, after }, members);
  } catch (error) {
    if (isMissing(error)) throw audienceGone();
    // A receiver that knows no such message.
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function change<Member extends Addressed>(
  client: WebhookClient,
  audienceId: string,
  what: "removed" | "added",
  people: readonly Member[],
  describe: (member: Member) => object,
): Promise<Map<Member, MemberOutcome>> {
  const outcomes = new Map<Member, MemberOutcome>(people.map((member) => [member, { outcome: "done" }]));
  const refused = await bisect(people, async (part) => {
    try {
      const data = { audience: { id: audienceId }, removed: [], added: [], [what]: part.map(describe) };
      const answered = await client.send("members.changed", data, results);
      const named = new Map(answered?.results?.map((result) => [result.customer_id, result]));
      for (const member of part) {
        const result = named.get(member.customerId);
        if (result?.outcome === "retry") outcomes.set(member, TRY_AGAIN);
        if (result?.outcome === "rejected") {
          const { code, message } = result;
          outcomes.set(member, { outcome: "rejected", code, words: withoutAddresses(message) });
        }
      }
    } catch (error) {
      throw isMissing(error) ? audienceGone() : error;
    }
  });
  for (const [member, { status }] of refused)
    outcomes.set(member, { outcome: "rejected", code: `http_${status}`, words: "" });
  return outcomes;
}

function leaving({ customerId, email }: Addressed): object {
  return { customer_id: customerId, email };
}

/** `consent` is Shopify's e-mail marketing state: whoever is in an audience may still be one who never subscribed. */
function entering({ customerId, email, firstName, lastName, consent, traits }: Person): object {
  return { customer_id: customerId, email, first_name: firstName, last_name: lastName, consent, traits: traits ?? {} };
}

function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.status === 404;
}

function audienceGone(): PauseAudience {
  return new PauseAudience("The audience was deleted at the receiver");
}
