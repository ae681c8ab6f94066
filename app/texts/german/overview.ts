/** The first page, with its guide. */
export const overview = {
  "Last one {when}": "Zuletzt {when}",
  "Show the set-up guide": "Einrichtungshilfe zeigen",
  "Permissions are missing": "Es fehlen Berechtigungen",
  "Shopify tells Muster nothing of this until you allow it. Open the app's permissions and approve what is new.":
    "Shopify teilt Muster nichts davon mit, bis Sie es erlauben. Öffnen Sie die Berechtigungen der App und stimmen Sie den neuen zu.",
  "with cancelled and test orders": "mit stornierten und Testbestellungen",
  "Webhooks received": "Webhooks empfangen",
  "Waiting|how many": "Wartend",
  "As of {time}": "Stand {time}",
  "None put aside": "Nichts beiseitegelegt",
  "{count} put aside": "{count} beiseitegelegt",
  "No delivery came twice so far.": "Bisher kam keine Zustellung doppelt.",
  "{count} duplicate delivery was recognised and ignored.":
    "{count} doppelte Zustellung wurde erkannt und nicht noch einmal verarbeitet.",
  "{count} duplicate deliveries were recognised and ignored.":
    "{count} doppelte Zustellungen wurden erkannt und nicht noch einmal verarbeitet.",

  Speed: "Geschwindigkeit",
  "Typical time, and the time 99 of 100 stay below. Measured on this server within the last hour.":
    "Die typische Zeit und die, unter der 99 von 100 bleiben. Gemessen auf diesem Server in der letzten Stunde.",
  "not measured yet": "noch nicht gemessen",
  Acknowledged: "Bestätigt",
  "delivery to answer": "Zustellung bis Antwort",
  "Segments decided": "Segmente ermittelt",
  "delivery to decision": "Zustellung bis Entscheidung",
  "Audience changed": "Zielgruppe geändert",
  "delivery to the destination’s answer": "Zustellung bis Antwort des Ziels",

  "Everything is up to date": "Alles ist auf dem neuesten Stand",
  "Something needs your attention": "Etwas braucht Ihre Aufmerksamkeit",
  "Muster is behind": "Muster ist im Rückstand",
  "Some deliveries were put aside": "Einige Zustellungen wurden beiseitegelegt",
  "{count} delivery of {topic} could not be understood and is kept: {reason}":
    "{count} Zustellung zu {topic} konnte nicht verstanden werden und wird aufbewahrt: {reason}",
  "{count} deliveries of {topic} could not be understood and are kept: {reason}":
    "{count} Zustellungen zu {topic} konnten nicht verstanden werden und werden aufbewahrt: {reason}",
  "The automation {name} is paused. {reason}": "Die Automatisierung {name} ist pausiert. {reason}",
  "The automation {name} gave up {count} run in the last 24 hours.":
    "Die Automatisierung {name} hat in den letzten 24 Stunden {count} Lauf aufgegeben.",
  "The automation {name} gave up {count} runs in the last 24 hours.":
    "Die Automatisierung {name} hat in den letzten 24 Stunden {count} Läufe aufgegeben.",
  "A privacy request was due {when}.": "Eine Datenschutzanfrage war {when} fällig.",
  "The first of {count} privacy requests was due {when}.":
    "Die erste von {count} Datenschutzanfragen war {when} fällig.",
  "A privacy request is due {when}.": "Eine Datenschutzanfrage wird {when} fällig.",
  "The first of {count} privacy requests is due {when}.":
    "Die erste von {count} Datenschutzanfragen wird {when} fällig.",
  "In {name} there is one thing worth a second look.": "In {name} lohnt eine Sache einen zweiten Blick.",
  "{name} was to have another rule from {at} and does not.":
    "{name} sollte ab {at} eine andere Regel haben und hat sie nicht.",
  "{name} is to have another rule from {at} and will not as things are.":
    "{name} soll ab {at} eine andere Regel haben und bekommt sie so nicht.",
  "In {name} there are {count} things worth a second look.": "In {name} lohnen {count} Dinge einen zweiten Blick.",
  "The last delivery came {when}": "Die letzte Zustellung kam {when}",
  "No delivery has come yet": "Bisher kam keine Zustellung",
  "{last}; nothing is waiting.": "{last}; nichts wartet.",
  "{last}; {count} change is being worked on.": "{last}; {count} Änderung wird bearbeitet.",
  "{last}; {count} changes are being worked on.": "{last}; {count} Änderungen werden bearbeitet.",
  "{count} delivery is waiting to be read, the oldest for {age}.":
    "{count} Zustellung wartet darauf, gelesen zu werden, seit {age}.",
  "{count} deliveries are waiting to be read, the oldest for {age}.":
    "{count} Zustellungen warten darauf, gelesen zu werden, die älteste seit {age}.",
  "{count} profile is waiting to be updated, the oldest for {age}.":
    "{count} Profil wartet darauf, aktualisiert zu werden, seit {age}.",
  "{count} profiles are waiting to be updated, the oldest for {age}.":
    "{count} Profile warten darauf, aktualisiert zu werden, das älteste seit {age}.",

  "Orders, refunds, checkouts and carts: no totals, no segments by purchase.":
    "Bestellungen, Rückerstattungen, Checkouts und Warenkörbe: keine Summen, keine Segmente nach Käufen.",
  "Customers, their tags and their consent: no profiles, and nobody is in an audience.":
    "Kunden, ihre Tags und ihre Einwilligung: keine Profile, und niemand ist in einer Zielgruppe.",
  "Merges made in Shopify: the orders of a merged customer stay with the old one.":
    "Zusammenführungen in Shopify: Die Bestellungen eines zusammengeführten Kunden bleiben beim alten.",
  "Products and collections: no segments by tag or category of what was bought.":
    "Produkte und Kollektionen: keine Segmente nach Tag oder Kategorie des Gekauften.",
  "The web pixel: no segments by what visitors look at, and recommendations know purchases alone.":
    "Das Web-Pixel: keine Segmente danach, was Besucher ansehen, und Empfehlungen kennen nur Käufe.",
  "What the web pixel sees: Shopify does not load it without this.":
    "Was das Web-Pixel sieht: Shopify lädt es ohne diese Berechtigung nicht.",
  "Lists beside products in the theme: its product and cart blocks stay empty.":
    "Listen neben Produkten im Theme: Seine Blöcke für Produkt und Warenkorb bleiben leer.",
  "Personal lists in the theme, and what becomes of those that were shown.":
    "Persönliche Listen im Theme und was aus den gezeigten wird.",
  "Stock: what is sold out is not known until the product itself changes.":
    "Bestand: Was ausverkauft ist, ist erst bekannt, wenn sich das Produkt selbst ändert.",
  "Writing to Shopify who unsubscribed at an e-mail platform: one customer still counts as subscribed there. They are in none of your audiences.":
    "An Shopify melden, wer sich bei einer E-Mail-Plattform abgemeldet hat: Ein Kunde gilt dort noch als angemeldet. Er ist in keiner Ihrer Zielgruppen.",
  "Writing to Shopify who unsubscribed at an e-mail platform: {count} customers still count as subscribed there. They are in none of your audiences.":
    "An Shopify melden, wer sich bei einer E-Mail-Plattform abgemeldet hat: {count} Kunden gelten dort noch als angemeldet. Sie sind in keiner Ihrer Zielgruppen.",

  "No e-mail platform is connected. Once one is, each segment becomes an audience there and stays equal to it.":
    "Es ist keine E-Mail-Plattform verbunden. Sobald eine es ist, wird dort jedes Segment zu einer Zielgruppe und bleibt ihr gleich.",
  "Connect a platform": "Plattform verbinden",
  "Audiences in {destination}": "Zielgruppen in {destination}",
  "Open {name}": "{name} öffnen",
  "{count} of {members} in the audience": "{count} von {members} in der Zielgruppe",
  "Compared {when}": "Verglichen {when}",
  "Not compared yet": "Noch nicht verglichen",
  "{what} is paused. {reason}": "{what} ist pausiert. {reason}",
  "{segment} in {destination} was last compared {when}.": "{segment} in {destination} wurde zuletzt {when} verglichen.",
  "{segment} in {destination} waits for you to look at its first load.":
    "{segment} in {destination} wartet darauf, dass Sie sich die erste Befüllung ansehen.",
  "{segment} in {destination}: {count} removal waits for you to agree.":
    "{segment} in {destination}: {count} Entfernung wartet auf Ihre Zustimmung.",
  "{segment} in {destination}: {count} removals wait for you to agree.":
    "{segment} in {destination}: {count} Entfernungen warten auf Ihre Zustimmung.",

  "Waiting for the first event from {shop}": "Warten auf das erste Ereignis aus {shop}",
  "It comes by itself. To see it at once, save a customer or place an order in your shop: it appears on this page within seconds.":
    "Das kommt von selbst. Um es gleich zu sehen, speichern Sie in Ihrem Shop einen Kunden oder geben Sie eine Bestellung auf: Es erscheint auf dieser Seite innerhalb von Sekunden.",
  "What happens then": "Was dann geschieht",
  "Every order, cart, checkout and customer that changes reaches Muster as it happens.":
    "Jede Bestellung, jeder Warenkorb, jeder Checkout und jeder Kunde, der sich ändert, erreicht Muster sofort.",
  "Each customer gets one profile with totals and a timeline.":
    "Jeder Kunde bekommt ein Profil mit Summen und Zeitverlauf.",
  "Segments are decided at once, and again at the moment an answer changes by itself.":
    "Segmente werden sofort ermittelt und noch einmal in dem Augenblick, in dem sich eine Antwort von selbst ändert.",
  "Audiences in connected e-mail platforms follow their segments.":
    "Zielgruppen in verbundenen E-Mail-Plattformen folgen ihren Segmenten.",

  "Set Muster up": "Muster einrichten",
  "{done} of {total} done": "{done} von {total} erledigt",
  "Put away": "Ausblenden",
  "Done|a step": "Erledigt",
  "Read what happened before Muster": "Lesen, was vor Muster geschah",
  "Hear what visitors look at": "Erfahren, was Besucher ansehen",
  "The web pixel is on.": "Das Web-Pixel ist eingeschaltet.",
  "Muster switches its web pixel on by itself. Where it is missing, Shopify’s list of pixels says why.":
    "Muster schaltet sein Web-Pixel von selbst ein. Wo es fehlt, sagt die Liste der Pixel in Shopify, warum.",
  "Open customer events": "Kundenereignisse öffnen",
  "Put a block on your storefront": "Einen Block in Ihren Onlineshop setzen",
  "Browsers showed recommendations in the last 30 days.": "Browser haben in den letzten 30 Tagen Empfehlungen gezeigt.",
  "Add a block in the theme editor and switch the Feedback embed on. This step is done once a visitor has seen it.":
    "Fügen Sie im Theme-Editor einen Block hinzu und schalten Sie die App-Einbettung „Feedback“ ein. Der Schritt ist erledigt, sobald ein Besucher ihn gesehen hat.",
  "See the blocks": "Blöcke ansehen",
  "Connect an e-mail platform": "Eine E-Mail-Plattform verbinden",
  "Segments can become audiences there.": "Segmente können dort zu Zielgruppen werden.",
  "Segments become audiences in Klaviyo or Mailchimp and stay equal to them.":
    "Segmente werden in Klaviyo oder Mailchimp zu Zielgruppen und bleiben ihnen gleich.",
  "See destinations": "Ziele ansehen",
  "Publish a segment of your own": "Ein eigenes Segment veröffentlichen",
  "Its members are decided as things happen.": "Seine Mitglieder werden laufend ermittelt.",
  "Begin with one from the library.": "Beginnen Sie mit einem aus der Bibliothek.",
  "See segments": "Segmente ansehen",
  "Choose from the library": "Aus der Bibliothek wählen",
  "See the progress": "Fortschritt ansehen",
  "Everything Shopify gives is read.": "Alles, was Shopify hergibt, ist gelesen.",
  "99%: {time}": "99 %: {time}",
  "{percent}% is read. It goes on by itself, also while this page is closed.":
    "{percent} % sind gelesen. Es geht von selbst weiter, auch wenn diese Seite geschlossen ist.",
  "Some of it could not be read.": "Ein Teil davon konnte nicht gelesen werden.",
  "See what is missing": "Ansehen, was fehlt",
  "It begins by itself at the installation.": "Es beginnt bei der Installation von selbst.",

  "Reading what happened before Muster": "Gelesen wird, was vor Muster geschah",
  "Not everything from before Muster could be read": "Nicht alles aus der Zeit vor Muster konnte gelesen werden",
  "What happened before Muster is read": "Was vor Muster geschah, ist gelesen",
  Complete: "Vollständig",
  "Shopify did not give everything": "Shopify hat nicht alles hergegeben",
  "Start again": "Erneut starten",
  products: "Produkte",
  customers: "Kunden",
  refunds: "Rückerstattungen",
  "no reason is known.": "Es ist kein Grund bekannt.",
  "Totals of {count} customers are brought up to date.":
    "Die Summen von {count} Kunden werden auf den neuesten Stand gebracht.",
  "Reading {what}: {count} of {total}.": "{what} werden gelesen: {count} von {total}.",
  "Reading {what}: {count}.": "{what} werden gelesen: {count}.",
  "Waiting for Shopify.": "Warten auf Shopify.",
  "Shopify is preparing {parts} so far.": "Shopify bereitet vor, bisher: {parts}.",
  "Read from Shopify: {parts}.": "Aus Shopify gelesen: {parts}.",
  "Shopify gives Muster the orders of the last 60 days only. Of earlier ones it tells each customer’s count and amount, which the totals hold; their dates are not known.":
    "Shopify gibt Muster nur die Bestellungen der letzten 60 Tage. Von früheren nennt es Anzahl und Betrag je Kunde, die in den Summen enthalten sind; ihre Daten sind nicht bekannt.",
  "{count} record could not be understood ({reason}).": "{count} Datensatz konnte nicht verstanden werden ({reason}).",
  "{count} records could not be understood ({reason}).":
    "{count} Datensätze konnten nicht verstanden werden ({reason}).",
  "no reason": "ohne Grund",
  "A refund exists no more.": "Eine Rückerstattung gibt es nicht mehr.",
  "Compared with Shopify {when}; no delivery was missing so far.":
    "Mit Shopify verglichen {when}; bisher fehlte keine Zustellung.",
  "Compared with Shopify {when}; {count} record of which no delivery had come was repaired so far.":
    "Mit Shopify verglichen {when}; bisher wurde {count} Datensatz berichtigt, zu dem keine Zustellung gekommen war.",
  "Compared with Shopify {when}; {count} records of which no delivery had come were repaired so far.":
    "Mit Shopify verglichen {when}; bisher wurden {count} Datensätze berichtigt, zu denen keine Zustellung gekommen war.",
  "{reason} What it had collected by then was taken in.": "{reason} Was bis dahin gesammelt war, wurde aufgenommen.",
  "Muster was not granted the permission {scope}, so {kind} cannot be read.":
    "Muster hat die Berechtigung {scope} nicht bekommen, deshalb können {kind} nicht gelesen werden.",
  "Shopify did not take the request for {kind}.": "Shopify hat die Anfrage nicht angenommen: {kind}.",
  "Shopify knows the export no more.": "Shopify kennt den Export nicht mehr.",
  "Shopify denied access to some of the data: a permission is missing.":
    "Shopify hat den Zugriff auf einen Teil der Daten verweigert: Eine Berechtigung fehlt.",
  "Shopify gave the export up because it took too long.":
    "Shopify hat den Export aufgegeben, weil er zu lange gedauert hat.",
  "Shopify's export failed.": "Der Export von Shopify ist fehlgeschlagen.",
  "The export was cancelled at Shopify.": "Der Export wurde bei Shopify abgebrochen.",
  "The export expired at Shopify before it was finished.":
    "Der Export ist bei Shopify abgelaufen, bevor er fertig war.",
  "Shopify ended the export without a reason.": "Shopify hat den Export ohne Angabe von Gründen beendet.",
  "Shopify's export could not be fetched.": "Der Export von Shopify konnte nicht abgerufen werden.",

  Revenue: "Umsatz",
  "Products clicked in a list": "In einer Liste angeklickte Produkte",
  "Bought within 7 days of the click, less what was given back.":
    "Gekauft innerhalb von 7 Tagen nach dem Klick, abzüglich der Retouren.",
  "What would have been bought anyway is in it: only people held out tell what lists add.":
    "Was ohnehin gekauft worden wäre, ist darin enthalten: Was Listen hinzufügen, sagt erst eine Kontrollgruppe.",
  "Against people held out": "Im Vergleich mit der Kontrollgruppe",
  "Members of segments, last 7 days": "Mitglieder von Segmenten, letzte 7 Tage",
  "Orders of people who were members when they ordered. Who is in several counts in each.":
    "Bestellungen von Personen, die beim Bestellen Mitglied waren. Wer in mehreren ist, zählt in jedem.",
  "This is being worked out and appears here by itself.": "Das wird gerade berechnet und erscheint hier von selbst.",
  "Members now, and who came and went in the last 24 hours.":
    "Mitglieder jetzt, und wer in den letzten 24 Stunden ein- und austrat.",
} as const;
