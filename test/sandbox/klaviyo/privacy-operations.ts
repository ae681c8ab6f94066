import type { Answer } from "../http.ts";
import { IDENTIFIERS } from "./account.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import { findKnown } from "./profiles.ts";
import type { ProfileResource } from "./profiles.ts";

/** Takes the request and deletes at once; whom nobody knows is no error. */
export function requestDeletion(call: Call): Answer {
  const { data } = readBody<{ data: { attributes: { profile: { data: ProfileResource } } } }>(
    call.operation,
    call.request.body,
  );
  const { account } = call;
  const profile = findKnown(account, data.attributes.profile.data);
  if (profile !== null) {
    account.profiles.delete(profile.id);
    account.order.delete(profile.id);
    for (const kind of IDENTIFIERS) {
      const value = profile.identifiers[kind];
      if (value !== null) account.lookup[kind].delete(value);
    }
    for (const list of account.lists.values()) list.members.delete(profile.id);
    account.events.log = account.events.log.filter((event) => event.profile !== profile.id);
  }
  return { status: 202 };
}
