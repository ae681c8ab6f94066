/** Blocks of content and feeds. */
export const content = {
  "Create block": "Block erstellen",
  "This is a draft; what is live is another": "Das ist ein Entwurf; live ist etwas anderes",
  "Throw the draft away": "Entwurf verwerfen",
  Handle: "Handle",
  "Made of the name": "Wird aus dem Namen gebildet",
  "By which themes and other tools ask for the block. It stays.":
    "Damit rufen Themes und andere Tools den Block ab. Es bleibt, wie es ist.",
  "Where it stands": "Wo er steht",
  "In e-mails addresses are whole, and lists of products are tables.":
    "In E-Mails sind Adressen vollständig und Produktlisten sind Tabellen.",
  "The live version says the same already": "Die Live-Version sagt schon dasselbe",
  "The draft is saved": "Der Entwurf ist gespeichert",
  "E-mail block with the handle {handle}": "E-Mail-Block mit dem Handle {handle}",
  "Storefront block with the handle {handle}": "Onlineshop-Block mit dem Handle {handle}",
  "Version {number} is live": "Version {number} ist live",
  "The editor is loading": "Der Editor wird geladen",
  "Publish this block?": "Diesen Block veröffentlichen?",
  "Nothing is shown in its place from now on. It stays in the list of deleted blocks, with its versions, and can be brought back.":
    "An seiner Stelle wird ab jetzt nichts gezeigt. Er bleibt mit seinen Versionen in der Liste der gelöschten Blöcke und kann zurückgeholt werden.",
  "From now on it stands wherever {handle} is asked for. Earlier versions are kept.":
    "Ab jetzt steht er überall, wo {handle} abgerufen wird. Frühere Versionen bleiben erhalten.",
  "The preview is being made": "Die Vorschau wird erstellt",
  "This cannot be shown until what is marked is mended": "Das kann erst gezeigt werden, wenn das Markierte behoben ist",
  "A block has 200 ms and 32 MB. Where it does not end, nothing is shown in its place.":
    "Ein Block hat 200 ms und 32 MB. Kommt er nicht zum Ende, wird an seiner Stelle nichts gezeigt.",
  "This customer is not there any more": "Diesen Kunden gibt es nicht mehr",
  "What a visitor would see appears here.": "Hier erscheint, was ein Besucher sehen würde.",
  "What {name} would see appears here.": "Hier erscheint, was {name} sehen würde.",
  "Nothing: for a visitor the block is empty.": "Nichts: Für einen Besucher ist der Block leer.",
  "Nothing: for {name} the block is empty.": "Nichts: Für {name} ist der Block leer.",
  "Preview for {name}": "Vorschau für {name}",
  "The block takes too long": "Der Block braucht zu lange",
  "The block needs too much memory": "Der Block braucht zu viel Speicher",
  "Too many previews wait; the next one is tried when you type":
    "Zu viele Vorschauen warten; die nächste wird versucht, wenn Sie weiterschreiben",
  "Muster is being restarted": "Muster wird gerade neu gestartet",
  "Edit from this": "Hiermit weiterarbeiten",
  "Edit from this: version {number}": "Hiermit weiterarbeiten: Version {number}",
  "Blocks for the storefront and for e-mails that speak to each customer.":
    "Blöcke für Onlineshop und E-Mails, die jeden Kunden persönlich ansprechen.",
  "The block is back as it was": "Der Block ist wieder da, wie er war",
  "No blocks yet": "Noch keine Blöcke",
  "Greet customers by name, show what is recommended to them, and say something else in each segment.":
    "Begrüßen Sie Kunden mit Namen, zeigen Sie, was ihnen empfohlen wird, und sagen Sie jedem Segment etwas anderes.",
  "A storefront block stands wherever your theme asks for its handle. Nothing is shown of a block that is not published.":
    "Ein Onlineshop-Block steht überall, wo Ihr Theme sein Handle abruft. Von einem Block, der nicht veröffentlicht ist, wird nichts gezeigt.",
  "Bring back": "Zurückholen",
  "Bring back {name}": "{name} zurückholen",
  "Deleted|blocks": "Gelöscht",
  "Not published": "Nicht veröffentlicht",
  "there|greeting of somebody without a name": "und willkommen",
  "Saved by {author} {when}": "{when} von {author} gespeichert",
  Storefront: "Onlineshop",
  "Version {number} live": "Version {number} live",
  "Hi {name}": "Hallo {name}",
  "Chosen for you:": "Für Sie ausgesucht:",
  "When a value is missing": "Wenn ein Wert fehlt",
  "The block uses no personal value, so nothing can be missing.":
    "Der Block verwendet keinen persönlichen Wert, also kann nichts fehlen.",
  "This stands in its place, also for visitors nobody knows. Empty: nothing stands there.":
    "Das steht an seiner Stelle, auch für Besucher, die niemand kennt. Leer: Dort steht nichts.",
  "For tools that fetch recommended products while they send: JSON, by an address that is signed.":
    "Für Tools, die beim Versenden empfohlene Produkte abrufen: JSON, über eine signierte Adresse.",
  "A customer’s number in Shopify has digits only": "Die Nummer eines Kunden in Shopify besteht nur aus Ziffern",
  "Which tool will use it": "Welches Tool ihn verwenden wird",
  "One for each tool, so that each can be ended alone.":
    "Für jedes Tool einen eigenen, damit jeder einzeln beendet werden kann.",
  "Create feed": "Feed erstellen",
  "No feeds yet": "Noch keine Feeds",
  "Klaviyo and Mailchimp get recommended products with their audiences and need none.":
    "Klaviyo und Mailchimp bekommen empfohlene Produkte mit ihren Zielgruppen und brauchen keinen.",
  "Every address of this feed, also those of single customers, answers nothing from now on. This cannot be undone; a new feed can be made at any time.":
    "Keine Adresse dieses Feeds, auch keine für einzelne Kunden, antwortet ab jetzt noch. Das lässt sich nicht rückgängig machen; ein neuer Feed kann jederzeit erstellt werden.",
  "Address for the whole shop": "Adresse für den ganzen Shop",
  "Address for one customer alone": "Adresse für einen einzelnen Kunden",
  "Customer’s number in Shopify": "Nummer des Kunden in Shopify",
  "It answers for nobody else": "Sie antwortet für niemand anderen",
  "Shown to": "Gezeigt für",
  "Name, e-mail, order or customer id": "Name, E-Mail, Bestellung oder ID",
  "A visitor nobody knows": "Ein Besucher, den niemand kennt",
  "There is no such block": "Diesen Block gibt es nicht",
  "It may have been deleted; then it can be brought back from the list.":
    "Vielleicht wurde er gelöscht; dann kann er aus der Liste zurückgeholt werden.",
  "All content": "Alle Inhalte",
  "A block has at most {count} characters.": "Ein Block hat höchstens {count} Zeichen.",
  "Revoked {when}": "{when} widerrufen",
  "Made {when}, last used {used}": "Erstellt {when}, zuletzt verwendet {used}",
  "Made {when}, never used": "Erstellt {when}, noch nie verwendet",
  "Say which tool will use it.": "Sagen Sie, welches Tool ihn verwenden wird.",
  "The fallbacks cannot be read. Load the page again.": "Die Ersatzwerte sind nicht lesbar. Laden Sie die Seite neu.",
  "This value has no fallback.": "Für diesen Wert gibt es keinen Ersatz.",
  "A fallback has at most 200 characters.": "Ein Ersatzwert hat höchstens 200 Zeichen.",
  "First and last name": "Vor- und Nachname",
  "E-mail address": "E-Mail-Adresse",
  "Telephone number": "Telefonnummer",
  "Orders that count": "Bestellungen, die zählen",
  "Spent less refunds; | money writes it with the currency":
    "Ausgegeben abzüglich Erstattungen; | money schreibt es mit der Währung",
  "Average order before refunds; | money writes it":
    "Durchschnittliche Bestellung vor Erstattungen; | money schreibt sie",
  "First order; | date: '%e %B' writes it": "Erste Bestellung; | date: '%e %B' schreibt sie",
  "Latest order": "Letzte Bestellung",
  "Shopify’s product id": "Produktnummer in Shopify",
  Title: "Titel",
  "Address of its page": "Adresse der Seite",
  "Address of its picture": "Adresse des Bildes",
  "Lowest price; | money writes it with the currency": "Niedrigster Preis; | money schreibt ihn mit der Währung",
  "Why it is recommended, in the customer’s language or else the shop’s (English or German)":
    "Warum es empfohlen wird, in der Sprache des Kunden, sonst in der des Shops (Deutsch oder Englisch)",
  "The shop’s name": "Name des Shops",
  "The shop’s address": "Adresse des Shops",
  "ISO code of its currency": "ISO-Code der Währung",
  "The same with a dot (customer.first_name); nil for a visitor":
    "Dasselbe mit Punkt (customer.first_name); nil für einen Besucher",
  "Equal to the name or key of each segment the customer is in":
    "Gleich Name oder Schlüssel jedes Segments, in dem der Kunde ist",
  "Names of the segments the customer is in": "Namen der Segmente, in denen der Kunde ist",
  "What your own systems told: traits.points": "Was Ihre eigenen Systeme mitgeteilt haben: traits.points",
  "Products for this customer; on its own a ready list": "Produkte für diesen Kunden; allein eine fertige Liste",
  "Made for this customer, and not what is popular": "Für diesen Kunden gemacht, nicht was allgemein beliebt ist",
  "The shop": "Der Shop",
  "Told by your own systems": "Von Ihren eigenen Systemen mitgeteilt",
  "There is no filter {name}.": "Es gibt keinen Filter {name}.",
  "{tag} is not closed: {% {closer} %} was expected.": "{tag} ist nicht geschlossen: {% {closer} %} wurde erwartet.",
  "This is not closed: {closer} was expected.": "Das ist nicht geschlossen: {closer} wurde erwartet.",
  "A loop has a name, the word in, and a list: {% for product in recommended_products %} was expected.":
    "Eine Schleife hat einen Namen, das Wort in und eine Liste: {% for product in recommended_products %} wurde erwartet.",
  "The name of a tag was expected, such as if in {% if first_name %}.":
    "Der Name eines Tags wurde erwartet, etwa if in {% if first_name %}.",
  "After a value only filters may follow, each after a |.":
    "Nach einem Wert dürfen nur Filter folgen, jeder nach einem |.",
  "After | the name of a filter was expected, as in {{ first_name | upcase }}.":
    "Nach | wurde der Name eines Filters erwartet, wie in {{ first_name | upcase }}.",
  "Values of a filter stand after a colon, as in {{ first_name | default: 'you' }}.":
    "Werte eines Filters stehen nach einem Doppelpunkt, wie in {{ first_name | default: 'du' }}.",
  "{text} was not expected here.": "{text} wurde hier nicht erwartet.",
  "A value was expected here.": "Hier wurde ein Wert erwartet.",
  "{text} is not a value.": "{text} ist kein Wert.",
  "A value was expected in the place of {text}.": "Anstelle von {text} wurde ein Wert erwartet.",
  "A range has two ends in brackets: (1..5) was expected.":
    "Ein Bereich hat zwei Enden in Klammern: (1..5) wurde erwartet.",
  "A value is given a name: {% assign name = value %} was expected.":
    "Ein Wert bekommt einen Namen: {% assign name = value %} wurde erwartet.",
  "What is captured is given a name: {% capture name %} was expected.":
    "Was festgehalten wird, bekommt einen Namen: {% capture name %} wurde erwartet.",
  "What takes turns is listed with commas: {% cycle 'odd', 'even' %} was expected.":
    "Was sich abwechselt, wird mit Kommas aufgezählt: {% cycle 'odd', 'even' %} wurde erwartet.",
  "elsif stands before else, and not after it.": "elsif steht vor else und nicht danach.",
  "There is one else already.": "Ein else gibt es schon.",
  "Every line of such a comment begins with #.": "Jede Zeile eines solchen Kommentars beginnt mit #.",
  "Liquid cannot read this: {message}.": "Liquid kann das nicht lesen: {message}.",
  "This makes more text than a block may hold in memory.":
    "Das erzeugt mehr Text, als ein Block im Speicher halten darf.",
  "This is nested too deeply to be read.": "Das ist zu tief verschachtelt, um gelesen zu werden.",
  "The tag {tag} reads other templates, and blocks read none.":
    "Das Tag {tag} liest andere Vorlagen, und Blöcke lesen keine.",
  "{tag} closes a {opener}, and none is open here.": "{tag} schließt ein {opener}, und hier ist keines offen.",
  "{tag} belongs into a {opener}, and none is open here.": "{tag} gehört in ein {opener}, und hier ist keines offen.",
  "{tag} belongs into {openers}, and none is open here.": "{tag} gehört in {openers}, und hier ist nichts davon offen.",
  "There is no tag {tag}.": "Es gibt kein Tag {tag}.",
  "A product has no {part}.": "Ein Produkt hat kein {part}.",
  "A customer has no {part}.": "Ein Kunde hat kein {part}.",
  "The shop has no {part}.": "Der Shop hat kein {part}.",
  "Nobody in this shop has the trait {part}.": "Niemand in diesem Shop hat das Merkmal {part}.",
  "Nothing is called {name}, so nothing stands here.": "Nichts heißt {name}, also steht hier nichts.",
  "No segment is called {name}.": "Kein Segment heißt {name}.",
  "The output is larger than {size} KB.": "Die Ausgabe ist größer als {size} KB.",
  "This block does not exist any more.": "Diesen Block gibt es nicht mehr.",
  "A block needs a name.": "Ein Block braucht einen Namen.",
  "A handle has 1 to 63 small letters, figures and hyphens, and begins with a letter or figure.":
    "Ein Handle hat 1 bis 63 Kleinbuchstaben, Ziffern und Bindestriche und beginnt mit einem Buchstaben oder einer Ziffer.",
  "The block takes too long to read. Make it shorter and try again.":
    "Der Block braucht zu lange zum Lesen. Kürzen Sie ihn und versuchen Sie es noch einmal.",
  "Another block has the handle {handle}, perhaps a deleted one.":
    "Ein anderer Block hat das Handle {handle}, vielleicht ein gelöschter.",
  "Line {line}, column {column}: {message}": "Zeile {line}, Spalte {column}: {message}",
  "Version {number} was published meanwhile. It stands beside this page; what you wrote is still here.":
    "Inzwischen wurde Version {number} veröffentlicht. Sie steht neben dieser Seite; was Sie geschrieben haben, ist noch da.",
  "block|one of several": "Block",
  "blocks|several": "Blöcke",
  "Place|of a block": "Ort",
  "feed|one of several": "Feed",
  "feeds|several": "Feeds",
  "Use|of a feed": "Verwendung",
  "Address of {name} for the whole shop": "Adresse von {name} für den ganzen Shop",
  "Keep addresses secret. The one for the whole shop answers with what is popular; with &customer= and a customer’s number at its end, with that customer’s products.":
    "Halten Sie Adressen geheim. Die für den ganzen Shop antwortet mit dem, was beliebt ist; mit &customer= und der Nummer eines Kunden am Ende mit dessen Produkten.",
  "Reasons are in the shop’s language. &locale=de or &locale=en at the end of an address asks for German or English.":
    "Gründe stehen in der Sprache des Shops. &locale=de oder &locale=en am Ende einer Adresse fragt nach Deutsch oder Englisch.",
} as const;
