/** Segments, from the list to the explanation. */
export const segments = {
  "There is no such segment": "Dieses Segment gibt es nicht",
  "It may have been removed, and can then be restored from the list of segments; or the link is mistyped.":
    "Vielleicht wurde es entfernt, dann können Sie es aus der Liste der Segmente wiederherstellen; oder der Link ist falsch geschrieben.",
  "It was deleted, or the link is mistyped.": "Es wurde gelöscht, oder der Link ist falsch geschrieben.",
  "All segments": "Alle Segmente",
  "Say first what is to become of its lists.": "Sagen Sie zuerst, was aus seinen Listen werden soll.",

  "By {author}, {when}": "Von {author}, {when}",
  "{count} person still to leave": "{count} Person muss noch austreten",
  "{count} people still to leave": "{count} Personen müssen noch austreten",
  "{destination}: the list is empty": "{destination}: Die Liste ist leer",
  "{destination}: the list is empty, {leaving} still to be taken off":
    "{destination}: Die Liste ist leer, noch herunterzunehmen: {leaving}",
  "{destination}: the list keeps {count} person": "{destination}: Auf der Liste bleibt {count} Person",
  "{destination}: the list keeps {count} people": "{destination}: Auf der Liste bleiben {count} Personen",
  "{destination}: the list keeps {count} person, {leaving} still to be taken off":
    "{destination}: Auf der Liste bleibt {count} Person, noch herunterzunehmen: {leaving}",
  "{destination}: the list keeps {count} people, {leaving} still to be taken off":
    "{destination}: Auf der Liste bleiben {count} Personen, noch herunterzunehmen: {leaving}",
  "Its automation comes back with it, and run for nobody who is only back":
    "Seine Automatisierung kommt mit ihm zurück und läuft für niemanden, der nur wieder da ist",
  "Its {count} automations come back with it, and run for nobody who is only back":
    "Seine {count} Automatisierungen kommen mit ihm zurück und laufen für niemanden, der nur wieder da ist",
  "Its automation comes back with it, and run for nobody who is only back; {waiting} still to be sent":
    "Seine Automatisierung kommt mit ihm zurück und läuft für niemanden, der nur wieder da ist; noch zu senden: {waiting}",
  "Its {count} automations come back with it, and run for nobody who is only back; {waiting} still to be sent":
    "Seine {count} Automatisierungen kommen mit ihm zurück und laufen für niemanden, der nur wieder da ist; noch zu senden: {waiting}",
  "Review: {count}": "Prüfen: {count}",
  "{destination}: paused": "{destination}: pausiert",
  "{destination}: {count} to send": "{destination}: {count} zu senden",
  "Being decided": "Wird ermittelt",
  "Being decided: {share} %": "Wird ermittelt: {share} %",
  "Exact now": "Jetzt genau",
  "Exact as of {at}": "Genau, Stand {at}",
  "Its rule is being decided for everybody: {done} of {total} customers so far":
    "Seine Regel wird für alle ermittelt: bisher {done} von {total} Kunden",
  "A segment its rule asks for is being decided for everybody":
    "Ein Segment, nach dem seine Regel fragt, wird für alle ermittelt",
  "{count} message from your shop is still to be read": "{count} Nachricht aus Ihrem Shop ist noch zu lesen",
  "{count} messages from your shop are still to be read": "{count} Nachrichten aus Ihrem Shop sind noch zu lesen",
  "{count} browser or name is being looked up: whose it is":
    "Bei {count} Browser oder Namen wird nachgesehen, wem er gehört",
  "{count} browsers and names are being looked up: whose they are":
    "Bei {count} Browsern und Namen wird nachgesehen, wem sie gehören",
  "{count} customer waits to be decided anew": "{count} Kunde wartet darauf, neu ermittelt zu werden",
  "{count} customers wait to be decided anew": "{count} Kunden warten darauf, neu ermittelt zu werden",
  "{count} customer is late in changing by time": "{count} Kunde wechselt verspätet durch Zeitablauf",
  "{count} customers are late in changing by time": "{count} Kunden wechseln verspätet durch Zeitablauf",
} as const;
