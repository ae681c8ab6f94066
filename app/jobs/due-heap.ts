/** What a `DueHeap` orders. The heap keeps `place` and nobody else writes it; -1 is "not in a heap". */
export interface Due {
  due: number;
  /** Decides between equal times: the lower one is first. */
  readonly turn: number;
  place: number;
}

/** Items by the time they are due. Push, pop and hurry cost O(log n), the first item O(1). */
export class DueHeap<Item extends Due> {
  readonly #items: Item[] = [];

  first(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  pop(): Item | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined) return undefined;
    if (first !== last) this.#sink(last, 0);
    first.place = -1;
    return first;
  }

  /** Moves an item of this heap to an earlier time. */
  hurry(item: Item, due: number): void {
    item.due = due;
    this.#rise(item, item.place);
  }

  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !isBefore(item, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      const below = this.#earlierChild(place);
      if (below === undefined || !isBefore(below, item)) break;
      const next = below.place;
      this.#put(below, place);
      place = next;
    }
    this.#put(item, place);
  }

  #earlierChild(place: number): Item | undefined {
    const left = this.#items[2 * place + 1];
    const right = this.#items[2 * place + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
  }

  #put(item: Item, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.due < b.due || (a.due === b.due && a.turn < b.turn);
}
