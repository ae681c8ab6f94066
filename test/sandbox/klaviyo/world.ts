import type { Faults } from "../faults.ts";
import type { Ledger } from "../ledger.ts";

export type IdKind = "profile" | "list" | "job";

/** What an operation needs beside the account and the request. */
export interface World {
  ledger: Ledger;
  faults: Faults;
  /** Ids are unique over all accounts, so that one used for another account's key is never found. */
  newId(kind: IdKind): string;
  /** How long an asynchronous job takes, ms. */
  jobMillis: number;
}
