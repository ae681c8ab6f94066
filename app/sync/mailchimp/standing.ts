import type { MailchimpClient } from "./client.ts";
import { isMissing } from "./refusal.ts";

/** Where an address stands: in the segment, archived in the list, or neither. */
export type Standing = "in" | "archived" | "out";

const FEW = 20;

/** Asks after a few addresses one by one, and after many by reading the segment and the archive. */
export async function standingOf(
  client: MailchimpClient,
  segmentId: string,
  emails: readonly string[],
): Promise<Map<string, Standing>> {
  if (emails.length > FEW) return standingOfMany(client, segmentId, emails);
  const found = emails.map(async (email): Promise<[string, Standing]> => [
    email,
    await standing(client, segmentId, email),
  ]);
  return new Map(await Promise.all(found));
}

async function standing(client: MailchimpClient, segmentId: string, email: string): Promise<Standing> {
  try {
    const { status, segmentIds } = await client.contact(email);
    if (status === "archived") return "archived";
    return segmentIds.includes(segmentId) ? "in" : "out";
  } catch (error) {
    if (isMissing(error)) return "out";
    throw error;
  }
}

async function standingOfMany(
  client: MailchimpClient,
  segmentId: string,
  emails: readonly string[],
): Promise<Map<string, Standing>> {
  const asked = new Map(emails.map((email) => [email.toLowerCase(), email]));
  const found = new Map<string, Standing>(emails.map((email) => [email, "out"]));
  const note = (address: string, where: Standing): void => {
    const email = asked.get(address.toLowerCase());
    if (email !== undefined) found.set(email, where);
  };
  for await (const member of client.segmentMembers(segmentId)) note(member.email, "in");
  for await (const address of client.archivedAddresses()) note(address, "archived");
  return found;
}
