import type { Field } from "../destination.ts";
import { PauseAudience, Refused } from "../retry-classes.ts";
import type { MailchimpClient } from "./client.ts";

/**
 * Creates the merge fields that are missing.
 * @throws PauseAudience when the audience has no room for one, or has one of that tag and another type.
 */
export async function prepareFields(client: MailchimpClient, fields: readonly Field[]): Promise<void> {
  const known = new Map((await client.mergeFields()).map(({ tag, type }) => [tag, type]));
  for (const field of fields) {
    const type = known.get(field.name);
    if (type === undefined) await create(client, field);
    else if (type !== field.type && type !== "text")
      throw new PauseAudience(
        `The merge field ${field.name} is of type ${type} at Mailchimp; ${field.label} needs one of type ${field.type}`,
      );
  }
}

async function create(client: MailchimpClient, field: Field): Promise<void> {
  try {
    await client.createMergeField(field);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Somebody else made it meanwhile, or its creation was answered and the answer lost.
    if ((await client.mergeFields()).some(({ tag }) => tag === field.name)) return;
    throw new PauseAudience(
      `Mailchimp will not have the merge field ${field.name}: an audience has 30 of them on most plans`,
    );
  }
}
