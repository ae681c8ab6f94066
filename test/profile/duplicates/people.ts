import { seeded } from "../../../app/profile/duplicates/random.ts";

/** How dirty the invented records are. Shares of 0 to 1. */
export interface Dirt {
  /** That a cell has a slip (letter lost, doubled, changed, two changed over). */
  slip: number;
  /** That a cell is empty. */
  missing: number;
  /** That a cell holds something else altogether: moved house, other address, born on a default day. */
  other: number;
  /** That two persons of one house are records too, with the same family name and address. */
  household: number;
  /** That a record is from where the person lived before; left out: nobody moves. */
  moved?: number;
  /** Mean number of records of one person. */
  records: number;
}

export interface People {
  columns: string[];
  rows: string[][];
  truth: string[];
}

export const TIDY: Dirt = { slip: 0.05, missing: 0.05, other: 0.02, household: 0.1, records: 1.5 };
export const DIRTY: Dirt = { slip: 0.15, missing: 0.15, other: 0.08, household: 0.2, records: 3 };
export const FILTHY: Dirt = { slip: 0.25, missing: 0.25, other: 0.15, household: 0.2, records: 6 };

type Shape = "shop" | "register" | "archive";

const COLUMNS: Record<Shape, string[]> = {
  shop: ["First name", "Last name", "Email", "Phone", "Address1", "City", "Zip", "Country"],
  register: ["given_name", "surname", "dob", "street_number", "street", "town", "postcode", "sex"],
  archive: [
    "full_name",
    "name_short",
    "first_name",
    "surname",
    "dob",
    "birth_place",
    "postcode",
    "gender",
    "occupation",
  ],
};

/** People who never were, with several records each, of one of three shapes. */
export function inventPeople(persons: number, shape: Shape, dirt: Dirt, seed: number): People {
  const draw = seeded(seed);
  const rows: string[][] = [];
  const truth: string[] = [];
  let before: Person | null = null;
  for (let person = 0; person < persons; person += 1) {
    const one = inventPerson(draw, before !== null && draw() < dirt.household ? before : null);
    before = one;
    const atHome = dirt.moved === undefined ? one : { ...one, ...placeOf(inventPerson(draw, null)) };
    const copies = 1 + Math.floor(-Math.log(1 - draw()) * (dirt.records - 0.5));
    for (let copy = 0; copy < copies; copy += 1) {
      rows.push(recordOf(dirt.moved !== undefined && draw() < dirt.moved ? atHome : one, shape, dirt, draw));
      truth.push(String(person));
    }
  }
  return { columns: COLUMNS[shape], ...shuffled(rows, truth, draw) };
}

interface Person {
  given: string;
  middle: string;
  family: string;
  born: string;
  email: string;
  phone: string;
  number: string;
  street: string;
  town: string;
  postcode: string;
  sex: string;
  work: string;
}

function inventPerson(draw: () => number, housemate: Person | null): Person {
  const given = zipf(GIVEN, draw);
  const family = housemate?.family ?? zipf(FAMILY, draw) + (draw() < 0.4 ? pick(ENDINGS, draw) : "");
  const town = housemate?.town ?? pick(TOWNS_A, draw) + pick(TOWNS_B, draw);
  const year = 1930 + Math.floor(draw() * 75);
  return {
    given,
    middle: zipf(GIVEN, draw),
    family,
    born: `${year}-${two(1 + Math.floor(draw() * 12))}-${two(1 + Math.floor(draw() * 28))}`,
    email: addressFor(given, family, year, draw),
    phone: `+4477${Math.floor(draw() * 1e8)
      .toString()
      .padStart(8, "0")}`,
    number: housemate?.number ?? String(1 + Math.floor(draw() * draw() * 200)),
    street: housemate?.street ?? `${pick(TREES, draw)} ${pick(ROADS, draw)}`,
    town,
    postcode:
      housemate?.postcode ??
      `${town.slice(0, 2)}${Math.floor(draw() * 30)} ${Math.floor(draw() * 10)}${letter(draw)}${letter(draw)}`,
    sex: draw() < 0.5 ? "female" : "male",
    work: zipf(WORK, draw),
  };
}

function placeOf({ number, street, town, postcode }: Person): Partial<Person> {
  return { number, street, town, postcode };
}

function addressFor(given: string, family: string, year: number, draw: () => number): string {
  const forms = [`${given}.${family}`, `${given[0]}${family}${year % 100}`, `${family}${given}`, `${given}${year}`];
  return `${pick(forms, draw)}@${zipf(HOSTS, draw)}`;
}

function recordOf(person: Person, shape: Shape, dirt: Dirt, draw: () => number): string[] {
  const other = inventPerson(draw, null);
  const cell = (key: keyof Person, firm = 1): string => {
    if (draw() < dirt.missing) return "";
    const value = draw() < dirt.other * firm ? other[key] : person[key];
    return draw() < dirt.slip ? slipped(value, draw) : value;
  };
  // A record is careful or careless as a whole: its cells' faults come together.
  const given = draw() < 0.1 ? person.given.slice(0, draw() < 0.5 ? 1 : 3) : cell("given", 0.3);
  const family = cell("family", 0.5);
  const turned = draw() < dirt.slip / 3;
  const [first, last] = turned ? [family, given] : [given, family];
  switch (shape) {
    case "shop":
      return [
        first,
        last,
        cell("email", 2),
        cell("phone", 2),
        `${cell("number")} ${cell("street")}`,
        cell("town"),
        cell("postcode", 2),
        "United Kingdom",
      ];
    case "register":
      return [
        first,
        last,
        born(cell("born"), draw, dirt),
        cell("number"),
        cell("street"),
        cell("town"),
        cell("postcode"),
        cell("sex"),
      ];
    case "archive": {
      const short = `${given} ${family}`.trim();
      const full = draw() < 0.5 ? `${given} ${person.middle} ${family}`.trim() : short;
      return [
        full,
        short,
        first,
        last,
        born(cell("born"), draw, dirt),
        cell("town"),
        cell("postcode", 2),
        cell("sex"),
        cell("work", 3),
      ];
    }
  }
}

/** Some days are known by their year only, and stand as the first of January. */
function born(day: string, draw: () => number, dirt: Dirt): string {
  return day !== "" && draw() < dirt.other ? `${day.slice(0, 4)}-01-01` : day;
}

function slipped(value: string, draw: () => number): string {
  if (value.length < 2) return value;
  const at = Math.floor(draw() * (value.length - 1));
  const fresh = /\d/.test(value[at]!) ? String(Math.floor(draw() * 10)) : letter(draw);
  const forms = [
    value.slice(0, at) + value.slice(at + 1),
    value.slice(0, at) + fresh + value.slice(at + 1),
    value.slice(0, at) + fresh + value.slice(at),
    value.slice(0, at) + value[at + 1]! + value[at]! + value.slice(at + 2),
  ];
  const once = pick(forms, draw);
  return draw() < 0.15 ? slipped(once, draw) : once;
}

function shuffled(rows: string[][], truth: string[], draw: () => number): { rows: string[][]; truth: string[] } {
  const order = rows.map((_, row) => ({ row, at: draw() })).sort((a, b) => a.at - b.at);
  return { rows: order.map(({ row }) => rows[row]!), truth: order.map(({ row }) => truth[row]!) };
}

function pick<T>(list: readonly T[], draw: () => number): T {
  return list[Math.floor(draw() * list.length)]!;
}

/** The first of a list most often, as names are. */
function zipf<T>(list: readonly T[], draw: () => number): T {
  return list[Math.floor(list.length ** draw()) - 1]!;
}

function letter(draw: () => number): string {
  return String.fromCharCode(97 + Math.floor(draw() * 26));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const GIVEN = words(`
  mary john anna james sarah thomas emma david laura peter julia michael helen robert alice george clara henry rosa martin
  irene oscar nora felix edith simon agnes victor elsa hugo vera arthur ruth leon ida walter marta jonas olga philip greta
  daniel hanna edward lucy frank sofia albert eva samuel tessa ralph dora oliver pauline bruno miriam ernest carla gilbert
  flora stephen amelia roland judith hector bertha duncan louise adrian monica gareth celia norman phoebe rupert imogen
  cyril harriet wilfred matilda ambrose winifred lorcan beatrix thaddeus rosalind caspian ottilie leopold genevieve`);
const FAMILY = words(`
  smith jones brown taylor walker wright green hall wood harris clark turner hill moore cooper ward baker king lee morris
  allen scott young mitchell cook bell shaw bailey carter marshall stone fox hunt webb mills palmer grant rose stevens
  murray owen barker knight dixon lane hart reid burton fletcher perry gibson lowe barnes hale pratt holt sharp nash
  whitfield pemberton ashcroft hargreaves osborne lockwood merrick thackeray winslow kershaw bramley colborne dunmore
  everard farrow gladwin hebden ingram jessop kitching larkin maddox norbury oakley prescott quayle rainford selwyn
  tolliver underhill vickers wexley yardley zeller aldous birtwhistle cathcart drummond ellwood fairburn`);
const ENDINGS = words("son ton ley field man er by worth s ham ing well ford ock ett");
const TOWNS_A = words(
  `ash bram cal dun el far glen hol inver kings lang mar nor oak pen red salt thorn under west wick york`,
);
const TOWNS_B = words(`ford ton ham bury field wick combe stead mouth bridge`);
const TREES =
  words(`oak church station mill park london victoria green high north school queens elm chapel spring castle bridge
  orchard meadow hazel willow beech abbey cross grange manor priory quarry river tower vicarage windmill`);
const ROADS = words("road street lane avenue close drive way court place crescent");
const HOSTS = words("mail.example post.example web.example inbox.example letters.example home.example office.example");
const WORK =
  words(`writer teacher painter lawyer priest soldier farmer doctor clerk builder sailor musician engineer printer
  merchant actor politician botanist architect tailor smith baker miner weaver`);
