import type { Random } from "./random.ts";
import type { AddressFacts } from "./shop-facts.ts";

export type Person = {
  firstName: string;
  lastName: string;
  email: string;
  /** E.164. */
  phone: string | null;
  address: AddressFacts;
};

/** An invented person. `number` makes the address unique: names repeat, mailboxes must not. */
export function inventPerson(random: Random, number: number): Person {
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  const [zip, city, countryCode, country] = random.pick(CITIES);
  return {
    firstName,
    lastName,
    email: mailbox(firstName, lastName, number),
    phone: fictionalPhone(number),
    address: { street: `${random.pick(STREETS)} ${random.int(1, 140)}`, zip, city, countryCode, country },
  };
}

/** The same person in a hurry: another mailbox, a shortened or misspelt name, the old address. */
export function inventSecondSelf(random: Random, person: Person, number: number): Person {
  const firstName = random.chance(0.5) ? `${person.firstName.slice(0, 1)}.` : person.firstName;
  const lastName = random.chance(0.4) ? asciiLetters(person.lastName) : person.lastName;
  return { ...person, firstName, lastName, email: mailbox(person.firstName, person.lastName, number) };
}

/** `Jörg Größ` with number 12 has the mailbox `joerg.groess12@example.com`. */
function mailbox(firstName: string, lastName: string, number: number): string {
  return `${asciiLetters(firstName)}.${asciiLetters(lastName)}${number}@example.com`.toLowerCase();
}

function asciiLetters(text: string): string {
  return text
    .replace(/[äöüÄÖÜßøØåÅæ]/g, (letter) => GERMAN[letter] ?? letter)
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "");
}

/** 030 23125 000 to 999 are set aside for films (Bundesnetzagentur, 2021); past those nobody has a phone. */
function fictionalPhone(number: number): string | null {
  return number < 1000 ? `+493023125${String(number).padStart(3, "0")}` : null;
}

const GERMAN: Record<string, string> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
  ø: "o",
  Ø: "O",
  å: "a",
  Å: "A",
  æ: "ae",
};

const FIRST_NAMES = (
  "Jörg Käthe Björn Anaïs René Zoë Ümit Søren Žofia Łukasz Márta Íñigo Chloé Günther Bärbel Ödön Ayşe Åsa Noël Jürgen " +
  "Mia Paul Hanna Felix Lina Emil Clara Anton Frieda Oskar Greta Jonas Ida Moritz Ella Theo Marta Levi Nora Karl " +
  "Alma Hugo Rosa Linus Juna Bruno Thea Kasimir Leni Valentin Amira Tarek Olga Dmitri Priya Kenji Mei Amadou"
).split(" ");

const LAST_NAMES = (
  "Außerhofer Löwenstern Grünspecht Bäumler-Tann Königswald Sørlund Ößwein Müßig Węgrzynek Dvořáček Yıldızoğlu Çelebik " +
  "Fjällström Núñez-Roda Lefèvrier Szőllősy Håkansen Träumerich Flößer Jägersbacher Kühnast Wölkchen Weißdorn " +
  "Haferkorn Birkenfels Mondschein Quellmoor Rabenhorst Sandtner Talbacher Uferlos Vogelweid Winterkorn Zaunkamp " +
  "Ahornberg Brombeer Distelkamp Eichelroth Farnholz Ginsterburg Heidekraut Immergrün Kornblum Lerchenau Mispelbaum " +
  "Nebelthau Ohnesorge-Ritt Pappelhain Ried O’Marrow Schlehdorn Tannhus"
).split(" ");

const STREETS = (
  "Ahornweg Bäckergasse Am_Mühlgraben Lindenallee Färberstraße Kirchplatz Obere_Gasse Seeblick Rosenstraße " +
  "Krähenwinkel Zur_Höhe Schloßstraße Gänsemarkt Hopfengarten"
)
  .split(" ")
  .map((street) => street.replaceAll("_", " "));

const CITIES = [
  ["10115", "Berlin", "DE", "Germany"],
  ["20095", "Hamburg", "DE", "Germany"],
  ["80331", "München", "DE", "Germany"],
  ["50667", "Köln", "DE", "Germany"],
  ["90402", "Nürnberg", "DE", "Germany"],
  ["24937", "Flensburg", "DE", "Germany"],
  ["01067", "Dresden", "DE", "Germany"],
  ["79098", "Freiburg im Breisgau", "DE", "Germany"],
  ["1010", "Wien", "AT", "Austria"],
  ["5020", "Salzburg", "AT", "Austria"],
  ["6900", "Bregenz", "AT", "Austria"],
  ["8001", "Zürich", "CH", "Switzerland"],
  ["8000", "Aarhus", "DK", "Denmark"],
  ["75011", "Paris", "FR", "France"],
] as const;
