import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { id, optionalInstant, optionalText } from "../payload.ts";

const collection = z.object({
  id,
  title: optionalText,
  handle: optionalText,
  published_at: optionalInstant,
  updated_at: optionalInstant,
});
const collectionDeletion = z.object({ id });

/** collections/create, collections/update */
export function collectionChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = collection.parse(payload);
  return {
    collections: [
      {
        id: given.id,
        title: given.title,
        handle: given.handle,
        publishedAt: given.published_at,
        version: { ...version, updatedAt: given.updated_at ?? version.triggeredAt },
      },
    ],
  };
}

/** collections/delete */
export function collectionDeleted(payload: unknown, version: Version): Partial<Facts> {
  return { deletedCollections: [{ id: collectionDeletion.parse(payload).id, at: version.triggeredAt }] };
}
