/** Recommendations, with their reasons. */
export const recommendations = {
  "The list is being read": "Die Liste wird gelesen",
  "Or beside a product": "Oder neben einem Produkt",
  "Read again": "Erneut lesen",
  "With these rules, before they are saved": "Mit diesen Regeln, bevor sie gespeichert werden",
  "With these rules no product could be shown here.": "Mit diesen Regeln könnte hier kein Produkt gezeigt werden.",
  "Not shown any more: {products}.": "Nicht mehr gezeigt: {products}.",
  "More products are shown than by the saved rules.":
    "Es werden mehr Produkte gezeigt als mit den gespeicherten Regeln.",
  "The same as by the saved rules.": "Dasselbe wie mit den gespeicherten Regeln.",
  "The same products in another order.": "Dieselben Produkte in anderer Reihenfolge.",
  "Comes in": "Kommt hinzu",
  "No list was made yet. Lists come with the shop’s first orders.":
    "Es wurde noch keine Liste erstellt. Listen kommen mit den ersten Bestellungen des Shops.",
  "This customer is not there any more.": "Diesen Kunden gibt es nicht mehr.",
  "This product is not there any more.": "Dieses Produkt gibt es nicht mehr.",
  "Muster does not know this shop.": "Muster kennt diesen Shop nicht.",
  "A personal list": "Eine persönliche Liste",
  "What is popular": "Was beliebt ist",
  "Beside the product": "Neben dem Produkt",
  "The same for everybody who is not held out.": "Gleich für alle, die nicht in der Kontrollgruppe sind.",
  "For a visitor of whom nothing is known, and for those held out.":
    "Für Besucher, von denen nichts bekannt ist, und für die Kontrollgruppe.",
  "Held out": "In der Kontrollgruppe",
  "{confidence} confidence": "{confidence} Sicherheit",
  "A personal list would beat it with {confidence} probability.":
    "Eine persönliche Liste wäre mit {confidence} Wahrscheinlichkeit besser.",
  "This customer is held out to compare with, and sees the fallback.":
    "Dieser Kunde ist zum Vergleich in der Kontrollgruppe und sieht, was beliebt ist.",
  "Nothing was learned of this customer yet.": "Über diesen Kunden wurde noch nichts gelernt.",
  "It beats what is popular with {confidence} probability for this kind of customer.":
    "Für diese Art von Kunden ist sie mit {confidence} Wahrscheinlichkeit besser als das, was beliebt ist.",
  "The personal list is not sure enough.": "Die persönliche Liste ist nicht sicher genug.",
  "Title or number of a product": "Titel oder Nummer eines Produkts",
  "Saved; lists follow within a minute": "Gespeichert; die Listen folgen innerhalb einer Minute",
  "What each customer is shown, why, and what it brings.": "Was jedem Kunden gezeigt wird, warum, und was es bringt.",
  Results: "Ergebnisse",
  "Product page": "Produktseite",
  Cart: "Warenkorb",
  "Home page": "Startseite",
  "Collection page": "Kollektionsseite",
  "Nobody is held out, so there is nothing to compare with. Under Settings, hold out 5% to see what recommendations bring.":
    "Niemand ist in der Kontrollgruppe, also gibt es nichts zu vergleichen. Nehmen Sie unter „Einstellungen“ 5 % aus, um zu sehen, was Empfehlungen bringen.",
  "Nobody was shown a list yet since the comparison began. It needs the blocks and the Feedback embed in your theme.":
    "Seit Beginn des Vergleichs wurde noch niemandem eine Liste gezeigt. Dafür braucht Ihr Theme die Blöcke und die App-Einbettung „Feedback“.",
  "{shown} products shown in 30 days, {clicked} clicked, {added} added to a cart, {dismissed} not wanted":
    "{shown} Produkte in 30 Tagen gezeigt, {clicked} angeklickt, {added} in einen Warenkorb gelegt, {dismissed} nicht gewünscht",
  "Nothing was shown in the last 30 days": "In den letzten 30 Tagen wurde nichts gezeigt",
  "{treated} people were shown recommendations and {heldOut} the fallback since {day}. Each counts for 30 days, with cancelled orders and returns taken out.":
    "{treated} Personen wurden Empfehlungen gezeigt und {heldOut} nur, was beliebt ist, seit {day}. Jede zählt 30 Tage lang, ohne stornierte Bestellungen und Retouren.",
  "{treated} people were shown recommendations and {heldOut} the fallback. Each counts for 30 days, with cancelled orders and returns taken out.":
    "{treated} Personen wurden Empfehlungen gezeigt und {heldOut} nur, was beliebt ist. Jede zählt 30 Tage lang, ohne stornierte Bestellungen und Retouren.",
  "Revenue per person": "Umsatz pro Person",
  "revenue per person": "Umsatz pro Person",
  "People who bought": "Personen, die kauften",
  "people who bought": "Personen, die kauften",
  "From products in lists": "Aus Produkten in Listen",
  "revenue from products clicked in a list": "Umsatz mit Produkten, die in einer Liste angeklickt wurden",
  "{treated} with recommendations, {heldOut} held out": "{treated} mit Empfehlungen, {heldOut} in der Kontrollgruppe",
  "{treated} per person with recommendations, {heldOut} held out; bought within 7 days of the click":
    "{treated} pro Person mit Empfehlungen, {heldOut} in der Kontrollgruppe; gekauft innerhalb von 7 Tagen nach dem Klick",
  "Not enough yet": "Noch nicht genug",
  "{count} of the {needed} buyers that the smaller group needs before a difference can be told.":
    "{count} der {needed} Käufer, die die kleinere Gruppe braucht, bevor sich ein Unterschied feststellen lässt.",
  "{percent} less": "{percent} weniger",
  "{percent} more": "{percent} mehr",
  "{difference} {what}; with 95% certainty between {low} and {high}.":
    "{difference} {what}; mit 95 % Sicherheit zwischen {low} und {high}.",
  Better: "Besser",
  Worse: "Schlechter",
  "No difference shown": "Kein Unterschied belegt",
  "The chance that it is above nought is {percent}.":
    "Die Wahrscheinlichkeit, dass er über null liegt, beträgt {percent}.",
  "Of {count} purchases that were kept from the training, the personal list held the next one for {personal}, what is popular for {popular}.":
    "Von {count} Käufen, die beim Lernen zurückgehalten wurden, enthielt die persönliche Liste den nächsten bei {personal}, das Beliebte bei {popular}.",
  "The two never differed.": "Die beiden unterschieden sich nie.",
  "Where the two differed the personal list did better in {share} (95% interval {low} to {high}).":
    "Wo sich die beiden unterschieden, war die persönliche Liste in {share} der Fälle besser (95-%-Intervall {low} bis {high}).",
  "Learned {when} from {orders} orders; lists are ready for {products} products and {customers} customers.":
    "Gelernt {when} aus {orders} Bestellungen; Listen sind bereit für {products} Produkte und {customers} Kunden.",
  "No price": "Kein Preis",
  "Against people who were held out": "Im Vergleich mit der Kontrollgruppe",
  "An interval is for one look. Decide when to look before you begin: who looks every day is misled more often.":
    "Ein Intervall gilt für einen einzigen Blick. Legen Sie vorher fest, wann Sie nachsehen: Wer jeden Tag nachsieht, wird öfter in die Irre geführt.",
  "Against plain popularity": "Im Vergleich mit bloßer Beliebtheit",
  "Nothing was learned yet. It begins with 50 orders of 10 products; until then every list shows what is popular.":
    "Es wurde noch nichts gelernt. Das beginnt mit 50 Bestellungen von 10 Produkten; bis dahin zeigt jede Liste, was beliebt ist.",
  "What the lists are made of": "Woraus die Listen bestehen",
  "For one customer: home page, collections, e-mails": "Für einen Kunden: Startseite, Kollektionen, E-Mails",
  "In the cart, and after what a visitor looked at": "Im Warenkorb, und nach dem, was ein Besucher angesehen hat",
  "How much each one counts: how much worse the lists of {count} replayed purchases were without it, as a share of all.":
    "Wie viel jede Quelle zählt: um wie viel schlechter die Listen von {count} nachgespielten Käufen ohne sie waren, als Anteil an allem.",
  "How much a place in each one’s order counts, learned from {count} replayed purchases and visits.":
    "Wie viel ein Platz in der Reihenfolge jeder Quelle zählt, gelernt an {count} nachgespielten Käufen und Besuchen.",
  "Bought by the same people": "Von denselben Personen gekauft",
  "Bought next": "Als Nächstes gekauft",
  "What a whole past says of the next purchase": "Was alle bisherigen Käufe über den nächsten sagen",
  "Customers with a past like this": "Kunden mit ähnlichen bisherigen Käufen",
  "Bought in one order": "In einer Bestellung gekauft",
  "What customers alike buy": "Was ähnliche Kunden kaufen",
  "Bought with what goes with it": "Gekauft mit dem, was dazu passt",
  "Popular overall": "Insgesamt beliebt",
  "Popular lately": "In letzter Zeit beliebt",
  "Bought again and again, and when": "Immer wieder gekauft, und wann",
  "How long and how varied the past is": "Wie viele und wie verschiedene Käufe es gibt",
  "Looked at together": "Zusammen angesehen",
  "Every product weighed with every other": "Jedes Produkt mit jedem anderen abgewogen",
  "Visits like this": "Ähnliche Besuche",
  "Much further up": "Viel weiter oben",
  "Further up": "Weiter oben",
  "Further down": "Weiter unten",
  "Much further down": "Viel weiter unten",
  "Product {id}, which is gone": "Produkt {id}, das es nicht mehr gibt",
  "Which products may be shown": "Welche Produkte gezeigt werden dürfen",
  "Only products in stock": "Nur Produkte auf Lager",
  "Blocks in your theme never show what cannot be bought.":
    "Blöcke in Ihrem Theme zeigen nie, was nicht gekauft werden kann.",
  "Not what the customer bought already": "Nicht, was der Kunde schon gekauft hat",
  "Kinds of products that are bought again and again are still shown.":
    "Arten von Produkten, die immer wieder gekauft werden, werden weiterhin gezeigt.",
  "Price from": "Preis von",
  "Price to": "Preis bis",
  "Never products with one of these tags": "Nie Produkte mit einem dieser Tags",
  "Tags as they are in Shopify, separated by commas.": "Tags wie in Shopify, durch Kommas getrennt.",
  "Hide a product": "Ein Produkt ausblenden",
  "What stands where": "Was wo steht",
  "Pin a product": "Ein Produkt anheften",
  "Pinned products stand first in every list, in this order.":
    "Angeheftete Produkte stehen in jeder Liste zuerst, in dieser Reihenfolge.",
  "Products with the tag": "Produkte mit dem Tag",
  Stand: "Stehen",
  "Remove the boost of no tag": "Gewichtung ohne Tag entfernen",
  "Remove the boost of {tag}": "Gewichtung von {tag} entfernen",
  "Add a boost": "Gewichtung hinzufügen",
  "Products in a list": "Produkte in einer Liste",
  "At most of one vendor": "Höchstens von einem Anbieter",
  "At most of one type": "Höchstens von einem Typ",
  "A place never stays empty: before it would, more of one vendor or type are shown.":
    "Ein Platz bleibt nie leer: Bevor das geschieht, wird mehr von einem Anbieter oder Typ gezeigt.",
  "What stands in each place": "Was an jeder Stelle steht",
  "On a product page": "Auf einer Produktseite",
  "What is bought with the product": "Was mit dem Produkt gekauft wird",
  "What is like the product": "Was dem Produkt ähnelt",
  "On the home page": "Auf der Startseite",
  "For the person who looks": "Für die Person, die gerade schaut",
  "On a collection page": "Auf einer Kollektionsseite",
  "What goes with the collection’s products": "Was zu den Produkten der Kollektion passt",
  "In the cart stands what is bought with its products.": "Im Warenkorb steht, was mit seinen Produkten gekauft wird.",
  "How sure, and how it is measured": "Wie sicher, und wie gemessen wird",
  "Show a personal list from a confidence of": "Persönliche Liste zeigen ab einer Sicherheit von",
  "The probability that the personal list beats what is popular, for this kind of customer. Below it, what is popular is shown.":
    "Die Wahrscheinlichkeit, dass die persönliche Liste für diese Art von Kunden besser ist als das, was beliebt ist. Darunter wird gezeigt, was beliebt ist.",
  "Places that try out new products, at most": "Plätze, die neue Produkte ausprobieren, höchstens",
  "New products have no past to be recommended by. They stand in the fourth place of some lists, never first. 0: none.":
    "Neue Produkte haben keine Vorgeschichte, nach der sie empfohlen werden könnten. Sie stehen an vierter Stelle mancher Listen, nie zuerst. 0: keine.",
  "People held out to compare with": "Personen in der Kontrollgruppe",
  "They are shown what is popular. Another share begins the comparison anew. 0: nobody, and results cannot be told.":
    "Ihnen wird gezeigt, was beliebt ist. Ein anderer Anteil beginnt den Vergleich neu. 0: niemand, und Ergebnisse lassen sich nicht feststellen.",
  "Blocks in your theme": "Blöcke in Ihrem Theme",
  "Switch the Feedback embed on": "Schalten Sie die App-Einbettung „Feedback“ ein",
  "Open app embeds": "App-Einbettungen öffnen",
  "Without it nothing is known of what was shown and clicked, and nothing can be compared.":
    "Ohne sie ist nicht bekannt, was gezeigt und angeklickt wurde, und nichts lässt sich vergleichen.",
  Shown: "Gezeigt",
  "In your theme": "In Ihrem Theme",
  "Not added yet": "Noch nicht hinzugefügt",
  "Open the theme editor": "Theme-Editor öffnen",
  "Add to the theme": "Zum Theme hinzufügen",
  "Open the theme editor: {name}": "Theme-Editor öffnen: {name}",
  "Add to the theme: {name}": "Zum Theme hinzufügen: {name}",
  "A list has 1 to 24 products.": "Eine Liste hat 1 bis 24 Produkte.",
  "At least one product of a vendor has to be allowed.": "Mindestens ein Produkt eines Anbieters muss erlaubt sein.",
  "At least one product of a type has to be allowed.": "Mindestens ein Produkt eines Typs muss erlaubt sein.",
  "A price is a number, 0 or more.": "Ein Preis ist eine Zahl, 0 oder mehr.",
  "The confidence is from 50 to 99%.": "Die Sicherheit liegt zwischen 50 und 99 %.",
  "New products are tried out in 0 to 10% of the places.":
    "Neue Produkte werden auf 0 bis 10 % der Plätze ausprobiert.",
  "0 to 50% of the people can be held out.": "0 bis 50 % der Personen können in der Kontrollgruppe sein.",
  "The form was incomplete. Reload the page and try again.":
    "Das Formular war unvollständig. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
  "The price to is below the price from: no product could be shown.":
    "Der Preis bis liegt unter dem Preis von: Es könnte kein Produkt gezeigt werden.",
} as const;
