import { parseDecimal } from "./decimal.ts";
import { Refusal, type Span } from "./diagnostics.ts";
import type { Condition } from "./tree.ts";
import type { Literal } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

/** The clause for coordinates and a distance, which must be on the globe. */
export function distanceClause(span: Span, given: ReadonlyMap<string, Literal>): Condition {
  const coordinates = given.get("coordinates");
  const km = given.get("distance_km");
  const reach = km ?? given.get("distance_mi");
  if (!coordinates || !reach)
    throw new Refusal(span, t("customer_within_distance needs coordinates and distance_km or distance_mi."));
  if (km && given.has("distance_mi")) throw new Refusal(span, t("Give distance_km or distance_mi, not both."));
  const match =
    coordinates.value.kind === "text"
      ? /^\s*([+-]?[\d.]+)\s*,\s*([+-]?[\d.]+)\s*$/.exec(coordinates.value.value)
      : null;
  const [latitude, longitude] = [match?.[1], match?.[2]].map((part) => canonical(part ?? "", 8));
  if (!latitude || !longitude || Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180) {
    throw new Refusal(
      coordinates,
      t("Coordinates are latitude and longitude in degrees, such as '49.2827,-123.1207'."),
    );
  }
  const distance = reach.value.kind === "number" ? canonical(reach.value.value, 6) : null;
  if (!distance || !(Number(distance) > 0 && Number(distance) <= 25_000)) {
    throw new Refusal(reach, t("A distance is a number above 0 and at most 25,000."));
  }
  return { kind: "distance", latitude, longitude, distance, unit: km ? "km" : "mi" };
}

function canonical(text: string, places: number): string | null {
  const decimal = parseDecimal(text);
  if (!decimal || decimal.scale > places) return null;
  const plain = (Number(decimal.units) / 10 ** decimal.scale).toString();
  return plain.includes("e") ? null : plain;
}
