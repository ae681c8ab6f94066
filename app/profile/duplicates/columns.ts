import { foldText, isNoValue, readDay } from "./fold.ts";

/** What a column holds decides how two of its values are compared and which of its parts bring records together. */
export type ColumnKind = "given" | "family" | "name" | "email" | "phone" | "day" | "code" | "text";

export interface Column {
  name: string;
  kind: ColumnKind;
}

const NAMED: [RegExp, ColumnKind][] = [
  [/^(e ?)?mail|email/, "email"],
  [/phone|mobile|^tel\b|^cell/, "phone"],
  [/birth ?(place|city|town|country)|place of birth/, "text"],
  [/birth|^dob\b|^born/, "day"],
  [/^(given|first|fore|christian)( ?names?)?( 1)?$|^fname$/, "given"],
  [/^(family|last|sur)( ?names?)?$|^(lname|surname)$/, "family"],
  [/^(full|display|whole|middle)? ?names?$|first and (sur|last) ?name|^(customer|person) name$/, "name"],
  [/post ?(al)? ?code|^zip|^plz$|street ?(number|no)|house ?(number|no)|^nr$/, "code"],
];

/**
 * The columns worth comparing, by what their names say, else by what they hold. A column that says nothing about any pair
 * (one value only) or that names the row itself (every value another, an id by name or a running number) is left out.
 */
export function recogniseColumns(names: string[], rows: string[][]): (Column | null)[] {
  return names.map((name, at) => {
    const sample = sampleOf(rows, at);
    if (new Set(sample).size < 2) return null;
    const spoken = foldText(name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " "));
    const kind = NAMED.find(([words]) => words.test(spoken))?.[1];
    if (kind !== undefined && (kind !== "day" || share(sample, isDay) > 0.5)) return { name, kind };
    if (new Set(sample).size === sample.length && isRowName(spoken, sample)) return null;
    return { name, kind: kindByContent(sample) };
  });
}

function sampleOf(rows: string[][], at: number): string[] {
  const step = Math.max(1, Math.floor(rows.length / 2000));
  const values: string[] = [];
  for (let row = 0; row < rows.length; row += step) {
    const value = rows[row]![at] ?? "";
    if (!isNoValue(value)) values.push(value.trim());
  }
  return values;
}

function isRowName(spoken: string, sample: string[]): boolean {
  return /(^| )(id|uuid|key|index|row)$/.test(spoken) || share(sample, (value) => /^\d{1,9}$/.test(value)) === 1;
}

function kindByContent(sample: string[]): ColumnKind {
  if (share(sample, (value) => /^\S+@\S+$/.test(value)) > 0.6) return "email";
  if (share(sample, isDay) > 0.8) return "day";
  if (share(sample, (value) => /^\+?[\d ().-]{9,20}$/.test(value)) > 0.8) return "phone";
  if (share(sample, (value) => /\d/.test(value) && value.length <= 12) > 0.7) return "code";
  return "text";
}

/** Eight digits are a day only when they can be one. */
function isDay(value: string): boolean {
  const read = readDay(value);
  return read !== null && /^(1[5-9]|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(read);
}

function share(sample: string[], holds: (value: string) => boolean): number {
  return sample.length === 0 ? 0 : sample.filter(holds).length / sample.length;
}
