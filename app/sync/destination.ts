import type { Text } from "../texts/text.ts";
import type { Addressee, Channel } from "./consent/decide-consent.ts";
import type { DestinationKind } from "./destination-store.server.ts";
import type { Priority } from "./limits/limiter.ts";

/** Someone who is to leave an audience: the address we put in, and the vendor's id if we were told it. */
export interface Addressed {
  customerId: string;
  email: string;
  remoteId: string | null;
}

/** Someone who is to be in an audience. */
export interface Person extends Addressed {
  firstName: string | null;
  lastName: string | null;
  /** Shopify's e-mail marketing state at the moment of sending. A vendor folder may only ever lower it. */
  consent: string;
  /** When a subscription was given in the shop; null: nobody is subscribed, or it is not known. */
  consentedAt: Date | null;
  /** What the merchant wants to go along, by the field at the vendor; null: nothing. A value of null clears the field. */
  traits: Traits | null;
}

/** A field that a trait goes into. */
export interface Field {
  name: string;
  label: string;
  type: "number" | "text" | "date";
}

/** Which names a platform takes for the fields that traits go into. */
export interface FieldRules {
  /** The field a trait goes into unless the merchant names another. */
  usual(trait: string): string;
  /** What is wrong with a name, for the merchant; null: nothing. */
  complain(field: string): string | null;
}

export type Traits = Readonly<Record<string, string | number | boolean | null>>;

export interface AudienceChange {
  removals: readonly Addressed[];
  additions: readonly Person[];
  /** How urgent they are among everything that waits for the same account. */
  urgency: { removals: Priority; additions: Priority };
}

/** What became of one member of a change. */
export type MemberResult = { customerId: string } & MemberOutcome;

export type MemberOutcome =
  /** The audience has (or no longer has) the address, whether by this call or an earlier one. */
  | { outcome: "done"; remoteId?: string }
  /** Not sent, because it could only fail. */
  | { outcome: "skipped"; reason: string }
  /** The vendor will not have this person. `words` hold no address. */
  | { outcome: "rejected"; code: string; words: string }
  /**
   * May or may not have been applied. Without `afterMs` the core backs off by itself. With `orReject` the vendor named this
   * person, in words that do not tell trouble of its own from a lasting refusal: after a few attempts it is taken for one.
   */
  | { outcome: "retry"; afterMs: number | null; countsAsAttempt: boolean; orReject?: { code: string; words: string } };

/** One call to a platform that changes something there, or that failed. */
export interface CallRecord {
  /** Method and path, without a query and with no address or hash of one. */
  call: string;
  /** Null: no answer came. */
  status: number | null;
  /** The platform's own id of the request, for its support; null where it gave none. */
  requestId: string | null;
}

export type CheckResult =
  /** `account` names it to the merchant; `accountId` is what its limits are counted by. */
  | { outcome: "ok"; account: string; accountId: string }
  /** `unproven`: the account, which is there and cannot accept us before the merchant has told it a secret of ours. */
  | { outcome: "refused"; reason: string; unproven?: { id: string; name: string } };

/** An entry into a segment or an exit from it, as a platform hears of it. */
export interface SegmentEvent {
  /** The same again is known by it. */
  name: string;
  change: "entered" | "left";
  segmentId: number;
  segmentName: string;
  /** The address it was put in under, and the platform's own id where it is known. */
  email: string;
  remoteId: string | null;
  at: Date;
  /** It is history, and nothing is to start because of it. */
  backfill: boolean;
}

/** What a platform says about one address' consent. */
export interface ConsentNews {
  /** E-mail unless told otherwise. */
  channel?: Channel;
  /** Said of this audience alone, by the platform's id of it. It counts where the audience is one of ours. */
  audience?: string;
  /** Of SMS and WhatsApp: the phone number's digits. */
  email: string;
  state: "subscribed" | "unsubscribed";
  at: Date;
  /** It bounced for good or complained. */
  lasting: boolean;
  /** Of a subscription: the platform tells that the person gave it, and when. */
  proven?: boolean;
  /** Of an unsubscribe: what led to it, where the platform tells. */
  reason?: string;
}

/** What somebody, or their mail program, did with a mail, or what became of it. */
export interface Engagement {
  /** The platform's own, or one that follows from the content: the same again is known by it. */
  id: string;
  kind: "delivered" | "opened" | "clicked" | "bounced" | "marked_as_spam" | "unsubscribed";
  email: string;
  at: Date;
  campaignId: string | null;
  /** Of a click. */
  url: string | null;
  /** A program did it and not a person, as far as the platform tells: an open by Apple's Mail Privacy Protection, a scanner's click. */
  machine: boolean;
}

export interface EngagementPage {
  events: Engagement[];
  /** Decisions the same rows tell of. */
  consents: ConsentNews[];
}

/** What one call of a platform to us says, as it is kept until it is taken in. */
export interface HookSaid {
  consents: ConsentNews[];
  /** Whose address became another one there: what was said of the old one holds of the new one. */
  moved: { from: string; to: string }[];
  /** What names people by the platform's own id: `Hooks.complete` tells who they are. */
  events: HookEvent[];
  /** Something changed that the call does not tell in full: the platform is asked at once who decided what. */
  ask: boolean;
}

export interface HookEvent {
  id: string;
  /** The platform's word for what happened. */
  name: string;
  /** The platform's id of the person. */
  personId: string;
  at: Date;
}

export type HookReading =
  | { outcome: "heard"; said: HookSaid }
  /** A trial call, or about something else. */
  | { outcome: "nothing" }
  | { outcome: "refused"; why: "bad_request" | "bad_signature" };

/** One call of a platform to us, as it came. */
export interface HookCall {
  body: Buffer;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The destination's settings. */
  settings: unknown;
  /** What the platform was given to sign with. */
  secret: string;
  receivedAt: Date;
}

/** A platform's webhooks. It is polled all the same, so that a call that is lost costs minutes and no decision. */
export interface Hooks {
  /**
   * Makes the platform call this address; repeating it makes no second one.
   * @returns the platform's id of it. @throws Refused or PauseConnection where the account has none or the address will not do.
   */
  register(hook: { url: string; secret: string }): Promise<string>;
  /** One that is gone already is no error. */
  remove(hookId: string): Promise<void>;
  /** Who people are that calls named by id, as the events and decisions that polling would have told. */
  complete(events: readonly HookEvent[]): AsyncIterable<EngagementPage>;
}

/**
 * An e-mail platform, as the core sees it. The core computes what has to change and a vendor folder applies it.
 *
 * Every function may throw the retry classes of `retry-classes.ts`; `apply` throws only PauseConnection and PauseAudience
 * and answers everything else per member: one answer for each member it was given, never a silent drop. All of `apply`
 * is safe to repeat.
 */
export interface Destination {
  /** The calls since it was last asked, for the log. */
  takeCalls(): CallRecord[];
  /** Whether the credentials and settings work; `account` names the account to the merchant. */
  check(): Promise<CheckResult>;
  /**
   * @param key the same when it is repeated, and no other audience's
   * @returns the vendor's id of a new, empty audience. Repeating it may make a second one: see `findAudiences`.
   */
  createAudience(name: string, key: string): Promise<string>;
  /** Ids of the audiences with exactly this name: how a creation whose answer was lost is found again. */
  findAudiences(name: string): Promise<string[]>;
  /** Every audience there is, ours and others', for the merchant to choose an existing one. */
  listAudiences(): Promise<Place[]>;
  /** Deletes an audience; the people stay as they are. One that is gone already is no error. */
  deleteAudience(audienceId: string): Promise<void>;
  /** Deletes a person at the vendor for good. Somebody unknown there is no error. */
  forgetPerson(email: string): Promise<void>;
  /** Makes sure that the fields are there which traits go into; left out where a platform takes any field as it comes. */
  prepareFields?(fields: readonly Field[]): Promise<void>;
  /** Tells of an entry or an exit; left out where a platform takes no events. Repeating it makes no second one. Raises no consent. */
  sendEvent?(event: SegmentEvent): Promise<void>;
  /** Told how many additions `apply` is about to be given: what has to be known for them may be read meanwhile. */
  foresee?(additions: number, urgency: Priority): void;
  /** Removals first, then additions. No consent is raised by it. */
  apply(audienceId: string, change: AudienceChange): Promise<MemberResult[]>;
  /**
   * Who unsubscribed, bounced or complained since then, and who of them subscribed again as far as the platform tells; null: all
   * who ever did. Earlier news may be among them.
   */
  readConsents(since: Date | null): AsyncIterable<ConsentNews>;
  /** What people did with mails at or after this moment. Earlier ones may be among them, and none is told twice under another id. */
  readEngagement(since: Date): AsyncIterable<EngagementPage>;
  /**
   * Unsubscribes an address in one of the channels the platform hears of, unless the person subscribed there after `since`. Somebody
   * unknown there is not created.
   */
  lowerConsent(of: Addressee, since: Date): Promise<"lowered" | "absent" | "newer_there">;
  /**
   * The consent sync alone calls this. `since`: when the person subscribed elsewhere. Whoever unsubscribed there after it, and what the
   * platform's own rules refuse, stays as it is.
   */
  raiseConsent(email: string, since: Date): Promise<{ outcome: "done" } | { outcome: "refused"; reason: string }>;
  /** Left out where a platform has none. */
  hooks?: Hooks;
  /** Everyone in the audience, whatever their consent there. @throws CannotRead where a receiver does not tell. */
  readAudience(audienceId: string): AsyncIterable<{ email: string; remoteId: string }>;
}

/** How a platform is connected by permission instead of a key. */
export interface OAuth {
  /** Where the merchant gives it. @param asked.verifier 43 characters that only we know (PKCE), for a platform that takes them */
  authorizeUrl(asked: { redirectUri: string; state: string; verifier: string }): string;
  /** @returns the credentials to connect with. @throws Refused when the code is not good any more, and the retry classes. */
  exchange(answered: { code: string; redirectUri: string; verifier: string }): Promise<object>;
  /** Gives the permission back, where a platform takes it. */
  revoke?(tokens: Tokens): Promise<void>;
}

/** Access that runs out, and what gets another. */
export interface Tokens {
  access: string;
  refresh: string;
  expiresAt: Date;
}

/** What a merchant is asked for to connect a platform. */
export interface ConnectionForm {
  kind: DestinationKind;
  keyLabel: Text;
  /** Not a key is asked for but where the merchant's own system is. */
  isAddress: boolean;
  /** It can hear of entries and exits as events. */
  hearsEvents: boolean;
  /** Where the key is found. */
  keyHelp: Text;
  /** What is chosen within an account that holds several places for audiences; null where an account is one. */
  place: { label: Text; help: Text } | null;
}

/** A place within an account that can hold our audiences. */
export interface Place {
  id: string;
  name: string;
}
