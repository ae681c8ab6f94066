/** What is around every page, and pages that could not be shown. */
export const shell = {
  Overview: "Übersicht",
  Profiles: "Profile",
  Segments: "Segmente",
  Recommendations: "Empfehlungen",
  Content: "Inhalte",
  Destinations: "Ziele",
  Data: "Daten",
  Privacy: "Datenschutz",
  Settings: "Einstellungen",
  "Go to the overview": "Zur Übersicht",
  "Try again": "Noch einmal versuchen",
  "Shopify did not confirm who you are": "Shopify hat nicht bestätigt, wer Sie sind",
  "Open Muster anew from the Apps section of your Shopify admin.":
    "Öffnen Sie Muster neu, über „Apps“ in Ihrem Shopify-Adminbereich.",
  "There is nothing at this address": "Unter dieser Adresse gibt es nichts",
  "It may have been deleted, or the link is mistyped.":
    "Vielleicht wurde es gelöscht, oder der Link ist falsch geschrieben.",
  "This page could not be shown": "Diese Seite konnte nicht gezeigt werden",
  "Nothing you saved was lost. Webhooks and syncing go on in the background.":
    "Nichts, was Sie gespeichert haben, ging verloren. Webhooks und Abgleich laufen im Hintergrund weiter.",
  "There is no page at this address": "Unter dieser Adresse gibt es keine Seite",
  "The link may be old or mistyped. Open Muster from the Apps section of your Shopify admin.":
    "Der Link ist vielleicht alt oder falsch geschrieben. Öffnen Sie Muster über „Apps“ in Ihrem Shopify-Adminbereich.",
  "Nothing you did was lost. Reload the page; if it happens again, open Muster anew from your Shopify admin.":
    "Nichts von dem, was Sie getan haben, ging verloren. Laden Sie die Seite neu; passiert es wieder, öffnen Sie Muster neu aus Ihrem Shopify-Adminbereich.",
  "Muster does not know this shop": "Muster kennt diesen Shop nicht",
  "The installation was not finished, or the app was removed. Open Muster anew from the Apps section of your Shopify admin; it installs itself.":
    "Die Installation wurde nicht abgeschlossen, oder die App wurde entfernt. Öffnen Sie Muster neu, über „Apps“ in Ihrem Shopify-Adminbereich; es installiert sich selbst.",
  Connection: "Verbindung",
  "API keys": "API-Schlüssel",
  Duplicates: "Dubletten",
  "Deliveries set aside": "Beiseitegelegte Zustellungen",
  "Create segment": "Segment erstellen",
  Automations: "Automatisierungen",
  Automation: "Automatisierung",
  Segment: "Segment",
  Feeds: "Feeds",
  "New block": "Neuer Block",
  Block: "Block",
  "What staff changed": "Was das Team geändert hat",
} as const;
