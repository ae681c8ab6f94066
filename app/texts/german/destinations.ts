/** Platforms, audiences and their log. */
export const destinations = {
  "{count} call": "{count} Aufruf",
  "{count} calls": "{count} Aufrufe",
  "{calls}: {segment}": "{calls}: {segment}",
  "Out of time for look-ups": "Die Zeit für Nachfragen war um",
  "Segments become audiences at the platforms you connect and stay equal to them. Nobody's consent is changed there.":
    "Aus Segmenten werden Zielgruppen auf den Plattformen, die Sie verbinden, und beide bleiben gleich. Dort wird niemandes Einwilligung geändert.",
  Connecting: "Wird verbunden",
  "Nothing was connected": "Es wurde nichts verbunden",
  "The permission was not given at {name}.": "Bei {name} wurde die Erlaubnis nicht erteilt.",
  "Not connected": "Nicht verbunden",
  Connected: "Verbunden",
  "Being disconnected": "Wird getrennt",
  "{name} is paused": "{name} ist pausiert",
  "{reason} Nothing is lost: it goes on by itself once that is mended.":
    "{reason} Es geht nichts verloren: Sobald das behoben ist, geht es von selbst weiter.",
  "{reason} Nothing is lost: it goes on by itself once that is mended at {name}, or once the account is connected here again.":
    "{reason} Es geht nichts verloren: Sobald das bei {name} behoben oder das Konto hier erneut verbunden ist, geht es von selbst weiter.",
  "{reason} Nothing is lost: mend it at {name}, and it goes on by itself within the hour.":
    "{reason} Es geht nichts verloren: Beheben Sie es bei {name}, dann geht es innerhalb einer Stunde von selbst weiter.",
  "{reason} Nothing is lost: mend it at {name}, and it goes on by itself within the hour, or connect it again under Destinations.":
    "{reason} Es geht nichts verloren: Beheben Sie es bei {name}, dann geht es innerhalb einer Stunde von selbst weiter, oder verbinden Sie es unter „Ziele“ erneut.",
  "Connected to {account}": "Mit {account} verbunden",
  "Choose segments": "Segmente auswählen",
  "See its audiences": "Zielgruppen ansehen",
  "The address alone.": "Nur die Adresse.",
  "The address and {count} field.": "Die Adresse und {count} Feld.",
  "The address and {count} fields.": "Die Adresse und {count} Felder.",
  "Its audiences go on where they stopped. What changed meanwhile is being sent.":
    "Die Zielgruppen gehen dort weiter, wo sie stehen geblieben sind. Was sich inzwischen geändert hat, wird gesendet.",
  "Connect it again": "Erneut verbinden",
  "Nothing is sent before you have chosen what.": "Es wird nichts gesendet, bevor Sie ausgewählt haben, was.",
  "The secret that messages are signed with": "Der Schlüssel, mit dem Nachrichten signiert werden",
  Secret: "Schlüssel",
  "Give it to your system now: it is shown this once. Messages are signed as Standard Webhooks has it.":
    "Geben Sie ihn jetzt Ihrem System: Er wird nur dieses eine Mal gezeigt. Nachrichten werden nach Standard Webhooks signiert.",
  "{name} account": "{name}-Konto",
  Manage: "Verwalten",
  "Manage {name}": "{name} verwalten",
  "Connect it again, or another account": "Erneut verbinden, oder ein weiteres Konto",
  "Connect another account": "Weiteres Konto verbinden",
  "Connect another address": "Weitere Adresse verbinden",
  "{name} asks you to permit it, and brings you back here. You can withdraw it at {name} at any time.":
    "{name} bittet Sie um Ihre Erlaubnis und bringt Sie hierher zurück. Sie können sie bei {name} jederzeit widerrufen.",
  "Connect with {name}": "Über {name} verbinden",
  "Connect with a key": "Mit einem Schlüssel verbinden",
  "Connect {name}": "{name} verbinden",
  "Use this one": "Diese verwenden",
  "Klaviyo Private API key": "Privater API-Schlüssel von Klaviyo",
  "Mailchimp API key": "API-Schlüssel von Mailchimp",
  "Webhook address": "Webhook-Adresse",
  "At Klaviyo: Settings, API keys, Create private key, with full access to accounts, data privacy, events, lists, metrics, profiles, subscriptions and webhooks.":
    "Bei Klaviyo: Settings, API keys, Create private key, mit vollem Zugriff auf Accounts, Data Privacy, Events, Lists, Metrics, Profiles, Subscriptions und Webhooks.",
  "At Mailchimp: Account & billing, Extras, API keys, Create a key.":
    "Bei Mailchimp: Account & billing, Extras, API keys, Create a key.",
  "Of a system of your own, beginning with https://. You are then shown the secret that every message is signed with.":
    "Von einem eigenen System, beginnend mit https://. Danach sehen Sie den Schlüssel, mit dem jede Nachricht signiert wird.",
  "Mailchimp audience": "Mailchimp-Zielgruppe",
  "Segments become tags in this audience.": "Aus Segmenten werden Tags in dieser Zielgruppe.",

  "Paste the key first.": "Fügen Sie zuerst den Schlüssel ein.",
  "A key is shorter than this.": "Ein Schlüssel ist kürzer als das.",
  "It is connected by a key here.": "Hier wird es mit einem Schlüssel verbunden.",
  "That took too long. Connect once more.": "Das hat zu lange gedauert. Verbinden Sie noch einmal.",
  "This link has been used or is too old. Open Muster in Shopify and connect once more.":
    "Dieser Link wurde schon benutzt oder ist zu alt. Öffnen Sie Muster in Shopify und verbinden Sie noch einmal.",
  "{reason} Nothing was changed; try again in a minute.":
    "{reason} Es wurde nichts geändert; versuchen Sie es in einer Minute noch einmal.",
  "The permission came too late or twice. Begin once more.":
    "Die Erlaubnis kam zu spät oder doppelt. Beginnen Sie noch einmal.",
  "This address is connected already. Its page gives it another secret.":
    "Diese Adresse ist schon verbunden. Auf ihrer Seite bekommt sie einen anderen Schlüssel.",
  "There is no such kind of destination.": "Diese Art von Ziel gibt es nicht.",
  "This is no Klaviyo private key: it starts with pk_ and has letters and digits only.":
    "Das ist kein privater Schlüssel von Klaviyo: Er beginnt mit pk_ und hat nur Buchstaben und Ziffern.",
  "The key is missing.": "Der Schlüssel fehlt.",
  "This is no Mailchimp key: it ends in its data centre, as in -us19.":
    "Das ist kein Schlüssel von Mailchimp: Er endet mit seinem Rechenzentrum, wie in -us19.",
  "This is no Mailchimp key.": "Das ist kein Schlüssel von Mailchimp.",
  "This is not an address. It has to look like https://example.com/audiences.":
    "Das ist keine Adresse. Sie muss aussehen wie https://example.com/audiences.",
  "The account has no audience yet. Create one at Mailchimp first.":
    "Das Konto hat noch keine Zielgruppe. Erstellen Sie zuerst eine bei Mailchimp.",
  "The connection is incomplete.": "Die Verbindung ist unvollständig.",

  "your system": "Ihr System",
  "This connection is being disconnected": "Diese Verbindung wird getrennt",
  "It disappears from here once the last of its audiences is dealt with at {name}.":
    "Sie verschwindet von hier, sobald bei {name} die letzte ihrer Zielgruppen erledigt ist.",
  "Every segment has an audience": "Jedes Segment hat eine Zielgruppe",
  "The segments you choose have an audience": "Die Segmente, die Sie auswählen, haben eine Zielgruppe",
  "A segment you publish later gets one too.": "Ein Segment, das Sie später veröffentlichen, bekommt auch eine.",
  "Choose below, or keep one for every segment, later ones too.":
    "Wählen Sie unten aus, oder halten Sie eine für jedes Segment, auch für spätere.",
  "Let me choose": "Selbst auswählen",
  "Keep every segment": "Für jedes Segment",
  "It hears of everybody who unsubscribes anywhere.": "Es erfährt von allen, die sich irgendwo abmelden.",
  "Who unsubscribes at {name} is out of every audience within seconds.":
    "Wer sich bei {name} abmeldet, ist innerhalb von Sekunden aus jeder Zielgruppe heraus.",
  "Who unsubscribes at {name} is out of every audience within five minutes.":
    "Wer sich bei {name} abmeldet, ist innerhalb von fünf Minuten aus jeder Zielgruppe heraus.",
  "Text messages and WhatsApp that somebody ends in your shop end at {name} too. Text messages that they end there end in your shop; of WhatsApp, {name} does not tell.":
    "SMS und WhatsApp, die jemand in Ihrem Shop abbestellt, enden auch bei {name}. SMS, die dort abbestellt werden, enden in Ihrem Shop; von WhatsApp meldet {name} es nicht.",
  Disconnect: "Trennen",
  "Disconnect {name}": "{name} trennen",
  "Disconnect {name}?": "{name} trennen?",
  "This connection is not there any more": "Diese Verbindung gibt es nicht mehr",
  "It was disconnected, or the link is mistyped.": "Sie wurde getrennt, oder der Link ist falsch geschrieben.",

  "{acked} of {members} in the audience": "{acked} von {members} in der Zielgruppe",
  "{count} would be added": "{count} würden hinzugefügt",
  "{count} would be removed: in the list now and not in the segment":
    "{count} würden entfernt: jetzt in der Liste und nicht im Segment",
  "Reading who is in the list now": "Es wird gelesen, wer jetzt in der Liste ist",
  "{count} would be left out": "{count} würden ausgelassen",
  "{count} people left the segment and would leave the audience: more than you allowed within a day. They stay until you agree. Withdrawn consent is never held up.":
    "{count} Personen haben das Segment verlassen und würden die Zielgruppe verlassen: mehr, als Sie an einem Tag erlaubt haben. Sie bleiben, bis Sie zustimmen. Widerrufene Einwilligung wird nie aufgehalten.",
  "It cannot be kept": "Sie kann nicht gehalten werden",
  "Being given up": "Wird aufgegeben",
  "Being counted": "Wird gezählt",
  "Waits for you": "Wartet auf Sie",
  "Removals held": "Entfernen angehalten",
  "Warming up, {count} to send": "Läuft langsam an, {count} zu senden",
  "In step": "Gleich",
  "{count} to send": "{count} zu senden",
  "No audience here": "Hier keine Zielgruppe",
  "Many would leave": "Viele würden gehen",
  "Remove them": "Entfernen",
  "This audience is paused": "Diese Zielgruppe ist pausiert",
  "Make it anew": "Neu anlegen",
  Change: "Ändern",
  "Change {name}": "{name} ändern",
  "Set up": "Einrichten",
  "Set up {name}": "{name} einrichten",
  "Give up": "Aufgeben",
  "Give up {name}": "{name} aufgeben",
  "Give up the audience {name}?": "Zielgruppe {name} aufgeben?",
  "Nothing has been sent yet": "Es wurde noch nichts gesendet",
  "Warm up": "Langsam anlaufen",
  "500 people at once, then twice as many every five minutes: a mistake shows before everybody is in.":
    "500 Personen auf einmal, dann alle fünf Minuten doppelt so viele: Ein Fehler zeigt sich, bevor alle darin sind.",
  Start: "Starten",

  "It is kept in a list that was there before. To use another list, give it up first.":
    "Sie wird in einer Liste gehalten, die es schon gab. Um eine andere Liste zu verwenden, geben Sie sie zuerst auf.",
  "It is kept in a list of its own. To use another list, give it up first.":
    "Sie wird in einer eigenen Liste gehalten. Um eine andere Liste zu verwenden, geben Sie sie zuerst auf.",
  "A new list is made for it, named after the segment.":
    "Dafür wird eine neue Liste angelegt, die wie das Segment heißt.",
  "Use a list that is there": "Vorhandene Liste verwenden",
  List: "Liste",
  "A new one": "Eine neue",
  "Whoever is in a list that is there and not in the segment leaves it once you start; you see how many before.":
    "Wer in einer vorhandenen Liste und nicht im Segment ist, verlässt sie, sobald Sie starten; Sie sehen vorher, wie viele.",
  "Also people who have neither subscribed nor unsubscribed":
    "Auch Personen, die sich weder angemeldet noch abgemeldet haben",
  "They are put in without being subscribed: they count, and get no marketing. Who unsubscribed is never put in.":
    "Sie kommen hinein, ohne angemeldet zu werden: Sie zählen mit und bekommen kein Marketing. Wer sich abgemeldet hat, kommt nie hinein.",
  "What goes along": "Was mitgegeben wird",
  "For example {samples}": "Zum Beispiel {samples}",
  "Nobody has a value yet": "Noch hat niemand einen Wert",
  "Field for {label}": "Feld für {label}",
  "Ask me before more than this share leaves within a day":
    "Mich fragen, bevor an einem Tag mehr als dieser Anteil geht",
  "Empty: never ask. Withdrawn consent and deleted customers always leave at once.":
    "Leer: nie fragen. Widerrufene Einwilligungen und gelöschte Kunden gehen immer sofort.",
  "Count first": "Zuerst zählen",
  "The share is a number.": "Der Anteil ist eine Zahl.",
  "The share is 1 to 100 per cent.": "Der Anteil ist 1 bis 100 Prozent.",
  "Day of the first order": "Tag der ersten Bestellung",
  "Day of the last order": "Tag der letzten Bestellung",
  "Day last seen": "Tag des letzten Besuchs",
  "Recommended product {place}: number in Shopify": "Empfohlenes Produkt {place}: Nummer in Shopify",
  "Recommended product {place}: title": "Empfohlenes Produkt {place}: Titel",
  "Recommended product {place}: address": "Empfohlenes Produkt {place}: Adresse",
  "Recommended product {place}: picture": "Empfohlenes Produkt {place}: Bild",
  "Recommended product {place}: price": "Empfohlenes Produkt {place}: Preis",
  "An empty name": "Ein leerer Name",
  "{field} is no property name: letters, digits, spaces and underscores.":
    "{field} ist kein Name einer Eigenschaft: Buchstaben, Ziffern, Leerzeichen und Unterstriche.",
  "{field} is no name: letters, digits and underscores.":
    "{field} ist kein Name: Buchstaben, Ziffern und Unterstriche.",
  "{field} is no merge tag: up to ten capital letters, digits and underscores.":
    "{field} ist kein Merge-Tag: bis zu zehn Großbuchstaben, Ziffern und Unterstriche.",
  "{field} is one of Mailchimp's own merge tags.": "{field} ist einer von Mailchimps eigenen Merge-Tags.",
  "Two traits go into {field}. Give one of them another name.":
    "Zwei Merkmale gehen nach {field}. Geben Sie einem davon einen anderen Namen.",

  "What becomes of the list": "Was aus der Liste wird",
  "Leave the list as it is": "Liste lassen, wie sie ist",
  "Muster forgets it. Whoever is in now stays in, and nobody's consent changes what is there.":
    "Muster vergisst sie. Wer jetzt darin ist, bleibt darin, und niemandes Einwilligung ändert noch etwas daran.",
  "Take everybody off the list": "Alle von der Liste nehmen",
  "The list stays, empty, with everything at {name} that uses it.":
    "Die Liste bleibt, leer, mit allem, was sie bei {name} verwendet.",
  "Delete the list at {name}": "Liste bei {name} löschen",
  "What uses it there stops working. The people stay at {name}. This cannot be undone.":
    "Was sie dort verwendet, funktioniert nicht mehr. Die Personen bleiben bei {name}. Das lässt sich nicht rückgängig machen.",
  "What becomes of the lists": "Was aus den Listen wird",
  "Leave the lists as they are": "Listen lassen, wie sie sind",
  "Muster forgets them. Whoever is in now stays in, and nobody's consent changes what is there.":
    "Muster vergisst sie. Wer jetzt darin ist, bleibt darin, und niemandes Einwilligung ändert noch etwas daran.",
  "Take everybody off the lists": "Alle von den Listen nehmen",
  "The lists stay, empty, with everything at {name} that uses them.":
    "Die Listen bleiben, leer, mit allem, was sie bei {name} verwendet.",
  "Delete the lists at {name}": "Listen bei {name} löschen",
  "What uses them there stops working. The people stay at {name}. This cannot be undone.":
    "Was sie dort verwendet, funktioniert nicht mehr. Die Personen bleiben bei {name}. Das lässt sich nicht rückgängig machen.",

  "It has changed meanwhile. This page shows how it is now.":
    "Es hat sich inzwischen geändert. Diese Seite zeigt, wie es jetzt ist.",
  "Saved.": "Gespeichert.",
  "Saved. What changed is being sent.": "Gespeichert. Was sich geändert hat, wird gesendet.",
  "Have a look at the figures, then start it.": "Sehen Sie sich die Zahlen an, und starten Sie dann.",
  "Started.": "Gestartet.",
  "They are being removed.": "Sie werden entfernt.",
  "It is being made anew.": "Sie wird neu angelegt.",
  "It takes no events.": "Es nimmt keine Ereignisse an.",
  "No more events are sent.": "Es werden keine Ereignisse mehr gesendet.",
  "From now on each entry and exit is sent as an event.":
    "Ab jetzt wird jeder Eintritt und Austritt als Ereignis gesendet.",
  "Confirm that the consent you ask for covers it.":
    "Bestätigen Sie, dass die Einwilligung, um die Sie bitten, das abdeckt.",
  "Newer consent subscribes people again from now on. Those of before are being looked through.":
    "Ab jetzt meldet neuere Einwilligung Personen wieder an. Die von vorher werden durchgesehen.",
  "Nobody is subscribed by Muster any more.": "Muster meldet niemanden mehr an.",
  "The connection is paused, so nothing can be changed there. Leave the lists as they are, or mend it first.":
    "Die Verbindung ist pausiert, deshalb lässt sich dort nichts ändern. Lassen Sie die Listen, wie sie sind, oder beheben Sie es zuerst.",
  "Its key is changed at the platform, and then given under Destinations.":
    "Der Schlüssel wird auf der Plattform geändert und dann unter „Ziele“ eingegeben.",
  "Forgotten here. The list stays at the platform as it is.":
    "Hier vergessen. Die Liste bleibt auf der Plattform, wie sie ist.",
  "Everybody is being taken off the list, which stays.": "Alle werden von der Liste genommen; sie selbst bleibt.",
  "The list is being deleted. The people stay at the platform.":
    "Die Liste wird gelöscht. Die Personen bleiben auf der Plattform.",
  "The platform answered {status}.": "Die Plattform hat mit {status} geantwortet.",

  "Entries and exits are sent as events": "Eintritte und Austritte werden als Ereignisse gesendet",
  "Entries and exits are not sent as events": "Eintritte und Austritte werden nicht als Ereignisse gesendet",
  "{waiting} A flow at {name} can start with “Entered Muster Segment” or “Left Muster Segment”.":
    "{waiting} Ein Flow bei {name} kann mit „Entered Muster Segment“ oder „Left Muster Segment“ starten.",
  "Sent, each is an event on the person at {name} that a flow can start with. Whoever is in now is told as history, which starts no flow, and so is everything older than a day or due to a changed rule.":
    "Gesendet ist jeder davon ein Ereignis der Person bei {name}, mit dem ein Flow starten kann. Wer jetzt darin ist, wird als Vorgeschichte gemeldet, die keinen Flow startet, ebenso alles, was älter als ein Tag ist oder von einer geänderten Regel kommt.",
  "It is being compared.": "Sie wird verglichen.",
  "{members} in the segment, {audience} in the list": "{members} im Segment, {audience} in der Liste",
  "they are equal, but for the exceptions": "beides ist gleich, bis auf die Ausnahmen",
  "{count} missing": "{count} fehlen",
  "{count} too many": "{count} zu viel",
  "{count} put right": "{count} berichtigt",
  "Compare now": "Jetzt vergleichen",
  "Compare now: {name}": "Jetzt vergleichen: {name}",
  "Being compared": "Wird verglichen",
  "A field that you take out is emptied there for everybody who is in the audience.":
    "Ein Feld, das Sie herausnehmen, wird dort bei allen geleert, die in der Zielgruppe sind.",
  "Every comparison": "Alle Vergleiche",
  "Every comparison: {name}": "Alle Vergleiche: {name}",
  "Comparisons: {segment}": "Vergleiche: {segment}",
  "Download who differed on {when}": "Herunterladen, wer am {when} abwich",
  "This audience is not there any more": "Diese Zielgruppe gibt es nicht mehr",
  "It was given up, or the link is mistyped.": "Sie wurde aufgegeben, oder der Link ist falsch geschrieben.",
  "Download who is not in it": "Herunterladen, wer fehlt",
  "Download who is not in it: {name}": "Herunterladen, wer fehlt: {name}",
  "This link has expired. Open the connection in Shopify again.":
    "Dieser Link ist abgelaufen. Öffnen Sie die Verbindung in Shopify noch einmal.",

  "All are sent.": "Alle sind gesendet.",
  "{count} wait to be sent.": "{count} warten darauf, gesendet zu werden.",
  "Stop sending": "Nicht mehr senden",
  "Send events": "Ereignisse senden",
  "The key lacks the permission to write events, so they wait. Give one with full access to events under Destinations.":
    "Dem Schlüssel fehlt die Berechtigung, Ereignisse zu schreiben, deshalb warten sie. Geben Sie unter „Ziele“ einen mit vollem Zugriff auf Ereignisse ein.",

  "Consent sync is on": "Der Abgleich von Einwilligungen ist an",
  "Consent sync is off": "Der Abgleich von Einwilligungen ist aus",
  "Whoever unsubscribed somewhere and later subscribed again, on record, is subscribed again everywhere. It holds for all your platforms.":
    "Wer sich irgendwo abgemeldet und später nachweislich wieder angemeldet hat, wird überall wieder angemeldet. Das gilt für alle Ihre Plattformen.",
  "Muster subscribes nobody. Whoever unsubscribed at {name} stays out of every audience until they subscribe there again, even if they have subscribed again in your shop.":
    "Muster meldet niemanden an. Wer sich bei {name} abgemeldet hat, bleibt aus jeder Zielgruppe heraus, bis er sich dort wieder anmeldet, auch wenn er sich in Ihrem Shop wieder angemeldet hat.",
  "Switch on": "Einschalten",
  "Switch off": "Ausschalten",
  "Let newer consent subscribe people again?": "Personen durch neuere Einwilligung wieder anmelden?",
  "Muster then subscribes people, which it never does otherwise. It does so only for those who:":
    "Muster meldet dann Personen an, was es sonst nie tut. Es tut das nur bei denen, die:",
  "unsubscribed in your shop or at one of your platforms,":
    "sich in Ihrem Shop oder auf einer Ihrer Plattformen abgemeldet haben,",
  "subscribed again at another of these, later than every unsubscribe, and":
    "sich an einer anderen dieser Stellen wieder angemeldet haben, später als jede Abmeldung, und",
  "did so in a way that is on record: single or confirmed opt-in, with its time.":
    "das nachweislich getan haben: mit einfachem oder bestätigtem Opt-in und dessen Zeitpunkt.",
  "They are subscribed again wherever their unsubscribe still stands, those from before today too. Bounces and complaints stand for good. Switching it off unsubscribes nobody again.":
    "Sie werden überall wieder angemeldet, wo ihre Abmeldung noch gilt, auch die von vor heute. Unzustellbare Adressen und Beschwerden gelten auf Dauer. Das Ausschalten meldet niemanden wieder ab.",
  "The consent my shop and my platforms ask for covers e-mails from all of them":
    "Die Einwilligung, um die mein Shop und meine Plattformen bitten, deckt E-Mails von ihnen allen ab",
  "Switch on for all platforms": "Für alle Plattformen einschalten",

  "Send a sample": "Probe senden",
  "A made-up person goes into a list of their own at {name}, is read back and removed again, with the list. Nobody is subscribed and nothing is sent to the address.":
    "Eine erfundene Person kommt bei {name} in eine eigene Liste, wird zurückgelesen und mit der Liste wieder entfernt. Niemand wird angemeldet, und an die Adresse wird nichts gesendet.",
  "An address of your own": "Eine eigene Adresse",
  "A part is added to it, so that no customer is meant.":
    "Ihr wird ein Teil hinzugefügt, damit kein Kunde gemeint ist.",
  Send: "Senden",
  "Make a list": "Liste anlegen",
  "Add the person": "Person hinzufügen",
  "Read the list": "Liste lesen",
  "Remove the person": "Person entfernen",
  "Delete everything": "Alles löschen",
  "This is no e-mail address.": "Das ist keine E-Mail-Adresse.",
  "The list does not show the person": "Die Liste zeigt die Person nicht",
  "It answered: {outcome}": "Die Antwort war: {outcome}",
  "Every message is signed with it. After a change the old one signs too for a day.":
    "Jede Nachricht wird damit signiert. Nach einem Wechsel signiert einen Tag lang auch der alte.",
  "Change the secret": "Schlüssel wechseln",
  "The new secret": "Der neue Schlüssel",
  "Give it to your system within a day: it is shown this once.":
    "Geben Sie ihn innerhalb eines Tages Ihrem System: Er wird nur dieses eine Mal gezeigt.",

  "What was sent to {name}": "Was an {name} gesendet wurde",
  "A request id, a segment, a customer id, or a word such as “refused” or “again”.":
    "Eine Anfragenummer, ein Segment, eine Kunden-ID oder ein Wort wie „abgelehnt“ oder „erneut“.",
  "Nothing that was sent has to do with {query}.": "Nichts von dem, was gesendet wurde, hat mit {query} zu tun.",
  "{count} added or updated": "{count} hinzugefügt oder aktualisiert",
  "{count} removed": "{count} entfernt",
  "{count} refused": "{count} abgelehnt",
  "{count} to be sent again": "{count} erneut zu senden",
  "Nobody changed": "Niemand hat sich geändert",
  "no answer": "keine Antwort",
  "Customer {id}: {outcome}": "Kunde {id}: {outcome}",
  added: "hinzugefügt",
  updated: "aktualisiert",
  removed: "entfernt",
  "refused: {reason}": "abgelehnt: {reason}",
  "not sent: {reason}": "nicht gesendet: {reason}",
  "addition not answered, sent again": "Hinzufügen nicht beantwortet, erneut gesendet",
  "removal not answered, sent again": "Entfernen nicht beantwortet, erneut gesendet",
  "malformed address": "fehlerhafte Adresse",
  "contact archived": "Kontakt archiviert",
  "member in compliance state": "Kontakt darf nur selbst zurückkommen",
  "forgotten email not subscribed": "Kontakt wurde endgültig gelöscht",

  "No reason was given": "Ein Grund wurde nicht angegeben",
  "The audience does not exist any more": "Die Zielgruppe gibt es nicht mehr",
  "It was disconnected": "Es wurde getrennt",
  "The connection was given a key meanwhile": "Die Verbindung hat inzwischen einen Schlüssel bekommen",
  "Another process is renewing the access": "Der Zugriff wird gerade erneuert",
  "Waiting for the rate limit": "Die Plattform lässt derzeit nicht mehr Aufrufe zu",
  "The receiver was not reached: {reason}": "Der Empfänger wurde nicht erreicht: {reason}",
  "The receiver answered {status}": "Der Empfänger hat mit {status} geantwortet",
  "The receiver answered with a web page": "Der Empfänger hat mit einer Webseite geantwortet",
  "The receiver answered with an unexpected body": "Der Empfänger hat mit unerwartetem Inhalt geantwortet",
  "The receiver does not accept the key that messages are signed with":
    "Der Empfänger nimmt den Schlüssel nicht an, mit dem Nachrichten signiert werden",
  "The receiver wants nothing any more (410)": "Der Empfänger will nichts mehr (410)",
  "Nothing answers at this address (404)": "Unter dieser Adresse antwortet nichts (404)",
  "The receiver sent us elsewhere, and redirects are not followed":
    "Der Empfänger hat uns weitergeleitet, und Weiterleitungen wird nicht gefolgt",
  "The audience was deleted at the receiver": "Die Zielgruppe wurde beim Empfänger gelöscht",
  "The list was deleted at Klaviyo": "Die Liste wurde bei Klaviyo gelöscht",
  "The tag was deleted at Mailchimp": "Der Tag wurde bei Mailchimp gelöscht",
  "There is no such audience in the Mailchimp account": "Im Mailchimp-Konto gibt es diese Zielgruppe nicht",
  "Klaviyo does not know this app: its client id or secret is wrong":
    "Klaviyo kennt diese App nicht: Ihre Client-ID oder ihr Schlüssel ist falsch",
  "Mailchimp does not know this app: its client id or secret is wrong":
    "Mailchimp kennt diese App nicht: Ihre Client-ID oder ihr Schlüssel ist falsch",
  "The permission was withdrawn at Klaviyo. Connect it again under Destinations":
    "Die Erlaubnis wurde bei Klaviyo widerrufen. Verbinden Sie es unter „Ziele“ erneut",
  "The permission was withdrawn at Mailchimp. Connect it again under Destinations":
    "Die Erlaubnis wurde bei Mailchimp widerrufen. Verbinden Sie es unter „Ziele“ erneut",
  "Klaviyo was connected by an app that is not set up here any more":
    "Klaviyo wurde durch eine App verbunden, die hier nicht mehr eingerichtet ist",
  "The contact was archived at Mailchimp; bringing it back would decide over its consent.":
    "Der Kontakt wurde bei Mailchimp archiviert; ihn zurückzuholen würde über seine Einwilligung entscheiden.",
  "The key lacks the permission {permission} at Klaviyo":
    "Dem Schlüssel fehlt bei Klaviyo die Berechtigung {permission}",
  "The merge field {field} is of type {type} at Mailchimp; {label} needs one of type {needed}":
    "Das Merge-Feld {field} hat bei Mailchimp den Typ {type}; {label} braucht eines vom Typ {needed}",
  "Mailchimp will not have the merge field {field}: an audience has 30 of them on most plans":
    "Mailchimp lehnt das Merge-Feld {field} ab: Eine Zielgruppe hat in den meisten Tarifen 30 davon",
  "The audience could not be created (HTTP {status})": "Die Zielgruppe konnte nicht erstellt werden (HTTP {status})",
  "Refused with HTTP {status}": "Abgelehnt mit HTTP {status}",
  "{vendor} does not accept the key": "{vendor} nimmt den Schlüssel nicht an",
  "The key lacks a permission at {vendor}": "Dem Schlüssel fehlt bei {vendor} eine Berechtigung",
  "{vendor} has retired the version of its interface that is used here":
    "{vendor} hat die Version seiner Schnittstelle abgeschaltet, die hier verwendet wird",
  "{vendor} answered {status} with an unexpected body": "{vendor} hat mit {status} und unerwartetem Inhalt geantwortet",
  "{vendor} answered {status}": "{vendor} hat mit {status} geantwortet",
  "{vendor} could not be reached: {trouble}": "{vendor} war nicht erreichbar: {trouble}",
  SMS: "SMS",
  WhatsApp: "WhatsApp",
  "It has not been compared yet": "Sie wurde noch nicht verglichen",
  "A comparison reads the list of the platform and names everybody who differs from the segment.":
    "Ein Vergleich liest die Liste der Plattform und nennt alle, die vom Segment abweichen.",
  "comparison|one of several": "Vergleich",
  "comparisons|several": "Vergleiche",
  "Compared|when": "Verglichen",
  "In the list": "In der Liste",
  "Found|by a comparison": "Ergebnis",
  "Who differed": "Wer abwich",
  "What is sent stands here, pass by pass, with what became of everybody in it.":
    "Was gesendet wird, steht hier, Durchgang für Durchgang, mit dem, was aus jedem darin wurde.",
  "pass|one of several": "Durchgang",
  "passes|several": "Durchgänge",
  "Calls of the platform": "Aufrufe der Plattform",
  "Pages of the log": "Seiten des Protokolls",
  "No address is kept here; people are named by their Shopify ids. Settings say for how long.":
    "Hier steht keine Adresse; Personen stehen mit ihrer Shopify-Nummer. Wie lange, sagen die Einstellungen.",
  "Each names up to 5,000 people for every reason. Settings say how long they are kept.":
    "Jeder nennt zu jedem Grund bis zu 5.000 Personen. Wie lange sie aufbewahrt werden, sagen die Einstellungen.",
} as const;
