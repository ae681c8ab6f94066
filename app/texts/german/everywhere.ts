/** Words that many pages use. */
export const everywhere = {
  Save: "Speichern",
  Discard: "Verwerfen",
  Copy: "Kopieren",
  Copied: "Kopiert",
  "{count} days": "{count} Tage",
  "Customer {id}": "Kunde {id}",
  Staff: "Team",
  "Staff {number}": "Team, Konto {number}",
  "What changed, and why": "Was sich geändert hat und warum",
  "Shown with the version": "Steht bei der Version",
  "The browser did not allow it: select it and copy it yourself.":
    "Der Browser hat es nicht erlaubt: Markieren Sie es und kopieren Sie es selbst.",
  "The form was incomplete. Load the page again.": "Das Formular war unvollständig. Laden Sie die Seite neu.",

  "without consent": "ohne Einwilligung",
  "without e‑mail address": "ohne E‑Mail-Adresse",
  "refused by the destination": "vom Ziel abgelehnt",
  pending: "ausstehend",
  "sharing an address": "mit geteilter Adresse",

  "Consent unknown": "Einwilligung unbekannt",
  Subscribed: "Angemeldet",
  "Confirmation pending": "Bestätigung ausstehend",
  Unsubscribed: "Abgemeldet",
  "Not subscribed": "Nicht angemeldet",
  "Invalid e-mail address": "Ungültige E-Mail-Adresse",
  "Consent erased": "Einwilligung gelöscht",

  "No e-mail address": "Keine E-Mail-Adresse",
  "No audience can hold these customers.": "Keine Zielgruppe kann diese Kunden aufnehmen.",
  "Not an e-mail address": "Keine gültige E-Mail-Adresse",
  "No mail can reach what is written there.": "Was dort steht, kann keine E-Mail erreichen.",
  "Throw-away address": "Wegwerfadresse",
  "The address is from a service that gives one for minutes.":
    "Die Adresse stammt von einem Dienst, der sie für Minuten vergibt.",
  "Probably mistyped address": "Vermutlich vertippte Adresse",
  "The domain is a letter away from a large provider.":
    "Die Domain unterscheidet sich um einen Buchstaben von der eines großen Anbieters.",
  "Cannot be reached": "Nicht erreichbar",
  "Neither an e-mail address nor a telephone number works.":
    "Weder eine E-Mail-Adresse noch eine Telefonnummer funktioniert.",
  "Impossible date": "Unmögliches Datum",
  "Something lies in the future, or before web shops.": "Etwas liegt in der Zukunft oder vor der Zeit der Onlineshops.",
  "Impossible amount": "Unmöglicher Betrag",
  "An order is negative, absurdly large or over-refunded.":
    "Eine Bestellung ist negativ, unglaubhaft groß oder zu hoch erstattet.",
  "Unknown currency": "Unbekannte Währung",
  "An order is in a currency that does not exist.": "Eine Bestellung hat eine Währung, die es nicht gibt.",
  "Shared e-mail address": "Geteilte E-Mail-Adresse",
  "Several customers have the same address.": "Mehrere Kunden haben dieselbe Adresse.",
  "Totals differ from Shopify's": "Summen weichen von Shopify ab",
  "Shopify counts other orders or amounts than were delivered or read.":
    "Shopify zählt andere Bestellungen oder Beträge, als zugestellt oder gelesen wurden.",
  "Shared telephone number": "Geteilte Telefonnummer",
  "Several customers have the same number.": "Mehrere Kunden haben dieselbe Nummer.",
} as const;
