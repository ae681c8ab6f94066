export type Channel = "email" | "sms" | "whatsapp";

/** An address of one channel: a mail address in lower case, or the digits of a phone number. */
export interface Addressee {
  channel: Channel;
  address: string;
}

/** `shop` is Shopify, the register of consent; any other is a connected account at a platform. */
export type Source = string;

/** What one side said about one address of one channel. */
export interface Statement {
  source: Source;
  state: "subscribed" | "unsubscribed";
  at: Date;
  /** A bounce, a complaint, or an address that cannot be mailed: no later subscription makes up for it. */
  lasting?: boolean;
  /** Of a subscription: it is known how the person gave it (opt-in level), so it is evidence to another side too. */
  proven?: boolean;
  /**
   * It was we who told the side. Of a subscription: until when it may still be taken there, over a no that came before. Of an unsubscribe:
   * when it was told.
   */
  told?: Date;
}

/** The newest that one side said of either kind. */
export interface Standing {
  subscribedAt: Date | null;
  provenAt: Date | null;
  unsubscribedAt: Date | null;
  lasting: boolean;
  /** Until when a subscription that we told may still be taken there. */
  raisedUntil: Date | null;
  /** When we last told an unsubscribe. */
  loweredAt: Date | null;
}

/** What every side has said about one address of one channel; a side that said nothing is not in it. */
export type Register = ReadonlyMap<Source, Standing>;

/** Registers of one person. Channels never speak for one another: an SMS that was ended says nothing of e-mail. */
export type ConsentBook = ReadonlyMap<Channel, Register>;

export interface Decision {
  /** Whether the address may be in an audience. */
  mayMail: boolean;
  /** What other sides have to hear, and since when it holds. */
  tell: { source: Source; state: "subscribed" | "unsubscribed"; at: Date }[];
  /** Newer evidence makes up for every unsubscribe, and may be told. */
  regained: boolean;
}

export interface Rules {
  consentSync: boolean;
  /** Connected platforms: one that said nothing may hold the address all the same, and hears of an unsubscribe. */
  platforms: readonly Source[];
}

const SILENT: Standing = {
  subscribedAt: null,
  provenAt: null,
  unsubscribedAt: null,
  lasting: false,
  raisedUntil: null,
  loweredAt: null,
};

/** Takes in a statement. Late, repeated and reordered ones end in the same register. */
export function learn(register: Register, statement: Statement): Register {
  const { source, state, at, lasting = false, proven = false, told } = statement;
  const known = register.get(source) ?? SILENT;
  const yes = state === "subscribed";
  return new Map(register).set(source, {
    subscribedAt: yes ? later(known.subscribedAt, at) : known.subscribedAt,
    provenAt: yes && proven ? later(known.provenAt, at) : known.provenAt,
    unsubscribedAt: yes ? known.unsubscribedAt : later(known.unsubscribedAt, at),
    lasting: known.lasting || lasting,
    raisedUntil: yes && told ? later(known.raisedUntil, told) : known.raisedUntil,
    loweredAt: !yes && told ? later(known.loweredAt, told) : known.loweredAt,
  });
}

/**
 * Only the shop's consent lets an address into an audience, and no platform's unsubscribe may stand against it. Every side that is
 * not unsubscribed, or is subscribed on evidence no newer, hears of an unsubscribe anywhere; one that we told a subscription hears of its own,
 * too, which that may have lifted. Nobody is subscribed, except
 * with `consentSync`: then proven evidence that is newer than every unsubscribe is told to the sides that hold one. After a
 * bounce or a complaint an address is mailed no more and the consent sync is off for it; what the person says later is left as it is. Whoever carries
 * it out learns a subscription as the side's own before telling it, and an unsubscribe after: an answer may get lost.
 */
export function decideConsent(register: Register, { consentSync, platforms }: Rules): Decision {
  const standings = [...register.values()];
  const unsubscribedAt = newest(standings.map((standing) => standing.unsubscribedAt));
  const provenAt = newest(standings.map((standing) => standing.provenAt));
  const lasting = standings.some((standing) => standing.lasting);
  const regained = consentSync && !lasting && provenAt !== null && isAfter(provenAt, unsubscribedAt);

  const tell: Decision["tell"] = [];
  for (const [source, standing] of register) {
    if (regained && stands(standing)) tell.push({ source, state: "subscribed", at: provenAt });
    const ended = isSubscribed(standing) ? !isAfter(standing.subscribedAt, unsubscribedAt) : mayBeLifted(standing);
    if (ended && !regained && unsubscribedAt !== null) tell.push({ source, state: "unsubscribed", at: unsubscribedAt });
  }
  if (unsubscribedAt !== null && !regained)
    for (const source of platforms)
      if (!register.has(source)) tell.push({ source, state: "unsubscribed", at: unsubscribedAt });

  const shop = register.get("shop") ?? SILENT;
  const opposed = [...register].some(([source, standing]) => source !== "shop" && stands(standing));
  const outdated = tell.some(({ source }) => source === "shop");
  return { mayMail: isSubscribed(shop) && !outdated && !lasting && (!opposed || regained), tell, regained };
}

/**
 * What a state in Shopify says (CustomerEmailMarketingState and CustomerSmsMarketingState): `pending` and `not_subscribed` are
 * neither a yes nor a no. An unknown word is no yes.
 */
export function readShopState(state: string): "subscribed" | "unsubscribed" | "nothing" {
  if (state === "subscribed") return "subscribed";
  return state === "unsubscribed" || state === "redacted" || state === "invalid" ? "unsubscribed" : "nothing";
}

/** Whether an opt-in level tells how consent was given: `unknown` and none do not (CustomerMarketingOptInLevel). */
export function isProven(optInLevel: string | null): boolean {
  return /^(single_opt_in|confirmed_opt_in)$/i.test(optInLevel ?? "");
}

function isSubscribed({ subscribedAt, unsubscribedAt }: Standing): boolean {
  return isAfter(subscribedAt, unsubscribedAt);
}

/** An unsubscribe that nothing newer at the side itself has undone. */
function stands(standing: Standing): boolean {
  return standing.unsubscribedAt !== null && !isSubscribed(standing);
}

/**
 * An unsubscribe there that a subscription which we told may have come after: the two were under way together, and the side keeps what
 * it took last. It is certain once we unsubscribed them there when that subscription was surely taken, and that is done once.
 */
function mayBeLifted(standing: Standing): boolean {
  const { raisedUntil, loweredAt } = standing;
  return raisedUntil !== null && stands(standing) && (loweredAt === null || loweredAt < raisedUntil);
}

/** Of two at the same moment the unsubscribe counts. */
function isAfter(at: Date | null, other: Date | null): boolean {
  return at !== null && (other === null || at > other);
}

function later(known: Date | null, at: Date): Date {
  return known !== null && known > at ? known : at;
}

function newest(instants: readonly (Date | null)[]): Date | null {
  return instants.reduce((known, at) => (isAfter(at, known) ? at : known), null);
}
