export interface BudgetOptions {
  /** Points in a full bucket. */
  maximumAvailable: number;
  /** Points a second: 100 standard, 200 Advanced, 1,000 Plus. */
  restoreRate: number;
}

export interface Budget {
  /** Takes what may be needed. @returns false, and takes nothing, when there is less. */
  take(points: number): boolean;
  giveBack(points: number): void;
  status(): { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
  /** How often a call was refused. */
  refused(): number;
}

/** The leaky bucket of one app on one shop. */
export function createBudget({ maximumAvailable, restoreRate }: BudgetOptions): Budget {
  let available = maximumAvailable;
  let at = performance.now();
  let refused = 0;

  function restore(): void {
    const now = performance.now();
    available = Math.min(maximumAvailable, available + ((now - at) / 1_000) * restoreRate);
    at = now;
  }

  return {
    take(points) {
      restore();
      if (points > available) {
        refused += 1;
        return false;
      }
      available -= points;
      return true;
    },
    giveBack(points) {
      available = Math.min(maximumAvailable, available + points);
    },
    status() {
      restore();
      return { maximumAvailable, currentlyAvailable: Math.floor(available), restoreRate };
    },
    refused: () => refused,
  };
}
