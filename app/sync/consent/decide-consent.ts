/** `shop` is Shopify, the register of consent; any other is a connected e-mail platform. */
export type Source = string;

/** What one side said about one address. */
export interface Statement {
  source: Source;
  state: "subscribed" | "unsubscribed";
  at: Date;
  /** A bounce or a complaint: no later subscription makes up for it. */
  lasting?: boolean;
}

/** The newest that one side said of either kind. */
export interface Standing {
  subscribedAt: Date | null;
  unsubscribedAt: Date | null;
  lasting: boolean;
}

/** What every side has said about one address; a side that said nothing is not in it. */
export type Register = ReadonlyMap<Source, Standing>;

export interface Decision {
  /** Whether the address may be in an audience. */
  mayMail: boolean;
  /** What other sides have to hear, and since when it holds. */
  tell: { source: Source; state: "subscribed" | "unsubscribed"; at: Date }[];
}

const SILENT: Standing = { subscribedAt: null, unsubscribedAt: null, lasting: false };

/** Takes in a statement. Late, repeated and reordered ones end in the same register. */
export function learn(register: Register, { source, state, at, lasting = false }: Statement): Register {
  const known = register.get(source) ?? SILENT;
  return new Map(register).set(source, {
    subscribedAt: state === "subscribed" ? later(known.subscribedAt, at) : known.subscribedAt,
    unsubscribedAt: state === "unsubscribed" ? later(known.unsubscribedAt, at) : known.unsubscribedAt,
    lasting: known.lasting || lasting,
  });
}

/**
 * Only the shop's consent lets an address into an audience, and no platform's unsubscribe may stand against it. Every side that is
 * subscribed on evidence no newer than an unsubscribe anywhere hears of that unsubscribe. Nobody is subscribed, except
 * with `consentSync`: then evidence that is newer than every unsubscribe is told to the sides that hold one. After a
 * bounce or a complaint an address is mailed no more and the consent sync is off for it; what the person says later is left as it is. Whoever carries
 * it out learns a subscription as the side's own before telling it, and an unsubscribe after: an answer may get lost.
 */
export function decideConsent(register: Register, { consentSync }: { consentSync: boolean }): Decision {
  const standings = [...register.values()];
  const unsubscribedAt = newest(standings.map((standing) => standing.unsubscribedAt));
  const subscribedAt = newest(standings.map((standing) => standing.subscribedAt));
  const lasting = standings.some((standing) => standing.lasting);
  const regained = consentSync && !lasting && subscribedAt !== null && isAfter(subscribedAt, unsubscribedAt);

  const tell: Decision["tell"] = [];
  for (const [source, standing] of register) {
    const subscribed = isSubscribed(standing);
    if (!subscribed && regained) tell.push({ source, state: "subscribed", at: subscribedAt });
    if (subscribed && !regained && unsubscribedAt !== null && !isAfter(standing.subscribedAt, unsubscribedAt))
      tell.push({ source, state: "unsubscribed", at: unsubscribedAt });
  }
  const shop = register.get("shop") ?? SILENT;
  const opposed = [...register].some(([source, standing]) => source !== "shop" && stands(standing));
  const outdated = tell.some(({ source }) => source === "shop");
  return { mayMail: isSubscribed(shop) && !outdated && !lasting && (!opposed || regained), tell };
}

function isSubscribed({ subscribedAt, unsubscribedAt }: Standing): boolean {
  return isAfter(subscribedAt, unsubscribedAt);
}

/** A platform's unsubscribe that nothing newer at the platform itself has undone. */
function stands(standing: Standing): boolean {
  return standing.unsubscribedAt !== null && !isSubscribed(standing);
}

/** Of two at the same moment the unsubscribe counts. */
function isAfter(at: Date | null, other: Date | null): boolean {
  return at !== null && (other === null || at > other);
}

function later(known: Date | null, at: Date): Date {
  return known !== null && known > at ? known : at;
}

function newest(instants: readonly (Date | null)[]): Date | null {
  return instants.reduce<Date | null>((found, at) => (at === null ? found : later(found, at)), null);
}
