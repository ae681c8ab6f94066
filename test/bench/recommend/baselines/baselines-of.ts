import type { DataSet } from "../data-set.ts";
import type { Protocol } from "../datasets.ts";
import type { Method } from "../measure.ts";
import { gpTopFreq, tifuKnn } from "./baskets.ts";
import { ease } from "./ease.ts";
import { itemKnn } from "./item-knn.ts";
import { popular, popularLately } from "./popular.ts";
import { stan, vsknn } from "./session-knn.ts";
import { transitions } from "./transitions.ts";

/** Items up to which EASE is built. */
const SMALL = 3_000;

/** The methods of a protocol that Muster is compared with, each built when it is its turn. */
export function baselinesOf(protocol: Protocol, data: DataSet): [name: string, build: () => Method][] {
  switch (protocol) {
    case "sessions":
      return [
        ["POP", () => popular(data)],
        ["ItemKNN", () => itemKnn(data, "last")],
        ["VSKNN", () => vsknn(data)],
        ["STAN", () => stan(data)],
      ];
    case "sequences":
      return [
        ["POP", () => popular(data)],
        ["ItemKNN", () => itemKnn(data, "all")],
        ["directed transitions", () => transitions(data)],
        ...(data.train.items <= SMALL ? [["EASE", () => ease(data)] as [string, () => Method]] : []),
      ];
    case "invoices":
      return [
        ["POP", () => popular(data)],
        ["popular lately", () => popularLately(data)],
        ["ItemKNN", () => itemKnn(data, "all")],
      ];
    case "baskets":
      return [
        ["GP-TopFreq", () => gpTopFreq(data)],
        ["TIFUKNN", () => tifuKnn(data)],
      ];
  }
}
